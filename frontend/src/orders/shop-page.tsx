import { SegmentedControl, Stack } from '@mantine/core';
import { isProblem } from '@g-store/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { useConfig } from '../app/config.js';
import { useAnnounce } from '../design/announce.js';
import { Money } from '../design/amount.js';
import { fieldErrors } from '../design/field-errors.js';
import { Notice } from '../design/notice.js';
import { QueryView } from '../design/query-view.js';
import { Screen } from '../design/screen.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { usePlaceOrder } from './actions.js';
import {
  basketLike,
  emptyBasket,
  linesOf,
  mostPoints,
  orderOfAmount,
  orderOfItems,
  plainAmount,
  sumOf,
  withQuantity,
} from './basket.js';
import { PlainAmount } from './plain-amount.js';
import { catalogueQuery, orderQuery } from './queries.js';
import { Shelves } from './shelves.js';
import classes from './shop-page.module.css';
import { Summary } from './summary.js';
import { useBasket } from './use-basket.js';

const route = getRouteApi('/');

export function ShopPage() {
  const { texts } = useWords();
  const shop = useShop();
  const { currency } = useConfig();
  const { plain = false, again } = route.useSearch();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const client = useQueryClient();
  const [basket, setBasket] = useBasket();
  const [points, setPoints] = useState(0n);
  const catalogue = useQuery(catalogueQuery(shop));
  const former = useQuery({ ...orderQuery(shop, again ?? ''), enabled: again !== undefined });

  useEffect(() => {
    if (former.data === undefined) return;
    const like = basketLike(former.data.data);
    setBasket(like);
    void navigate({ to: '/', search: like.amount === '' ? {} : { plain: true }, replace: true });
  }, [former.data, setBasket, navigate]);

  const place = usePlaceOrder((orderId) => {
    announce(texts.catalogue.placed);
    setBasket(emptyBasket);
    void navigate({ to: '/orders/$orderId', params: { orderId } });
  });
  const lines = plain ? [] : linesOf(basket, catalogue.data ?? []);
  const total = plain ? plainAmount(basket) : sumOf(lines);
  const spent = mostPoints(Number(points), total);
  const submit = () => {
    if (total === 0n || place.isPending) return;
    place.mutate(plain ? orderOfAmount(total, basket.description, spent) : orderOfItems(lines, spent));
  };
  const priceChanged = isProblem(place.error, 'price_changed');
  useEffect(() => {
    if (priceChanged) void client.invalidateQueries({ queryKey: catalogueQuery(shop).queryKey });
  }, [priceChanged, client, shop]);

  const setQuantity = useCallback(
    (sku: string, quantity: number) => setBasket((before) => withQuantity(before, sku, quantity)),
    [setBasket],
  );
  return (
    <Screen title={texts.catalogue.title} intro={texts.catalogue.intro}>
      <div className={classes['layout']}>
        <Stack>
          <SegmentedControl
            value={plain ? 'plain' : 'items'}
            onChange={(kind) =>
              void navigate({ to: '/', search: kind === 'plain' ? { plain: true } : {}, replace: true })
            }
            data={[
              { value: 'items', label: texts.catalogue.items },
              { value: 'plain', label: texts.catalogue.plain },
            ]}
            style={{ alignSelf: 'flex-start' }}
          />
          {total > 0n && (
            <a href="#basket" className={classes['bar']}>
              <span>{texts.catalogue.basket}</span>
              <Money minor={total - spent} currency={currency} />
            </a>
          )}
          {priceChanged && <Notice tone="caution">{texts.catalogue.priceChanged}</Notice>}
          {plain ? (
            <PlainAmount
              basket={basket}
              currency={currency}
              onChange={setBasket}
              onSubmit={submit}
              errors={fieldErrors(place.error)}
            />
          ) : (
            <QueryView query={catalogue} lines={6}>
              {(items) => <Shelves items={items} basket={basket} currency={currency} onQuantity={setQuantity} />}
            </QueryView>
          )}
        </Stack>
        <Summary
          lines={lines}
          total={total}
          currency={currency}
          points={spent}
          onPoints={setPoints}
          onPlace={submit}
          placing={place.isPending}
          error={priceChanged ? null : place.error}
        />
      </div>
    </Screen>
  );
}

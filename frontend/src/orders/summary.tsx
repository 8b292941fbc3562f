import { Button, Card, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { Money, Points } from '../design/amount.js';
import { ButtonLink } from '../design/links.js';
import { Notice } from '../design/notice.js';
import { Problem } from '../design/problem.js';
import { pointsQuery } from '../points/queries.js';
import { useSession, useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { accountQuery } from '../wallet/queries.js';
import { mostPoints, type Line } from './basket.js';
import { PointsSlider } from './points-slider.js';
import classes from './shop-page.module.css';

interface Props {
  readonly lines: readonly Line[];
  readonly total: bigint;
  readonly currency: string;
  readonly points: bigint;
  readonly onPoints: (points: bigint) => void;
  readonly onPlace: () => void;
  readonly placing: boolean;
  /** Why it was not placed. */
  readonly error: unknown;
}

/** The order that is being put together: what is in it, how it is paid, what is left to pay. */
export function Summary({ lines, total, currency, points, onPoints, onPlace, placing, error }: Props) {
  const { texts } = useWords();
  const shop = useShop();
  const { status } = useSession();
  const here = useLocation({ select: ({ href }) => href });
  const signedIn = status === 'signed-in';
  const purse = useQuery({ ...pointsQuery(shop), enabled: signedIn });
  const balance = purse.data?.data.balance ?? 0;
  const toPay = total - points;
  return (
    <Card component="section" aria-labelledby="basket" className={classes['summary']}>
      <Stack>
        <Title order={2} id="basket" tabIndex={-1}>
          {texts.catalogue.basket}
        </Title>
        {total === 0n && <Text c="dimmed">{texts.catalogue.basketEmpty}</Text>}
        {lines.length > 0 && (
          <ul className={classes['lines']}>
            {lines.map(({ sku, description, price, quantity }) => (
              <li key={sku} className={classes['line']}>
                <span lang="en">
                  {description.split(', ')[0]} × {quantity}
                </span>
                <Money minor={BigInt(price) * BigInt(quantity)} currency={currency} />
              </li>
            ))}
          </ul>
        )}
        {signedIn && purse.isSuccess && total > 0n && (
          <PointsSlider balance={balance} most={mostPoints(balance, total)} value={points} onChange={onPoints} />
        )}
        {points > 0n && (
          <div className={classes['line']}>
            <span>{texts.catalogue.pointsPart}</span>
            <span>
              − <Points minor={points} />
            </span>
          </div>
        )}
        <div className={classes['total']}>
          <span>{texts.catalogue.total}</span>
          <Money minor={toPay} currency={currency} />
        </div>
        {signedIn && <Purse toPay={toPay} />}
        {error !== null && error !== undefined && (
          <>
            <Problem error={error} onRetry={onPlace} retrying={placing} />
            <Text size="sm" c="dimmed">
              {texts.catalogue.again}
            </Text>
          </>
        )}
        {status === 'signed-out' ? (
          <ButtonLink to="/sign-in" search={{ returnTo: here }} size="lg">
            {texts.catalogue.signInToOrder}
          </ButtonLink>
        ) : (
          <Button size="lg" onClick={onPlace} loading={placing} disabled={total === 0n || !signedIn}>
            {texts.catalogue.place}
          </Button>
        )}
      </Stack>
    </Card>
  );
}

/** Whether the wallet bears it, before anybody orders in vain. */
function Purse({ toPay }: { readonly toPay: bigint }) {
  const { texts, formats } = useWords();
  const account = useQuery(accountQuery(useShop()));
  if (account.data === undefined) return null;
  if (account.data === null) {
    return toPay === 0n ? null : (
      <Notice tone="caution">
        <Text size="sm" mb="xs">
          {texts.catalogue.noWallet}
        </Text>
        <ButtonLink to="/wallet" size="sm" variant="default">
          {texts.catalogue.openWallet}
        </ButtonLink>
      </Notice>
    );
  }
  const { balance, currency } = account.data.data;
  const missing = toPay - BigInt(balance);
  return missing > 0n ? (
    <Notice tone="caution">
      <Text size="sm" mb="xs">
        {texts.catalogue.tooLittle(formats.money(missing, currency))}
      </Text>
      <ButtonLink to="/wallet" search={{}} size="sm" variant="default">
        {texts.catalogue.topUp}
      </ButtonLink>
    </Notice>
  ) : (
    <Text size="sm" c="dimmed">
      {texts.catalogue.balance(formats.money(balance, currency))}
    </Text>
  );
}

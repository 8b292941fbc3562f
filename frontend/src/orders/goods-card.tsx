import { ActionIcon, Button, TextInput } from '@mantine/core';
import type { CatalogueItem } from '@g-store/client';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { createElement, memo, useEffect, useRef } from 'react';
import { Money } from '../design/amount.js';
import { useWords } from '../texts/texts.js';
import { MOST_OF_ONE } from './basket.js';
import { goodsGlyph } from './goods-glyph.js';
import classes from './shop-page.module.css';

interface Props {
  readonly item: CatalogueItem;
  readonly currency: string;
  readonly quantity: number;
  /** Which of a few quiet colours its picture stands on. */
  readonly tint: number;
  readonly onQuantity: (sku: string, quantity: number) => void;
}

/** One thing on the shelves: what it is, what it costs, how many of it. */
export const GoodsCard = memo(function GoodsCard({ item, currency, quantity, tint, onQuantity }: Props) {
  const { texts } = useWords();
  const [name = '', ...details] = item.description.split(', ');
  const add = useRef<HTMLButtonElement>(null);
  const more = useRef<HTMLButtonElement>(null);
  const pressed = useRef(false);
  const chosen = quantity > 0;
  // A button that its own press has taken away hands focus on to what stands in its place.
  useEffect(() => {
    if (pressed.current) (chosen ? more : add).current?.focus();
    pressed.current = false;
  }, [chosen]);
  const set = (next: number) => onQuantity(item.sku, next);
  const press = (next: number) => {
    pressed.current = next > 0 !== chosen;
    set(next);
  };
  return (
    <li className={classes['goods']} data-chosen={chosen}>
      <div className={classes['picture']} data-tint={tint % 4}>
        {createElement(goodsGlyph(item.sku), { size: 56, stroke: 1.1, 'aria-hidden': true })}
      </div>
      <div className={classes['about']}>
        <h2 className={classes['name']} lang="en">
          {name}
        </h2>
        <p className={classes['details']} lang="en">
          {details.join(', ')}
        </p>
        <div className={classes['foot']}>
          <strong className={classes['price']}>
            <Money minor={item.price} currency={currency} />
          </strong>
          {!chosen ? (
            <Button
              ref={add}
              size="sm"
              variant="default"
              onClick={() => press(1)}
              aria-label={texts.catalogue.add(name)}
            >
              {texts.catalogue.addShort}
            </Button>
          ) : (
            <div className={classes['stepper']}>
              <ActionIcon
                variant="default"
                size={34}
                onClick={() => press(quantity - 1)}
                aria-label={texts.catalogue.less(name)}
              >
                <IconMinus size={16} aria-hidden />
              </ActionIcon>
              <TextInput
                value={quantity}
                onChange={({ currentTarget }) => {
                  if (/^\d{1,4}$/.test(currentTarget.value)) set(Number(currentTarget.value));
                }}
                onFocus={({ currentTarget }) => currentTarget.select()}
                inputMode="numeric"
                size="sm"
                classNames={{ input: classes['quantity'] ?? '' }}
                aria-label={texts.catalogue.quantity(name)}
              />
              <ActionIcon
                variant="default"
                size={34}
                ref={more}
                onClick={() => press(quantity + 1)}
                disabled={quantity >= MOST_OF_ONE}
                aria-label={texts.catalogue.more(name)}
              >
                <IconPlus size={16} aria-hidden />
              </ActionIcon>
            </div>
          )}
        </div>
      </div>
    </li>
  );
});

import type { CatalogueItem } from '@g-store/client';
import { Empty } from '../design/empty.js';
import { useWords } from '../texts/texts.js';
import type { Basket } from './basket.js';
import { GoodsCard } from './goods-card.js';
import classes from './shop-page.module.css';

interface Props {
  readonly items: readonly CatalogueItem[];
  readonly basket: Basket;
  readonly currency: string;
  readonly onQuantity: (sku: string, quantity: number) => void;
}

/** Everything that there is to have. */
export function Shelves({ items, basket, currency, onQuantity }: Props) {
  const { texts } = useWords();
  if (items.length === 0) return <Empty title={texts.catalogue.empty} next={texts.catalogue.emptyNext} />;
  return (
    <ul className={classes['shelves']}>
      {items.map((item, index) => (
        <GoodsCard
          key={item.sku}
          item={item}
          currency={currency}
          quantity={basket.quantityBySku[item.sku] ?? 0}
          tint={index}
          onQuantity={onQuantity}
        />
      ))}
    </ul>
  );
}

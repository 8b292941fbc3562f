import {
  IconBackpack,
  IconBallpen,
  IconBed,
  IconCandle,
  IconCoffee,
  IconGift,
  IconLamp2,
  IconLeaf,
  IconMug,
  IconNotebook,
  IconSticker,
  IconTeapot,
  IconUmbrella,
  type Icon,
} from '@tabler/icons-react';

const glyphByKind: Readonly<Record<string, Icon>> = {
  MUG: IconMug,
  TEAPOT: IconTeapot,
  TEA: IconLeaf,
  COFFEE: IconCoffee,
  NOTEBOOK: IconNotebook,
  PEN: IconBallpen,
  LAMP: IconLamp2,
  BLANKET: IconBed,
  CANDLE: IconCandle,
  BACKPACK: IconBackpack,
  UMBRELLA: IconUmbrella,
  STICKER: IconSticker,
};

/** A picture of the kind of thing that it is; goods without one are a present. */
export const goodsGlyph = (sku: string): Icon => glyphByKind[sku.split('-')[0] ?? ''] ?? IconGift;

import type { Migration } from '@g-store/messaging';

const sql = `
CREATE TABLE orders (
  id                  uuid        PRIMARY KEY,
  number              text        NOT NULL CONSTRAINT orders_number UNIQUE CHECK (number ~ '^[1-9][0-9]{9,31}$'),
  user_id             uuid        NOT NULL,
  amount              bigint      NOT NULL CHECK (amount BETWEEN 1 AND 1000000000000),
  currency            text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  points_to_spend     bigint      NOT NULL CHECK (points_to_spend BETWEEN 0 AND amount),
  status              text        NOT NULL CHECK (status IN
    ('PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED', 'CANCELLED')),
  cancellation_reason text        CHECK (cancellation_reason IN
    ('CHANGED_MIND', 'OUT_OF_STOCK', 'DELIVERY_UNAVAILABLE', 'NO_PAYMENT_ACCOUNT', 'INSUFFICIENT_FUNDS',
     'PAYMENT_INTERNAL_ERROR', 'INSUFFICIENT_POINTS')),
  description         text        CHECK (char_length(description) <= 1000),
  items               jsonb       NOT NULL CHECK (jsonb_typeof(items) = 'array' AND jsonb_array_length(items) <= 100),
  version             integer     NOT NULL CHECK (version >= 1),
  created_at          timestamptz NOT NULL,
  updated_at          timestamptz NOT NULL,
  CONSTRAINT orders_reason_of_cancelled CHECK ((status = 'CANCELLED') = (cancellation_reason IS NOT NULL))
) WITH (fillfactor = 85);
-- Lists are read by these from the newest on, a page from where the last one ended.
CREATE INDEX orders_of_user ON orders (user_id, created_at DESC, id DESC);
CREATE INDEX orders_newest ON orders (created_at DESC, id DESC);
CREATE INDEX orders_by_status ON orders (status, created_at DESC, id DESC);
-- Staff types the beginning of a number.
CREATE INDEX orders_number_prefix ON orders (number text_pattern_ops);

-- The answers of those who pay for an order; each part answers once.
CREATE TABLE order_part (
  order_id uuid        NOT NULL REFERENCES orders,
  part     text        NOT NULL CHECK (part IN ('payment', 'points', 'reward')),
  outcome  text        NOT NULL CHECK (outcome IN ('SUCCESS', 'FAILED')),
  reason   text        CHECK (reason IN
    ('NO_PAYMENT_ACCOUNT', 'INSUFFICIENT_FUNDS', 'PAYMENT_INTERNAL_ERROR', 'INSUFFICIENT_POINTS')),
  amount   bigint      NOT NULL CHECK (amount >= 0),
  at       timestamptz NOT NULL,
  PRIMARY KEY (order_id, part),
  CONSTRAINT order_part_reason_of_failed CHECK ((outcome = 'FAILED') = (reason IS NOT NULL))
);

-- Every version of every order. Append only.
CREATE TABLE order_history (
  order_id uuid        NOT NULL REFERENCES orders,
  version  integer     NOT NULL CHECK (version >= 1),
  status   text        NOT NULL CHECK (status IN
    ('PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED', 'CANCELLED')),
  reason   text,
  actor    text        NOT NULL CHECK (actor <> ''),
  at       timestamptz NOT NULL,
  PRIMARY KEY (order_id, version),
  CONSTRAINT order_history_starts_pending CHECK ((version = 1) = (status = 'PENDING')),
  CONSTRAINT order_history_reason_of_cancelled CHECK ((status = 'CANCELLED') = (reason IS NOT NULL))
);

-- What the store's people and machines did to orders. Append only.
CREATE TABLE staff_audit (
  id       uuid        PRIMARY KEY,
  at       timestamptz NOT NULL,
  actor    text        NOT NULL CHECK (actor <> ''),
  act      text        NOT NULL CHECK (act IN ('cancel', 'status')),
  order_id uuid        NOT NULL REFERENCES orders,
  detail   jsonb       NOT NULL
);
CREATE INDEX staff_audit_of_order ON staff_audit (order_id, at);

CREATE TABLE catalogue (
  sku         text    PRIMARY KEY CHECK (sku ~ '^[A-Z0-9-]{1,64}$'),
  description text    NOT NULL CHECK (description <> ''),
  price       bigint  NOT NULL CHECK (price BETWEEN 1 AND 1000000000000),
  place       integer NOT NULL UNIQUE     -- on the shelf, from left to right
);
INSERT INTO catalogue (place, sku, description, price) VALUES
  ( 1, 'MUG-BLUE',      'Stoneware mug, cobalt blue, 350 ml',          89000),
  ( 2, 'TEAPOT-IRON',   'Cast-iron teapot with strainer, 0.8 l',      459000),
  ( 3, 'TEA-JASMINE',   'Green tea with jasmine flowers, 100 g',       54000),
  ( 4, 'COFFEE-BEANS',  'Coffee beans, Sumatra, medium roast, 1 kg',  219000),
  ( 5, 'NOTEBOOK-A5',   'Notebook A5, dotted, 160 pages',              69000),
  ( 6, 'PEN-FOUNTAIN',  'Fountain pen, fine nib, brushed steel',      349000),
  ( 7, 'LAMP-DESK',     'Desk lamp with dimmer, oak and brass',       799000),
  ( 8, 'BLANKET-WOOL',  'Merino wool blanket, 140 × 200 cm',         1249000),
  ( 9, 'CANDLE-CEDAR',  'Soy wax candle, cedar and fig, 40 hours',    119000),
  (10, 'BACKPACK-20L',  'Waxed canvas backpack, 20 l',               1599000),
  (11, 'UMBRELLA-WIND', 'Windproof umbrella, full length',            279000),
  (12, 'STICKER-FOX',   'Sticker of a fox, holds on laptops',           9900);

GRANT SELECT, INSERT, UPDATE ON orders TO :app;
GRANT SELECT, INSERT ON order_part, order_history, staff_audit TO :app;
GRANT SELECT ON catalogue TO :app;
`;

export const ordersMigration: Migration = { name: '001-orders', sql };

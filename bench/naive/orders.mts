import { randomUUID } from 'node:crypto';
import express from 'express';
import { startPart, type Changed } from './parts.mts';

const [url = '', brokers = '', port = ''] = process.argv.slice(2);
const orders = await startPart(
  'orders',
  url,
  brokers.split(','),
  `CREATE TABLE orders (id uuid PRIMARY KEY, user_id text NOT NULL, amount bigint NOT NULL, status text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
   CREATE INDEX ON orders (user_id, created_at)`,
);
await orders.hear<Changed>('bench.naive.payments', async (client, { orderId, userId, status }) => {
  await client.query('UPDATE orders SET status = $2 WHERE id = $1', [orderId, status]);
  await orders.tell(client, 'bench.naive.news', orderId, { orderId, userId, status });
});

const app = express();
app.post('/v1/orders', express.json(), async (request, response) => {
  const orderId = randomUUID();
  const { amount } = request.body as { amount: number };
  const userId = request.header('x-user-id') ?? '';
  await orders.transaction(async (client) => {
    await client.query("INSERT INTO orders (id, user_id, amount, status) VALUES ($1, $2, $3, 'PENDING')", [
      orderId,
      userId,
      amount,
    ]);
    await orders.tell(client, 'bench.naive.orders', orderId, { orderId, userId, amount });
  });
  response.status(201).json({ orderId });
});
app.get('/v1/orders/:id', async (request, response) => {
  const { rows } = await orders.pool.query('SELECT id, status FROM orders WHERE id = $1', [request.params.id]);
  response.json(rows[0]);
});
app.listen(Number(port), '127.0.0.1', () => process.send?.('ready'));

import express from 'express';
import { startPart, type Placed } from './parts.mts';

const [url = '', brokers = '', port = ''] = process.argv.slice(2);
const payments = await startPart(
  'payments',
  url,
  brokers.split(','),
  `CREATE TABLE accounts (user_id text PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
   CREATE TABLE transfers (order_id uuid PRIMARY KEY, user_id text NOT NULL, amount bigint NOT NULL, at timestamptz NOT NULL DEFAULT now())`,
);
await payments.hear<Placed>('bench.naive.orders', async (client, { orderId, userId, amount }) => {
  const { rowCount } = await client.query(
    'UPDATE accounts SET balance = balance - $2 WHERE user_id = $1 AND balance >= $2',
    [userId, amount],
  );
  if (rowCount === 1)
    await client.query('INSERT INTO transfers (order_id, user_id, amount) VALUES ($1, $2, $3)', [
      orderId,
      userId,
      amount,
    ]);
  const status = rowCount === 1 ? 'PAID' : 'CANCELLED';
  await payments.tell(client, 'bench.naive.payments', orderId, { orderId, userId, status });
});

const app = express();
app.post('/v1/accounts', express.json(), async (request, response) => {
  const { balance } = request.body as { balance: number };
  await payments.pool.query('INSERT INTO accounts VALUES ($1, $2)', [request.header('x-user-id'), balance]);
  response.status(201).json({});
});
app.listen(Number(port), '127.0.0.1', () => process.send?.('ready'));

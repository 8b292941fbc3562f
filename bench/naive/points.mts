import { randomUUID } from 'node:crypto';
import express from 'express';
import { startPart } from './parts.mts';

interface Asked {
  readonly requestId: string;
  readonly userId: number;
  readonly point: number;
}

const [url = '', brokers = '', port = ''] = process.argv.slice(2);
const points = await startPart(
  'points',
  url,
  brokers.split(','),
  `CREATE TABLE accounts (user_id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0), version integer NOT NULL);
   CREATE TABLE events (user_id bigint, version integer, change bigint NOT NULL, request_id uuid NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (user_id, version));
   CREATE TABLE requests (id uuid PRIMARY KEY, user_id bigint NOT NULL, point bigint NOT NULL, status text NOT NULL)`,
);
await points.hear<Asked>('bench.naive.requests', async (client, { requestId, userId, point }) => {
  const { rows } = await client.query<{ version: number }>(
    `INSERT INTO accounts VALUES ($1, $2, 1)
     ON CONFLICT (user_id) DO UPDATE SET balance = accounts.balance + $2, version = accounts.version + 1 RETURNING version`,
    [userId, point],
  );
  await client.query('INSERT INTO events (user_id, version, change, request_id) VALUES ($1, $2, $3, $4)', [
    userId,
    rows[0]?.version,
    point,
    requestId,
  ]);
  await client.query("UPDATE requests SET status = 'APPLIED' WHERE id = $1", [requestId]);
  await points.tell(client, 'bench.naive.points', String(userId), { requestId });
});

const app = express();
app.post('/v1/point/add', express.json(), async (request, response) => {
  const requestId = randomUUID();
  const { user_id: userId, point } = request.body as { user_id: number; point: number };
  await points.transaction(async (client) => {
    await client.query("INSERT INTO requests VALUES ($1, $2, $3, 'PENDING')", [requestId, userId, point]);
    await points.tell(client, 'bench.naive.requests', String(userId), { requestId, userId, point });
  });
  response.status(202).location(`/v1/point/requests/${requestId}`).end();
});
app.listen(Number(port), '127.0.0.1', () => process.send?.('ready'));

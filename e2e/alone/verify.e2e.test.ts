import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { becomes, customer, givePoints, placeOrder } from '../shop';
import { environment, ownerOfAll, recordsByHand } from '../stack';

const root = join(__dirname, '../..');
const run = promisify(execFile);

interface Finding {
  readonly id: string;
  readonly verdict: string;
  readonly violations: readonly { readonly what: string; readonly is: string }[];
}

/** `npm run verify -- --json`; it ends with 1 when something is violated. */
async function verify(): Promise<readonly Finding[]> {
  const args = [join(root, 'tools/verify.mts'), '--json', '--wait', '--foreign', String(recordsByHand())];
  const done = run(process.execPath, args, { cwd: root, env: environment, maxBuffer: 1 << 26 });
  const { stdout } = await done.catch((error: { stdout: string }) => error);
  return (JSON.parse(stdout) as { findings: Finding[] }).findings;
}

const violated = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ verdict }) => verdict === 'violated').map(({ id }) => id);

/** Past every constraint and trigger, as only a fault could be. */
async function spoil(database: string, text: string, ...values: readonly unknown[]): Promise<readonly object[]> {
  await using client = await ownerOfAll(database);
  await client.query('SET session_replication_role = replica');
  const { rows, rowCount } = await client.query<object>(text, [...values]);
  expect(rowCount).toBe(1);
  return rows;
}

it('verify names each thing that is wrong in the data, and nothing else', async () => {
  const anna = await customer(10_000);
  await givePoints(anna.id, 1_000);
  const id = await placeOrder(anna, { amount: 4_000, pointsToSpend: 500 });
  await becomes(anna, id, 'PAID');
  expect(violated(await verify())).toEqual([]);

  let findings: readonly Finding[] = [];
  {
    await using undo = new AsyncDisposableStack();
    const plant = async (database: string, [there, back]: readonly [string, string], ...values: readonly unknown[]) => {
      await spoil(database, there, ...values);
      undo.defer(async () => void (await spoil(database, back, ...values)));
    };
    const add = (table: string, column: string, key: string) =>
      ['+', '-'].map((sign) => `UPDATE ${table} SET ${column} = ${column} ${sign} 1 WHERE ${key} = $1`) as [
        string,
        string,
      ];
    await plant('payments', add('wallet', 'balance', 'user_id'), anna.id);
    await plant('points', add('points_account', 'balance', 'account_id'), anna.id);
    await plant(
      'points',
      [
        `UPDATE points_order SET state = 'returned', version = 2 WHERE order_id = $1`,
        `UPDATE points_order SET state = 'spent', version = 1 WHERE order_id = $1`,
      ],
      id,
    );
    await plant(
      'orders',
      [
        'UPDATE order_history SET version = 7 WHERE version = 2 AND order_id = $1',
        'UPDATE order_history SET version = 2 WHERE version = 7 AND order_id = $1',
      ],
      id,
    );
    await plant('payments', add('stream', 'version', `topic = 'order.events' AND key`), id);
    await plant('notifications', add('order_state', 'version', 'order_id'), id);
    await plant(
      'payments',
      [
        `UPDATE payment SET state = 'settled' WHERE order_id = $1`,
        `UPDATE payment SET state = 'charged' WHERE order_id = $1`,
      ],
      id,
    );
    const [heard] = await spoil(
      'orders',
      `DELETE FROM inbox WHERE event_id = (SELECT max(event_id::text)::uuid FROM inbox) RETURNING *`,
    );
    undo.defer(async () => {
      const { consumer, event_id: event } = heard as { consumer: string; event_id: string };
      await spoil('orders', 'INSERT INTO inbox (consumer, event_id) VALUES ($1, $2)', consumer, event);
    });
    // As published long ago: the relay does not look at it again when it is put back.
    const [told] = await spoil('orders', 'DELETE FROM outbox WHERE seq = (SELECT max(seq) FROM outbox) RETURNING *');
    undo.defer(async () => {
      const { seq, xid, topic, part, key, body, event_id: event, created_at: at } = told as Record<string, unknown>;
      const text = `INSERT INTO outbox (seq, xid, topic, part, key, body, event_id, created_at)
        OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
      await spoil('orders', text, seq, xid, topic, part, key, body, event, at);
    });
    findings = await verify();
  }
  const evidence = (of: string) => JSON.stringify(findings.find((finding) => finding.id === of)?.violations);
  expect(violated(findings)).toEqual(['I1', 'I2', 'I5', 'I6', 'I8', 'I9', 'I11', 'I12']);
  for (const each of ['I5', 'I6', 'I11', 'I12']) expect(evidence(each)).toContain(id);
  expect(evidence('I2')).toContain(`account ${anna.id}`);
  expect(evidence('I2')).toContain(`wallet`);
  expect(evidence('I5')).toContain('spent and returned 500');
  expect(evidence('I12')).toContain('points: ');
  expect(violated(await verify())).toEqual([]);
}, 120_000);

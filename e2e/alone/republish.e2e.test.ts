import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { client, eventually } from '@g-store/testing';
import { balanceOf, becomes, customer, givePoints, placeOrder, pointsOf } from '../shop';
import { environment, portOf, verify } from '../stack';

const root = join(__dirname, '../..');
const run = promisify(execFile);

/** `npm run republish -- …` */
const republish = async (...args: readonly string[]): Promise<string> =>
  (await run(process.execPath, [join(root, 'tools/republish.mts'), ...args], { cwd: root, env: environment })).stdout;

const eventsIn = (output: string, of: string): number =>
  Number(new RegExp(`^${of} +(\\d+) events?$`, 'm').exec(output)?.[1] ?? NaN);

/** How often payments has heard something of a topic again. */
async function repeatsAt(port: number, topic: string): Promise<number> {
  const { text } = await client(portOf(port)).get('/metrics');
  return Number(new RegExp(`^inbox_duplicates_total\\{topic="${topic}".*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

it('events that Kafka has lost are sent again, and whoever has heard them does nothing', async () => {
  const anna = await customer(5_000);
  await givePoints(anna.id, 500);
  await becomes(anna, await placeOrder(anna, { amount: 1_000, pointsToSpend: 500 }), 'PAID');
  const before = [await repeatsAt(8081, 'order.events'), await repeatsAt(8080, 'payment.events')] as const;

  const counted = await republish('--since', '10m', '--topic', 'order.events', '--dry-run');
  expect(eventsIn(counted, 'orders')).toBeGreaterThanOrEqual(2);
  expect(counted).toContain('nothing was');
  expect(counted).not.toContain('payments');

  const sent = await republish('--since', '10m');
  expect(sent).toMatch(/^\d+ events since .* sent again/m);
  await eventually(
    async () => {
      expect(await repeatsAt(8081, 'order.events')).toBe(before[0] + eventsIn(sent, 'orders'));
      expect(await repeatsAt(8080, 'payment.events')).toBe(before[1] + eventsIn(sent, 'payments'));
    },
    { within: 20_000, every: 100 },
  );
  expect([await balanceOf(anna), await pointsOf(anna)]).toEqual([4_500, 0]);
  await verify();
}, 120_000);

it('what cannot be meant is refused, with what to write instead', async () => {
  await expect(republish('--topic', 'order.events')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--since is missing'),
  });
  expect(await republish('--help')).toContain('npm run republish');
});

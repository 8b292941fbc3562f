import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cpuOfEndedChildren } from '../cpu.mts';
import { table, verdict } from '../document.mts';
import type { Numbers } from '../figure.mts';
import { medians } from '../statistics.mts';
import { oneDecimal, tell, times, whole } from '../words.mts';
import type { PointsPart } from './part.mts';
import { seedAccounts } from './seed.mts';
import { entry, memoryOf, pointsDatabase } from './service.mts';

type Run = { readonly seconds: number; readonly memory: number; readonly cpu: number };

const EVENTS_EACH = 100;
const FEW = 100_000;
const MANY = 1_000_000;
const MOST_SECONDS = 60;
/** Ten times the events may take so much more memory: what a garbage collector lies about. */
const FLAT = 1.5;
const LOOK_EVERY_MS = 10;
const peer = join(import.meta.dirname, 'rebuild-peer.mts');

export const rebuild: PointsPart = {
  name: 'c',
  title: 'Rebuilding the accounts',
  what: `\`npm run points:rebuild\` over ${whole(MANY)} events of ${whole(MANY / EVENTS_EACH)} accounts: every event folded, the result compared byte by byte with the snapshot. Its memory beside that for ${whole(FEW)} events; beside it a naive version that reads everything and folds it, without comparing, and the limit: the same rows read through a cursor and dropped.`,

  async measure({ stack }, { quick, repeats }) {
    const [few, many] = quick ? [1_000, 5_000] : [FEW, MANY];
    const { name: database, ownerUrl } = await pointsDatabase(stack, 'points_rebuild');
    const ours = () => run([entry('rebuild.js')], { DATABASE_OWNER_URL: ownerUrl }, 'byte for byte');
    const numbers: Record<string, Run[]> = {};
    const measured = async (name: string, measure: () => Promise<Run>): Promise<void> => {
      const one = await measure();
      numbers[name] = [...(numbers[name] ?? []), one];
      tell(
        `  c ${name.padEnd(16)} ${oneDecimal(one.seconds)} s, ${whole(one.memory)} MB at most, CPU ${oneDecimal(one.cpu)} s`,
      );
    };
    const seed = (from: number, events: number) =>
      seedAccounts(stack, database, { name: 'account', from, to: events / EVENTS_EACH, events: EVENTS_EACH });
    await seed(1, few);
    for (let round = 1; round <= repeats; round++) await measured('ours, few', ours);
    await seed(few / EVENTS_EACH + 1, many);
    for (let round = 1; round <= repeats; round++) {
      await measured('ours', ours);
      await measured('naive', () => run([peer, 'naive', ownerUrl], {}, `${many} `));
      await measured('cursor', () => run([peer, 'cursor', ownerUrl], {}, String(many)));
    }
    return numbers;
  },

  render(numbers) {
    const [few, ours, naive, cursor] = ['ours, few', 'ours', 'naive', 'cursor'].map((name) => runOf(numbers, name)) as [
      Run,
      Run,
      Run,
      Run,
    ];
    const row = (title: string, { seconds, memory, cpu }: Run): readonly string[] => [
      title,
      oneDecimal(seconds),
      whole(memory),
      oneDecimal(cpu),
    ];
    return [
      table(
        ['', 'seconds', 'MB at most', 'CPU s of the program'],
        [
          row(`**ours**, ${whole(MANY)} events`, ours),
          row(`**ours**, ${whole(FEW)} events`, few),
          row(`naive, ${whole(MANY)} events`, naive),
          row('limit: the cursor alone', cursor),
        ],
      ),
      `Reached: ${verdict([
        { what: `${oneDecimal(ours.seconds)} s`, floor: ours.seconds <= MOST_SECONDS, goal: false },
        {
          what: `${times(ours.memory / few.memory)} the memory for ten times the events`,
          floor: ours.memory <= FLAT * few.memory,
          goal: false,
        },
      ])}; ${times(ours.seconds / cursor.seconds)} as long as the cursor alone, the naive version takes ${times(naive.memory / ours.memory)} the memory.`,
    ].join('\n\n');
  },
};

/** Runs a program to its end, which has to succeed and to say so. */
async function run(command: readonly string[], env: Readonly<Record<string, string>>, says: string): Promise<Run> {
  const [cpu, begun] = [cpuOfEndedChildren(), performance.now()];
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let [output, complaints, memory] = ['', '', 0];
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  const looking = setInterval(() => (memory = Math.max(memory, memoryOf(child.pid ?? 0).most)), LOOK_EVERY_MS);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(looking);
  if (code !== 0 || !output.includes(says))
    throw new Error(`${command.join(' ')} ended with ${code}: ${complaints}${output}`);
  return { seconds: (performance.now() - begun) / 1_000, memory, cpu: cpuOfEndedChildren() - cpu };
}

const runOf = (numbers: Numbers, name: string): Run => medians((numbers[name] ?? []) as readonly Run[]);

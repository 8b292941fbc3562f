import { parseArgs } from 'node:util';
import { commands } from './commands/figure.mts';
import { journal } from './journal/figure.mts';
import { journey } from './journey/figure.mts';
import { latency } from './latency/figure.mts';
import { documentFile, writeDocument } from './document.mts';
import type { Figure } from './figure.mts';
import { points } from './points/figure.mts';
import { machineFacts, watchMachine } from './machine.mts';
import { keepResult, newestResult, withPart } from './results.mts';
import { tell } from './words.mts';

const figures: readonly Figure[] = [commands, journey, journal, latency, points];

const usage = `npm run bench -- [FIGURE …] [--repeats N] [--quick] [--part X]

${figures.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join('\n')}

Without a figure: all of them. Needs what was built (npx nx run-many -t build) and loads nothing but a stack of its own
on 127.0.0.1, made empty for each figure (BENCH_STACK, BENCH_PORT_OFFSET; BENCH_KEEP=on takes and leaves what is there).

  --repeats N  rounds in which everybody takes a turn (3; at most 9)
  --quick      once and shortly: shows that it works, keeps no result
  --part X     that part of a figure (points: a, b, c, d; journal: a, b); the others stay as they were measured
  --render     measures nothing, writes docs/benchmarks.md again from the newest results`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      repeats: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      part: { type: 'string' },
      render: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return tell(usage);
  const unknown = positionals.filter((name) => !figures.some((figure) => figure.name === name));
  const { part } = values;
  const chosen = figures.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const knowsPart = part === undefined || (chosen.length === 1 && chosen[0]?.parts?.includes(part) === true);
  const repeats = values.quick ? 1 : Number(values.repeats);
  if (unknown.length > 0 || !knowsPart || !(Number.isInteger(repeats) && repeats >= 1 && repeats <= 9)) {
    process.exitCode = 2;
    return tell(usage);
  }
  const day = new Date().toISOString().slice(0, 10);
  for (const figure of chosen) {
    const kept = values.render ? newestResult(figure.name) : undefined;
    if (kept !== undefined) writeDocument({ figure, measured: kept, machine: kept.machine });
    if (values.render) continue;
    tell(`\n${figure.name}: ${figure.title}`);
    const busy = watchMachine();
    const measured = await figure.measure({ quick: values.quick, repeats, part });
    const machine = { ...machineFacts(day, figure.versionsOf), 'machine busy': busy() };
    tell(`\n${figure.render(measured)}\n`);
    const earlier = newestResult(figure.name);
    if (values.quick || (part !== undefined && earlier === undefined)) continue;
    const now = { ...measured, machine };
    const result = part === undefined || earlier === undefined ? now : withPart(earlier, part, now);
    tell(`kept in ${keepResult(figure.name, result, day)}`);
    writeDocument({ figure, measured: result, machine: result.machine });
    tell(`told in ${documentFile}`);
  }
}

// kafkajs asks for timers in the past, on which Node remarks each time.
process.removeAllListeners('warning').on('warning', (warning) => {
  if (warning.name !== 'TimeoutNegativeWarning') console.warn(warning);
});

await main();

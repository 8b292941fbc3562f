// proto/ → src/generated: protobufjs' static codecs (wire.ts), and exact TypeScript types round them (events.ts).
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import pbjs from 'protobufjs-cli/pbjs.js';
import { typescriptOf } from './typescript.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const protoRoot = join(here, '../../../proto');
const out = process.argv[2] ?? join(here, '../src/generated');
const files = readdirSync(protoRoot, { recursive: true })
  .filter((name) => name.endsWith('.proto'))
  .sort();

const root = new protobuf.Root();
root.resolvePath = (_origin, target) => (protobuf.common.get(target) ? target : join(protoRoot, target));
await root.load(files, { alternateCommentMode: true });
root.resolveAll();

mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'events.ts'), typescriptOf(root));

const left = ['create', 'verify', 'convert', 'delimited', 'typeurl', 'service', 'comments'].map(
  (part) => `--no-${part}`,
);
const wrapper = join(here, 'wire.wrapper.txt');
const options = ['--target', 'static-module', '--wrap', wrapper, '--dependency', 'protobufjs/minimal.js'];
await new Promise((resolve, reject) =>
  pbjs.main(
    [
      ...options,
      ...left,
      '--lint',
      '',
      '--path',
      protoRoot,
      '--root',
      'gstore',
      '--out',
      join(out, 'wire.ts'),
      ...files,
    ],
    (error) => (error ? reject(error) : resolve()),
  ),
);

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (name: string): string => readFileSync(join(__dirname, '..', name), 'utf8');
const targetsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^([a-z-]+):(?!=)/gm)].map(([, name]) => name ?? '');

const [makefile, containers, readme] = [read('Makefile'), read('deploy/docker/commands.mk'), read('README.md')];
const [, local = ''] = /^ifneq \(\$\(STACK\),docker\)\n([^]*?)\nelse/m.exec(makefile) ?? [];

describe('the commands', () => {
  it('are the same for the stack without containers and for the one in them', () => {
    expect([...targetsIn(containers)].sort()).toEqual([...targetsIn(local)].sort());
    expect(targetsIn(local)).toContain('start');
  });

  it('are all in the README, and each one there exists', () => {
    const rows = readme.split('\n').filter((line) => line.startsWith('| `make '));
    const told = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`(?:make )?([a-z]+)/g)].map(([, name]) => name ?? ''),
    );
    expect(told.sort()).toEqual([...targetsIn(local), 'test'].sort());
  });

  it('are each explained by make help', () => {
    const explained = [...makefile.matchAll(/^([a-z-]+):.*## /gm)].map(([, name]) => name ?? '');
    expect(explained).toEqual(expect.arrayContaining([...targetsIn(local)]));
  });
});

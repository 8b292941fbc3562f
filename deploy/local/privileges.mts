import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const isRoot = (): boolean => process.getuid?.() === 0;

/** Puts a command under an ordinary user when we are root, since PostgreSQL refuses root and nginx does better without. */
export function asUser(user: string, command: readonly string[]): readonly string[] {
  if (!isRoot()) return command;
  makeUser(user);
  const [uid, gid] = idsOf(user);
  const change = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups'];
  // Reading through closed folders: a checkout may lie below a home of mode 0700. Some containers do not have that to give.
  const reading = [...change, '--inh-caps=-all,+dac_read_search', '--ambient-caps=-all,+dac_read_search'];
  readingAllowed ??= spawnSync(reading[0] ?? '', [...reading.slice(1), 'true'], { stdio: 'ignore' }).status === 0;
  return [...(readingAllowed ? reading : change), ...command];
}

/** Makes a folder that this user owns, with all that lies in it. */
export function ownedFolder(user: string, folder: string): string {
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  handOver(user, folder);
  return folder;
}

/** Gives a file or a folder with all that lies in it to a user; nothing to do when we are not root. */
export function handOver(user: string, path: string): void {
  if (!isRoot()) return;
  makeUser(user);
  const [uid, gid] = idsOf(user);
  const walk = (each: string): void => {
    const about = lstatSync(each);
    if (about.isSymbolicLink()) return;
    if (about.uid !== uid) chownSync(each, uid, gid);
    if (about.isDirectory()) for (const name of readdirSync(each)) walk(join(each, name));
  };
  walk(path);
}

let readingAllowed: boolean | undefined;

const passwdLine = (user: string): string | undefined =>
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${user}:`));

function makeUser(user: string): void {
  if (passwdLine(user) !== undefined) return;
  execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', user]);
}

function idsOf(user: string): readonly [number, number] {
  const fields = passwdLine(user)?.split(':') ?? [];
  return [Number(fields[2]), Number(fields[3])];
}

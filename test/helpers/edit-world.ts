import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { run } from './run.ts';
import { alice, builtSec, makeWorld, sec, type World } from './sec.ts';
import { openScreen, type Screen } from './tmux.ts';

/** A person who edits a sealed file in a terminal, and what is left of the text afterwards. */

export const canary = 'CANARY-77e0b4';
export const before = `a: ${canary}-1\n`;
export const after = `${before}b: ${canary}-2\n`;

/** A folder with a sealed file, and settings of editors that would leave copies everywhere. */
export async function world(): Promise<World> {
  const { status, out, err } = await sec(['encrypt', '--age', alice.recipient, 'app.yaml'], { 'app.yaml': before });
  if (status !== 0) throw new Error(err);
  const vim = [
    'set undofile undodir=~/copies backup writebackup backupdir=~/copies directory=~/copies swapfile updatecount=1',
    "set viminfo='100,<1000,s100,h,n~/copies/viminfo",
  ];
  const made = makeWorld({ 'app.yaml': out, '~/.vimrc': `${vim.join('\n')}\n` });
  // Where root is, nano does not ask HOME for its settings.
  const config = join(made.home, '.config');
  mkdirSync(join(config, 'nano'), { recursive: true });
  mkdirSync(join(made.home, 'copies'));
  writeFileSync(join(config, 'nano', 'nanorc'), `set backup\nset backupdir "${join(made.home, 'copies')}"\nset historylog\n`);
  return { ...made, env: { ...made.env, XDG_CONFIG_HOME: config, SEC_AGE_KEY: alice.identity } };
}

/** Opens a terminal in which `edit` is a command. */
export function terminal({ work, env }: World, editor: string): Screen {
  const screen = openScreen(work, { ...env, EDITOR: editor, SEC: `${process.execPath} ${builtSec()}` });
  type(screen, 'clear; edit() { $SEC edit "$@" app.yaml; echo "status $?"; }');
  return screen;
}

export function type(screen: Screen, line: string): void {
  screen.type(line);
  screen.press('Enter');
}

export function script({ root }: World, lines: string): string {
  const path = join(root, 'editor');
  writeFileSync(path, `#!/bin/sh\n${lines}\n`, { mode: 0o700 });
  return path;
}

export async function plain({ work, env }: World): Promise<string> {
  const { out } = await run(process.execPath, [builtSec(), 'decrypt', 'app.yaml'], { cwd: work, env });
  return out;
}

async function keptText({ home, work, env }: World): Promise<string> {
  const folder = join(home, '.local/state/sec/recovery');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const { out } = await run(process.execPath, [builtSec(), 'get', join(folder, names[0] ?? ''), 'text'], { cwd: work, env });
  return names.length === 1 ? out : `${names.length} texts`;
}

/** Files in the clear, and what is left of private folders. */
export function traces({ root }: World): readonly string[] {
  const places = [root, '/dev/shm', '/var/tmp'].filter((place) => existsSync(place));
  const found = places.flatMap((place) => readdirSync(place, { recursive: true, withFileTypes: true }));
  return found
    .filter((entry) => entry.isFile() && entry.name !== 'editor')
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => existsSync(path) && readFileSync(path).includes(canary));
}

export function privateFolders({ root }: World): readonly string[] {
  return readdirSync(join(root, 'runtime'));
}

export async function expectKept(where: World, text: string): Promise<void> {
  await expect.poll(() => keptText(where), { timeout: 20_000 }).toBe(text);
  expect(await plain(where)).toBe(before);
  await expect.poll(() => [traces(where), privateFolders(where)], { timeout: 20_000 }).toEqual([[], []]);
}

/** The process that has a file of a folder on its command line. */
export async function processWith(folder: string): Promise<number> {
  const { out } = await run('ps', ['-eo', 'pid=,args=']);
  const line = out.split('\n').find((one) => one.includes(`${folder}/runtime/`)) ?? '';
  return Number.parseInt(line, 10);
}

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { need, programPath } from '../helpers/need.ts';
import { run, start } from '../helpers/run.ts';
import { alice, builtSec, makeWorld, sec, type World } from '../helpers/sec.ts';
import { expectLine, openScreen, type Screen } from '../helpers/tmux.ts';

const canary = 'CANARY-77e0b4';
const before = `a: ${canary}-1\n`;
const after = `${before}b: ${canary}-2\n`;

/** A folder with a sealed file, and settings of editors that would leave copies everywhere. */
async function world(): Promise<World> {
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
function terminal({ work, env }: World, editor: string): Screen {
  const screen = openScreen(work, { ...env, EDITOR: editor, SEC: `${process.execPath} ${builtSec()}` });
  type(screen, 'clear; edit() { $SEC edit "$@" app.yaml; echo "status $?"; }');
  return screen;
}

function type(screen: Screen, line: string): void {
  screen.type(line);
  screen.press('Enter');
}

function script({ root }: World, lines: string): string {
  const path = join(root, 'editor');
  writeFileSync(path, `#!/bin/sh\n${lines}\n`, { mode: 0o700 });
  return path;
}

async function plain({ work, env }: World): Promise<string> {
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
function traces({ root }: World): readonly string[] {
  const places = [root, '/dev/shm', '/var/tmp'].filter((place) => existsSync(place));
  const found = places.flatMap((place) => readdirSync(place, { recursive: true, withFileTypes: true }));
  return found
    .filter((entry) => entry.isFile() && entry.name !== 'editor')
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => existsSync(path) && readFileSync(path).includes(canary));
}

function privateFolders({ root }: World): readonly string[] {
  return readdirSync(join(root, 'runtime'));
}

async function expectKept(where: World, text: string): Promise<void> {
  await expect.poll(() => keptText(where), { timeout: 20_000 }).toBe(text);
  expect(await plain(where)).toBe(before);
  await expect.poll(() => [traces(where), privateFolders(where)], { timeout: 20_000 }).toEqual([[], []]);
}

describe.skipIf(!need('tmux', 'vim'))('vim', () => {
  const vim = need('vim') ? programPath('vim') : '';

  test('saves, and leaves no copy', async () => {
    const where = await world();
    const screen = terminal(where, vim);
    type(screen, 'edit');
    await expectLine(screen, `a: ${canary}-1`);
    expect(traces(where).map((path) => path.startsWith(`${where.root}/runtime/sec-`))).toEqual([true]);
    type(screen, `:$put ='b: ${canary}-2'`);
    await expectLine(screen, `b: ${canary}-2`);
    type(screen, ':write');
    type(screen, `/${canary}`);
    type(screen, ':quit');
    await expectLine(screen, 'status 0');

    expect(await plain(where)).toBe(after);
    expect([traces(where), privateFolders(where), readdirSync(join(where.home, 'copies'))]).toEqual([[], [], []]);
  });

  test('has what it saved kept when its terminal is closed', async () => {
    const where = await world();
    const screen = terminal(where, vim);
    type(screen, 'edit');
    await expectLine(screen, `a: ${canary}-1`);
    type(screen, `:$put ='b: ${canary}-2'`);
    type(screen, ':write');
    await expectLine(screen, /written/);
    screen.hangUp();

    await expectKept(where, after);
  });

  test('has even that kept which it did not save', async ({ skip }) => {
    const { out } = await run(vim, ['--version']);
    if (!out.includes('+eval')) skip('a small vim, which cannot');
    const where = await world();
    const screen = terminal(where, vim);
    type(screen, 'edit');
    await expectLine(screen, `a: ${canary}-1`);
    screen.type(`ob: ${canary}-2`);
    await expectLine(screen, `b: ${canary}-2`);
    screen.hangUp();

    await expectKept(where, after);
  });
});

describe.skipIf(!need('tmux', 'nano'))('nano', () => {
  test('saves, and leaves no copy', async () => {
    const where = await world();
    const screen = terminal(where, 'nano');
    type(screen, 'edit');
    await expectLine(screen, `a: ${canary}-1`);
    screen.press('Down');
    type(screen, `b: ${canary}-2`);
    screen.press('C-o');
    await expectLine(screen, /File Name to Write/);
    screen.press('Enter');
    await expectLine(screen, /Wrote 2 lines/);
    screen.press('C-x');
    await expectLine(screen, 'status 0');

    expect(await plain(where)).toBe(after);
    expect([traces(where), privateFolders(where)]).toEqual([[], []]);
  });

  test('has even that kept which it did not save when its terminal is closed', async () => {
    const where = await world();
    const screen = terminal(where, 'nano');
    type(screen, 'edit');
    await expectLine(screen, `a: ${canary}-1`);
    screen.press('Down');
    type(screen, `b: ${canary}-2`);
    await expectLine(screen, `b: ${canary}-2`);
    screen.hangUp();

    await expectKept(where, after);
  });
});

describe.skipIf(!need('tmux'))('a person', () => {
  test('interrupts an editor, and sec keeps the text', async () => {
    const where = await world();
    const screen = terminal(where, script(where, `printf 'b: ${canary}-2\\n' >> "$1"; echo typing; sleep 60`));
    type(screen, 'edit');
    await expectLine(screen, 'typing');
    screen.press('C-c');
    await expectLine(screen, 'status 201');

    await expectKept(where, after);
  });

  test('chooses to keep what cannot be saved', async () => {
    const where = await world();
    const screen = terminal(where, script(where, `echo 'a: ${canary}-2' >> "$1"`));
    type(screen, 'edit');
    await expectLine(screen, /edit again/);
    screen.press('Down');
    screen.press('Enter');
    await expectLine(screen, 'status 1');

    await expectKept(where, `${before}a: ${canary}-2\n`);
  });

  test('goes away while being asked', async () => {
    const where = await world();
    const screen = terminal(where, script(where, `echo 'a: ${canary}-2' >> "$1"`));
    type(screen, 'edit');
    await expectLine(screen, /edit again/);
    screen.hangUp();

    await expectKept(where, `${before}a: ${canary}-2\n`);
  });

  test('saves in a window when the editor has ended', async () => {
    const where = await world();
    const go = join(where.root, 'go');
    const later = `while ! [ -e ${go} ]; do sleep 0.05; done; echo 'b: ${canary}-2' >> "$1"; rm ${go}`;
    const screen = terminal(where, script(where, `(${later}) > /dev/null 2>&1 &`));
    type(screen, 'edit');
    await expectLine(screen, /Go on when you have saved/);
    writeFileSync(go, '');
    await expect.poll(() => existsSync(go)).toBe(false);
    screen.press('Enter');
    await expectLine(screen, 'status 0');

    expect(await plain(where)).toBe(after);
  });
});

describe('a signal', () => {
  test.each(['SIGTERM', 'SIGHUP'] as const)('ends the editor, and the text is kept: %s', async (signal) => {
    const where = await world();
    const editor = script(where, `printf 'b: ${canary}-2\\n' >> "$1"; echo typing; exec sleep 60`);
    const { child, shows, ended } = start(process.execPath, [builtSec(), 'edit', 'app.yaml'], {
      cwd: where.work,
      env: { ...where.env, EDITOR: editor, CI: 'true' },
    });
    await shows('typing');
    child.kill(signal);

    expect((await ended).status).toBe(201);
    await expectKept(where, after);
  });

  test('that is for the editor does not end sec', async () => {
    const where = await world();
    const editor = script(where, `echo typing; read -r line < ${join(where.root, 'go')}; printf 'b: ${canary}-2\\n' >> "$1"`);
    await run('mkfifo', [join(where.root, 'go')]);
    const { child, shows, ended } = start(process.execPath, [builtSec(), 'edit', 'app.yaml'], {
      cwd: where.work,
      env: { ...where.env, EDITOR: editor, CI: 'true' },
    });
    await shows('typing');
    child.kill('SIGINT');
    writeFileSync(join(where.root, 'go'), 'on\n');

    expect(await ended).toEqual({ status: 0, signal: null, out: 'typing\n', err: '' });
    expect(await plain(where)).toBe(after);
  });
});

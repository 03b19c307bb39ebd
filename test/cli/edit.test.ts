import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  after,
  before,
  canary,
  expectKept,
  plain,
  privateFolders,
  processWith,
  script,
  terminal,
  traces,
  type,
  world,
} from '../helpers/edit-world.ts';
import { need, programPath } from '../helpers/need.ts';
import { run, start } from '../helpers/run.ts';
import { builtSec } from '../helpers/sec.ts';
import { expectLine } from '../helpers/tmux.ts';

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

  test('has what it saved kept when it is killed outright', async () => {
    const where = await world();
    const screen = terminal(where, vim);
    type(screen, 'edit');
    await expectLine(screen, `a: ${canary}-1`);
    type(screen, `:$put ='b: ${canary}-2'`);
    type(screen, ':write');
    await expectLine(screen, /written/);
    process.kill(await processWith(where.root), 'SIGKILL');
    await expectLine(screen, /status 201/);

    await expectKept(where, after);
    expect(readdirSync(join(where.home, 'copies'))).toEqual([]);
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

  test.each([
    ['sec', ''],
    ['sops', 'sops'],
  ])('has an editor that crashes, and %s keeps the text', async (_, as) => {
    const where = await world();
    const crash = script(where, `printf 'b: ${canary}-2\\n' >> "$1"; kill -SEGV $$`);
    const screen = terminal({ ...where, env: { ...where.env, SEC_AS: as } }, crash);
    type(screen, 'edit');
    await expectLine(screen, 'status 201');

    await expectKept(where, after);
  });

  test('has an editor that crashes before anything is typed, and nothing changes', async () => {
    const where = await world();
    const screen = terminal(where, script(where, 'kill -SEGV $$'));
    type(screen, 'edit');
    await expectLine(screen, 'status 201');

    await expectKept(where, '0 texts');
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

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Conversation } from '../src/context.ts';
import { nodePrograms } from '../src/node-programs.ts';
import { bundle } from './helpers/bundle.ts';
import { start } from './helpers/run.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'sec-programs-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const { run, talk } = nodePrograms(process.env, root);
const node = process.execPath;

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'another error';
  }
}

describe('run', () => {
  test('hands bytes in and out as they are', async () => {
    const input = Uint8Array.of(0, 255, 128, 10, 13);
    const { stdout, stderr, status, signal } = await run({ file: 'sh', args: ['-c', 'cat; printf e >&2; exit 3'], input });
    expect({ stdout: [...stdout], stderr: Buffer.from(stderr).toString(), status, signal }).toEqual({
      stdout: [...input],
      stderr: 'e',
      status: 3,
      signal: null,
    });
  });

  test('hands arguments on as they are', async () => {
    const args = ['', ' a  b', '*', '$HOME', '"\'\\', '--', '-x', 'ü🔑', 'a\nb'];
    const { stdout } = await run({
      file: node,
      args: ['-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...args],
    });
    expect(JSON.parse(Buffer.from(stdout).toString())).toEqual(args);
  });

  test('gives a program only the environment that is given', async () => {
    const { stdout } = await run({ file: '/usr/bin/env', args: [], env: { A: '1', B: undefined } });
    expect(Buffer.from(stdout).toString()).toBe('A=1\n');
  });

  test('says which signal ended a program', async () => {
    expect(await run({ file: 'sh', args: ['-c', 'kill -KILL $$'] })).toMatchObject({ status: null, signal: 'SIGKILL' });
  });

  test('does not mind a program that reads nothing', async () => {
    expect(await run({ file: 'true', args: [], input: new Uint8Array(1_000_000) })).toMatchObject({ status: 0 });
  });

  test('fails with ENOENT where there is no such program', async () => {
    expect(await codeOf(run({ file: 'sec-no-such-program', args: [], deadlineMs: 60_000 }))).toBe('ENOENT');
  });

  test('ends a program at its deadline, even one that does not want to', async () => {
    expect(await codeOf(run({ file: 'sleep', args: ['60'], deadlineMs: 50 }))).toBe('ETIMEDOUT');
    const pid = join(root, 'pid');
    const stubborn = `trap '' TERM; echo $$ > ${pid}; while :; do sleep 1; done`;
    expect(await codeOf(run({ file: 'sh', args: ['-c', stubborn], deadlineMs: 500 }))).toBe('ETIMEDOUT');
    await expect.poll(() => isRunning(Number(readFileSync(pid, 'utf8'))), { timeout: 10_000 }).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('talk', () => {
  async function hear(conversation: Conversation, length: number): Promise<string> {
    let heard = '';
    for (let piece = await conversation.read(); piece !== null; piece = await conversation.read()) {
      heard += Buffer.from(piece).toString();
      if (heard.length >= length) return heard;
    }
    return heard;
  }

  test('says and hears in turns, until the program says no more', async () => {
    const conversation = await talk({ file: 'sh', args: ['-c', 'read a; echo "1 $a"; read b; echo "2 $b"; echo noise >&2'] });
    conversation.write(Buffer.from('one\n'));
    expect(await hear(conversation, 6)).toBe('1 one\n');
    conversation.write(Buffer.from('two\n'));
    expect(await hear(conversation, 6)).toBe('2 two\n');
    expect(await conversation.read()).toBeNull();
    await conversation.end();
  });

  test('does not wait for what the program leaves behind', async () => {
    const pid = join(root, 'left');
    const conversation = await talk({ file: 'sh', args: ['-c', 'sleep 1000 & echo $! > "$0"; echo done', pid] });
    expect(await hear(conversation, 5)).toBe('done\n');
    await conversation.end();
    process.kill(Number(readFileSync(pid, 'utf8')));
  });

  test('ends a program that does not end by itself', async () => {
    const conversation = await talk({
      file: node,
      args: ['-e', 'process.stdin.resume(); setInterval(() => 0, 1000); console.log(process.pid)'],
    });
    const id = Number(await hear(conversation, 2));
    await conversation.end();
    expect(() => process.kill(id, 0)).toThrow('ESRCH');
  });

  test('fails with ENOENT where there is no such program', async () => {
    expect(await codeOf(talk({ file: 'no-such-program', args: [] }))).toBe('ENOENT');
  });
});

describe('find', () => {
  test('searches PATH in order, and takes only what can be run', async () => {
    const [first, second, third] = ['first', 'second', 'third'].map((name) => join(root, name));
    for (const folder of [first, second, third]) mkdirSync(folder ?? '');
    mkdirSync(join(root, 'first', 'tool'));
    writeFileSync(join(root, 'second', 'tool'), '');
    writeFileSync(join(root, 'third', 'tool'), '');
    chmodSync(join(root, 'third', 'tool'), 0o755);
    const { find } = nodePrograms({ PATH: [first, second, third].join(':') }, root);
    expect([await find('tool'), await find('other'), await find('')]).toEqual([join(root, 'third', 'tool'), null, null]);
  });

  test('takes a name with a slash, and an empty place on PATH, from the working directory', async () => {
    symlinkSync(node, join(root, 'linked'));
    const { find } = nodePrograms({ PATH: '' }, root);
    expect([await find('./linked'), await find('linked')]).toEqual([join(root, 'linked'), join(root, 'linked')]);
  });
});

describe('while an editor runs', () => {
  /** An editor that says how often it was interrupted, and ends when asked to; then what became of it. */
  const editor = `
    let interrupts = 0;
    process.on('SIGINT', () => console.log('editor interrupted', ++interrupts));
    process.on('SIGTERM', () => process.exit(7));
    console.log('editor ready', process.ppid);
    setInterval(() => undefined, 1000);
  `;
  const opener = bundle(`
    import { existsSync } from 'node:fs';
    import { nodeFiles } from './src/node-files.ts';
    import { nodePrograms } from './src/node-programs.ts';
    const folder = await nodeFiles(process.env, process.cwd()).privateFolder();
    console.log('folder', folder);
    const { run } = nodePrograms(process.env, process.cwd());
    const done = await run({ file: process.execPath, args: ['-e', process.argv[2]], streams: 'inherit' });
    console.log('editor ended', done.status, done.signal, existsSync(folder));
  `);

  test('an interrupt does not end us, and a request to end goes to the editor', async () => {
    const { child, shows, ended } = start(node, [await opener, editor]);
    await shows('editor ready');
    // The terminal's way: to the whole group.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await shows('editor interrupted 1');
    child.kill('SIGTERM');
    const { out, status } = await ended;
    expect({ out: out.split('\n').slice(2), status }).toEqual({ out: ['editor interrupted 1', 'editor ended 7 null true', ''], status: 0 });
  });

  test('the private folder goes when we end', async () => {
    const { child, shows, ended } = start(node, [await opener, editor]);
    await shows('editor ready');
    child.kill('SIGTERM');
    const folder = /folder (.*)/.exec((await ended).out)?.[1] ?? '';
    expect([folder.includes('sec-'), existsSync(folder)]).toEqual([true, false]);
  });
});

describe('a signal that ends us', () => {
  const keeper = bundle(`
    import { writeFileSync } from 'node:fs';
    import { nodeFiles } from './src/node-files.ts';
    const folder = await nodeFiles(process.env, process.cwd()).privateFolder();
    writeFileSync(folder + '/plain', 'secret');
    console.log(folder);
    setInterval(() => undefined, 1000);
  `);

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s removes the private folder and is seen by our parent', async (name) => {
    const { child, shows, ended } = start(node, [await keeper]);
    await shows('\n');
    child.kill(name);
    const { out, signal } = await ended;
    expect({ signal, there: existsSync(out.trim()) }).toEqual({ signal: name, there: false });
  });
});

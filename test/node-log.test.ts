import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeLog } from '../src/node-log.ts';
import { bundle } from './helpers/bundle.ts';
import { need } from './helpers/need.ts';
import { tempFolder, type TempFolder } from './helpers/temp-folder.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => folder.remove());

const line = (text: string): Uint8Array => Buffer.from(`${text}\n`);
const append = (name: string, text: string): Promise<void> => nodeLog(folder.path).append(name, line(text));
const modeOf = (name: string): string => (statSync(folder.at(name)).mode & 0o777).toString(8);

async function codeOf(action: Promise<unknown>): Promise<unknown> {
  return action.then(
    () => 'none',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

describe('a log', () => {
  test('is made for its owner alone, with its folders, and grows by whole lines', async () => {
    await append('state/sec/a.jsonl', 'one');
    await append('state/sec/a.jsonl', 'two');

    expect(readFileSync(folder.at('state/sec/a.jsonl'), 'utf8')).toBe('one\ntwo\n');
    expect([modeOf('state/sec/a.jsonl'), modeOf('state/sec'), modeOf('state')]).toEqual(['600', '700', '700']);
  });

  test('gets a line of its own behind one that was cut off', async () => {
    writeFileSync(folder.at('a'), 'one\ntw', { mode: 0o600 });
    await append('a', 'three');

    expect(readFileSync(folder.at('a'), 'utf8')).toBe('one\ntw\nthree\n');
  });

  test.each([0o620, 0o602, 0o666])('that others may write to (%o) is not written', async (mode) => {
    writeFileSync(folder.at('a'), '');
    chmodSync(folder.at('a'), mode);

    expect(await codeOf(append('a', 'one'))).toBe('EINSECURE');
    expect(readFileSync(folder.at('a'), 'utf8')).toBe('');
  });

  test('that others may read keeps its mode, and one behind a link is written', async () => {
    writeFileSync(folder.at('a'), '', { mode: 0o640 });
    symlinkSync('a', folder.at('link'));
    await append('link', 'one');

    expect([readFileSync(folder.at('a'), 'utf8'), modeOf('a')]).toEqual(['one\n', '640']);
  });

  test('that is no file is an error at once, a pipe without a reader too', async () => {
    mkdirSync(folder.at('d'));
    writeFileSync(folder.at('f'), '');
    execFileSync('mkfifo', [folder.at('pipe')]);

    expect(await codeOf(append('d', 'x'))).toBe('EISDIR');
    expect(await codeOf(append('pipe', 'x'))).toBe('ENXIO');
    expect(await codeOf(append('/dev/null', 'x'))).toBe('ENXIO');
    expect(await codeOf(append('f/a', 'x'))).toMatch(/ENOTDIR|EEXIST/);
    expect(await codeOf(nodeLog(folder.path).readEnd('pipe', 10))).toBe('ENXIO');
  });

  test('is read from its end', async () => {
    writeFileSync(folder.at('a'), 'one\ntwo\n');
    const { readEnd } = nodeLog(folder.path);
    const read = async (most: number): Promise<unknown> => {
      const { bytes, isWhole } = await readEnd('a', most);
      return [Buffer.from(bytes).toString(), isWhole];
    };

    expect([await read(100), await read(8), await read(5)]).toEqual([
      ['one\ntwo\n', true],
      ['one\ntwo\n', true],
      ['\ntwo\n', false],
    ]);
    expect(await codeOf(readEnd('b', 5))).toBe('ENOENT');
  });
});

describe('programs that write into a log', () => {
  const writer = bundle(`import { nodeLog } from './src/node-log.ts';
    const [path, letter, length, times] = process.argv.slice(2);
    const codes = [];
    for (let i = 0; i < Number(times); i += 1)
      await nodeLog('/').append(path, Buffer.from(letter.repeat(Number(length)) + '\\n')).catch((error) => codes.push(error.code));
    console.log(codes.join());`);

  test('at the same time lose no line', async () => {
    const letters = ['a', 'b', 'c', 'd'];
    const script = await writer;
    const writers = letters.map((letter) =>
      spawn(process.execPath, [script, folder.at('log'), letter, '3000', '200'], { stdio: 'ignore' }),
    );
    await Promise.all(writers.map((program) => once(program, 'exit')));

    const lines = readFileSync(folder.at('log'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBe(800);
    expect(new Set(lines)).toEqual(new Set(letters.map((letter) => letter.repeat(3000))));
  });

  test.skipIf(process.getuid?.() !== 0 || !need('unshare'))('on a full disk are told', async () => {
    mkdirSync(folder.at('small'));
    const command = `mount -t tmpfs -o size=8k none small && "${process.execPath}" "${await writer}" "$PWD/small/log" a 5000 3`;

    expect(execFileSync('unshare', ['-m', 'sh', '-c', command], { cwd: folder.path, encoding: 'utf8' })).toBe('ENOSPC,ENOSPC\n');
  });
});

test('a caller is the account, this process, and the program that started it', async () => {
  const { user, uid, pid, program } = await nodeLog('/').caller();

  expect({ user, uid, pid }).toEqual({ user: userInfo().username, uid: process.getuid?.() ?? null, pid: process.pid });
  expect(program === null || /^[^\n]{1,15}$/.test(program)).toBe(process.platform !== 'linux' || program !== null);
});

import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { nodeContext } from '../src/node-context.ts';
import { bundle } from './helpers/bundle.ts';
import { need } from './helpers/need.ts';
import { run } from './helpers/run.ts';

/** Runs a text with `context` in scope; what it throws is shown by its problem. */
function program(text: string): Promise<string> {
  return bundle(`
    import { nodeContext } from './src/node-context.ts';
    const context = nodeContext();
    try {
      ${text}
    } catch (error) {
      context.err(JSON.stringify(error.problem ?? String(error)));
      process.exitCode = 9;
    }
  `);
}

/** What hands us a pipe may have made it one that does not wait. */
const impatient = (file: number): string =>
  `perl -MFcntl -e 'open F, "+<&=${file}"; fcntl F, F_SETFL, O_NONBLOCK | fcntl F, F_GETFL, 0; exec @ARGV'`;

describe('standard output', () => {
  const writer = program("await context.out('ü'.repeat(500_000));");

  test.skipIf(!need('perl'))('gets all of a long text, by a pipe that is slow and does not wait', async () => {
    const script = `${impatient(1)} "$0" "$1" | { sleep 0.2; wc -m; }`;
    const { out, err } = await run('bash', ['-c', script, process.execPath, await writer], { env: { LANG: 'C.UTF-8' } });
    expect({ count: Number(out), err }).toEqual({ count: 500_000, err: '' });
  });

  test('that nobody reads any more is a problem of its own', async () => {
    const child = spawn(process.execPath, [await writer], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    const status = await new Promise((done) => child.on('close', done));
    expect({ status, err }).toEqual({ status: 9, err: '{"code":"output-closed"}\n' });
  });

  test('on a full disk is a problem of its own', async () => {
    const { status, err } = await run('sh', ['-c', '"$0" "$1" > /dev/full', process.execPath, await writer]);
    expect({ status, err }).toEqual({ status: 9, err: '{"code":"file-unwritable","file":"standard output","reason":"ENOSPC"}\n' });
  });
});

describe('standard input', () => {
  const reader = program('await context.out(await context.readInput());');

  test('is read to its end, byte for byte', async () => {
    const input = 'a\0ü\n'.repeat(50_000);
    expect((await run(process.execPath, [await reader], { input })).out).toBe(input);
  });

  test.skipIf(!need('perl'))('may come late, by a pipe that does not wait', async () => {
    const script = `{ printf a; sleep 0.2; printf b; } | ${impatient(0)} "$0" "$1"`;
    expect(await run('sh', ['-c', script, process.execPath, await reader])).toMatchObject({ status: 0, out: 'ab' });
  });

  test('that cannot be read is a problem of its own', async () => {
    const { status, err } = await run('sh', ['-c', '"$0" "$1" < /', process.execPath, await reader]);
    expect({ status, err }).toEqual({ status: 9, err: '{"code":"file-unreadable","file":"standard input","reason":"EISDIR"}\n' });
  });
});

const talker = program("context.err('x'); await context.out('on');");

test('a message that nobody can read is no failure', async () => {
  expect(await run('sh', ['-c', '"$0" "$1" 2> /dev/full', process.execPath, await talker])).toMatchObject({ status: 0, out: 'on' });
});

describe('the terminal', () => {
  const asker = program("await context.out(String(context.terminal === null) + ' ' + String(context.stdoutIsTerminal));");

  test('is none where the session has none', async () => {
    expect((await run(process.execPath, [await asker])).out).toBe('true false');
  });
});

test('randomness is of the length that is asked for, and differs', () => {
  const { random } = nodeContext();
  const [first, second] = [random(32), random(32)];
  expect([first.length, Buffer.from(first).equals(second)]).toEqual([32, false]);
});

const starter = bundle(`
  import { nodeContext } from './src/node-context.ts';
  const context = nodeContext();
  await context.files.stat('.');
  const loaded = process.moduleLoadList.map((line) => line.split(' ').at(-1));
  await context.out(['child_process', 'tty', 'crypto', 'readline', 'os'].filter((name) => loaded.includes(name)).join());
`);

test('a start loads no program runner, no terminal and no cipher', async () => {
  expect((await run(process.execPath, [await starter])).out).toBe('');
});

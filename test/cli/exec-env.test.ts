import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { alice, sec, secProcess } from '../helpers/sec.ts';
import type { Ended } from '../helpers/run.ts';

const env = { SOPS_AGE_KEY: alice.identity, KEPT: 'kept' };

async function sealed(name: string, text: string): Promise<Readonly<Record<string, string>>> {
  const { status, out, err } = await sec(['encrypt', '--age', alice.recipient, name], { [name]: text });
  if (status !== 0) throw new Error(err);
  return { [name]: out };
}

const plain = 'token: s3cret\n# a comment\nempty: null\nratio: 1.50\nlines: |\n  a\n  b\n---\nsecond: x\n';
const app = (): Promise<Readonly<Record<string, string>>> => sealed('app.yaml', plain);

async function run(args: readonly string[], files?: Readonly<Record<string, string>>): Promise<Ended> {
  return secProcess(args, files ?? (await app()), { env }).ended;
}

const isRoot = process.getuid?.() === 0;

describe('exec-env', () => {
  test("passes a file's first document to a shell, and its status on", async () => {
    expect(await run(['exec-env', 'app.yaml', 'echo "$token $empty $ratio $lines $second $KEPT"; exit 3'])).toEqual({
      status: 3,
      signal: null,
      out: 's3cret <nil> 1.5 a\nb\n  kept\n',
      err: 'exit status 3\n',
    });
  });

  test('tells the signal that ended the command', async () => {
    expect(await run(['exec-env', 'app.yaml', 'kill -9 $$'])).toEqual({ status: 255, signal: null, out: '', err: 'signal: killed\n' });
  });

  test('passes nothing else where that is asked for', async () => {
    expect(await run(['exec-env', '--pristine', 'app.yaml', 'echo "$token $KEPT"'])).toMatchObject({ status: 0, out: 's3cret \n' });
  });

  test('lets the shell take its place', async () => {
    expect(await run(['exec-env', '--same-process', 'app.yaml', 'exit 4'])).toEqual({ status: 4, signal: null, out: '', err: '' });
  });

  test('does not wait in the background', async () => {
    expect(await run(['exec-env', '--background', 'app.yaml', 'cat; sleep 1; echo late'])).toEqual({
      status: 0,
      signal: null,
      out: '',
      err: '',
    });
  });

  test('cannot do both', async () => {
    expect(await run(['exec-env', '--background', '--same-process', 'app.yaml', 'true'])).toMatchObject({ status: 8, out: '' });
  });

  test('names the key of a value that no variable can hold', async () => {
    const files = await sealed('b.yaml', 'list: [1]\n');
    expect(await run(['exec-env', 'b.yaml', 'true'], files)).toEqual({
      status: 1,
      signal: null,
      out: '',
      err: 'sec: b.yaml: list cannot be a variable: it holds a list or a map\n',
    });
  });

  test.runIf(isRoot)('runs as another user, with the variables of that one', async () => {
    const { out } = await run(['exec-env', '--user', 'nobody', 'app.yaml', 'id -un; echo "$USER $LOGNAME $HOME"']);
    expect(out).toMatch(/^nobody\nnobody nobody \/\S+\n$/);
  });

  test('knows no user who is not there', async () => {
    expect(await run(['exec-env', '--user', 'no-such-user', 'app.yaml', 'true'])).toMatchObject({
      status: 1,
      err: 'sec: user: unknown user no-such-user\n',
    });
  });
});

describe('exec-file', () => {
  test('gives the plain text through a pipe that is read once', async () => {
    expect(await run(['exec-file', 'app.yaml', 'test -p {} && stat -c %a {} && cat {}'])).toEqual({
      status: 0,
      signal: null,
      out: `600\n${plain}`,
      err: '',
    });
  });

  test('ends where nobody reads the pipe, or only its first line', async () => {
    const files = await sealed('big.txt', 'x'.repeat(300_000));
    expect(await run(['exec-file', 'big.txt', 'exit 7'], files)).toMatchObject({ status: 7, err: 'exit status 7\n' });
    expect(await run(['exec-file', 'big.txt', 'head -c 3 {}'], files)).toMatchObject({ status: 0, out: 'xxx' });
  });

  test('gives it as a file, which is gone afterwards', async () => {
    const { out, status } = await run([
      'exec-file',
      '--no-fifo',
      '--filename',
      'app.conf',
      'app.yaml',
      'stat -c %a {}; cat {} {}; echo {}',
    ]);
    const path = out.trimEnd().split('\n').at(-1) ?? '';
    expect({ status, out }).toEqual({ status: 0, out: `600\n${plain}${plain}${path}\n` });
    expect([path.endsWith('/app.conf'), existsSync(path)]).toEqual([true, false]);
  });

  test('gives it in another format', async () => {
    const { out } = await run(['exec-file', '--output-type', 'json', 'app.yaml', 'cat {}']);
    expect(JSON.parse(out)).toEqual({ token: 's3cret', empty: null, ratio: 1.5, lines: 'a\nb\n' });
  });

  test.each(['../x', '/tmp/x', 'a/../../x'])('takes no name that leads elsewhere: %s', async (name) => {
    expect(await run(['exec-file', '--filename', name, 'app.yaml', 'true'])).toMatchObject({
      status: 1,
      err: 'sec: The provided filename is not a local path.\n',
    });
  });

  test('leaves no folder when a signal ends it', async () => {
    const { child, shows, ended } = secProcess(['exec-file', '--no-fifo', 'app.yaml', 'echo {}; exec sleep 60'], await app(), { env });
    await shows('tmp-file');
    child.kill('SIGTERM');
    const { out } = await ended;
    expect(existsSync(out.trim())).toBe(false);
  });

  test.runIf(isRoot)('belongs to the user who runs it', async () => {
    expect(await run(['exec-file', '--user', 'nobody', '--no-fifo', 'app.yaml', 'stat -c %U {}'])).toMatchObject({
      status: 0,
      out: 'nobody\n',
    });
  });
});

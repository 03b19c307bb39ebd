import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { alice, builtSec, makeWorld, sec } from '../helpers/sec.ts';

/** The GitHub Action, run as a runner runs it: inputs and files by variables, commands on standard output. */

const action = join(import.meta.dirname, '..', '..', 'action', 'main.mjs');

interface Step {
  readonly status: number | null;
  readonly log: readonly string[];
  /** What the step wrote for the next ones, with the random ends as END. */
  readonly env: string;
  readonly output: string;
}

/** @param program a script in the place of sec; ours where none is given */
async function step(
  text: string,
  inputs: Readonly<Record<string, string>>,
  more: { env?: Record<string, string>; program?: string } = {},
): Promise<Step> {
  const sealed = await sec(['encrypt', '--age', alice.recipient, 'a.yaml'], { 'a.yaml': text });
  const script = more.program ?? `#!/bin/sh\nexec "${process.execPath}" "${builtSec()}" "$@"\n`;
  const { work, env } = makeWorld({ 'a.yaml': sealed.out, env: '', output: '', '~/.config/sops/age/keys.txt': `${alice.identity}\n` });
  const program = join(work, 'sec');
  writeFileSync(program, script, { mode: 0o755 });
  const given = Object.fromEntries(
    Object.entries({ files: 'a.yaml', sec: program, ...inputs }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const files = { GITHUB_ENV: join(work, 'env'), GITHUB_OUTPUT: join(work, 'output'), RUNNER_TEMP: work };
  const child = spawn(process.execPath, [action], {
    cwd: work,
    env: { ...env, ...files, ...given, ...more.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (log += piece));
  const status = await new Promise<number | null>((done) => {
    child.on('close', done);
  });
  const read = (name: string): string => readFileSync(join(work, name), 'utf8').replaceAll(/sec-[0-9a-f-]{36}/g, 'END');
  return { status, log: log.trimEnd().split('\n'), env: read('env'), output: read('output') };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('the action', () => {
  test('masks a value, each of its lines and its base64, and gives it to the next steps', async () => {
    const { status, log, env, output } = await step('db:\n    password: "50%\\nof it"\n', {});

    expect({ status, env, output }).toEqual({ status: 0, env: 'DB_PASSWORD<<END\n50%\nof it\nEND\n', output: '' });
    expect(log).toEqual([
      '::add-mask::50%25%0Aof it',
      '::add-mask::50%25',
      '::add-mask::of it',
      `::add-mask::${base64('50%\nof it')}`,
      `::add-mask::${base64('50%\nof it\n')}`,
      `::add-mask::${base64('50%\nof it\n').replace(/=+$/, '')}`,
      '1 values of a.yaml',
    ]);
  });

  test('gives outputs, with a prefix, and only those that are asked for', async () => {
    const { status, env, output } = await step('a: one\nb: two\n', { to: 'outputs', prefix: 'X_', only: 'X_B' });

    expect({ status, env, output }).toEqual({ status: 0, env: '', output: 'X_B<<END\ntwo\nEND\n' });
  });

  test('lets no value end its own text in the file of the runner', async () => {
    const { env } = await step('a: "x\\nEND\\nNODE_OPTIONS=--require=evil"\n', {});

    expect(env).toBe('A<<END\nx\nEND\nNODE_OPTIONS=--require=evil\nEND\n');
  });

  test.each([
    ['a: b\n', { files: ' ' }, '::error::the input "files" names no file'],
    ['a: b\n', { to: 'file' }, '::error::the input "to" is env or outputs'],
    ['node_options: b\n', {}, '::error::NODE_OPTIONS belongs to the runner: give it another name'],
    [
      'a: b\n',
      { role: 'arn:aws:iam::111122223333:role/x' },
      '::error::a role needs the token of the job: set permissions: { id-token: write }',
    ],
    ['a: b\n', { sec: '/nowhere/sec' }, '::error::/nowhere/sec cannot be run: ENOENT'],
    ['a: b\n', { files: 'none.yaml' }, '::error::sec: none.yaml: there is no such file'],
  ])('fails for %j with %j', async (text, inputs, message) => {
    const { status, log, env } = await step(text, inputs);

    expect({ status, last: log.at(-1)?.split('%0A')[0], env }).toEqual({ status: 1, last: message, env: '' });
  });

  test('takes the token of the job for a role, and gives it to sec alone', async () => {
    const asked: string[] = [];
    const server = createServer(({ url, headers }, response) => {
      asked.push(`${url} ${headers.authorization}`);
      response.end(JSON.stringify({ value: 'token-of-the-job' }));
    });
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { status, log, env } = await step(
      'a: b\n',
      { role: 'arn:aws:iam::111122223333:role/deploy', region: 'eu-west-1', audience: 'sts.amazonaws.com' },
      {
        env: { ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?v=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer' },
        program: '#!/bin/sh\nprintf \'{"SEEN":"%s %s %s"}\' "$AWS_ROLE_ARN" "$AWS_REGION" "$(cat "$AWS_WEB_IDENTITY_TOKEN_FILE")"\n',
      },
    );

    expect({ status, asked }).toEqual({ status: 0, asked: ['/token?v=1&audience=sts.amazonaws.com Bearer bearer'] });
    expect(log[0]).toBe('::add-mask::token-of-the-job');
    expect(env).toBe('SEEN<<END\narn:aws:iam::111122223333:role/deploy eu-west-1 token-of-the-job\nEND\n');
  });
});

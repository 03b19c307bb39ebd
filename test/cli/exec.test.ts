import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { need } from '../helpers/need.ts';
import { run, type Ended } from '../helpers/run.ts';
import { alice, builtSec, makeWorld, sec, secProcess } from '../helpers/sec.ts';
import { expectLine, openScreen } from '../helpers/tmux.ts';

const options = { env: { SEC_AGE_KEY: alice.identity } };

async function secrets(): Promise<Readonly<Record<string, string>>> {
  const { status, out, err } = await sec(['encrypt', '--age', alice.recipient, 'app.yaml'], { 'app.yaml': 'token: s3cret\n' });
  if (status !== 0) throw new Error(err);
  return { 'app.yaml': out };
}

function shellStatus({ status, signal }: Ended): number {
  return status ?? 128 + constants.signals[signal ?? 'SIGHUP'];
}

describe('the built program', () => {
  test('runs a program with the secrets, its streams and its status', async () => {
    const script = 'read -r line; echo "$line $TOKEN"; echo err >&2; exit 3';
    const { ended } = secProcess(['exec', '--', 'sh', '-c', script], await secrets(), { ...options, input: 'in\n' });
    expect(await ended).toEqual({ status: 3, signal: null, out: 'in s3cret\n', err: 'err\n' });
  });

  test('passes a signal on, and ends with the program', async () => {
    const script = 'trap "echo heard; exit 5" TERM; echo ready; while :; do sleep 0.05; done';
    const { child, shows, ended } = secProcess(['exec', '--', 'sh', '-c', script], await secrets(), options);
    await shows('ready');
    child.kill('SIGTERM');
    expect(await ended).toEqual({ status: 5, signal: null, out: 'ready\nheard\n', err: '' });
  });

  test('ends as the program did by a signal', async () => {
    const { ended } = secProcess(['exec', '--', 'sh', '-c', 'kill -KILL $$'], await secrets(), options);
    expect(shellStatus(await ended)).toBe(137);
  });

  test('leaves the secrets out of every argument list', async () => {
    const script = 'tr "\\0" "\\n" < /proc/$PPID/cmdline; tr "\\0" "\\n" < /proc/$$/cmdline';
    const { ended } = secProcess(['exec', '--', 'sh', '-c', script], await secrets(), options);
    expect((await ended).out).not.toContain('s3cret');
  });

  test('says nothing where its output is read no more', async () => {
    const world = makeWorld(await secrets(), options);
    const script = '"$0" "$1" decrypt app.yaml | true; echo "${PIPESTATUS[0]}"';
    const { out, err } = await run('bash', ['-c', script, process.execPath, builtSec()], { cwd: world.work, env: world.env });
    expect([['0\n', '141\n'].includes(out), err]).toEqual([true, '']);
  });

  test.skipIf(!need('tmux'))('gives the program the terminal', async () => {
    const world = makeWorld(await secrets(), options);
    const screen = openScreen(world.work, { ...world.env, SEC: `${process.execPath} ${builtSec()}` });
    screen.type(`$SEC exec -- bash -c 'read -rsp "pin? " pin; echo; echo "$pin $TOKEN"; sleep 60'`);
    screen.press('Enter');
    await expectLine(screen, 'pin?');
    screen.type('1234');
    screen.press('Enter');
    await expectLine(screen, '1234 s3cret');
    screen.press('C-c');
    screen.type('echo status $?');
    screen.press('Enter');
    await expectLine(screen, 'status 130');
    expect(readFileSync(`${world.work}/app.yaml`, 'utf8')).not.toContain('s3cret');
  });
});

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bundle } from './helpers/bundle.ts';
import { need } from './helpers/need.ts';
import { run, start, type Ended, type Running, type RunOptions } from './helpers/run.ts';
import { expectLine, openScreen, type Screen } from './helpers/tmux.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'sec-become-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Becomes the program of its arguments; where that fails, the status is 99 and the output a code. */
const becomer = bundle(`
  import { nodePrograms } from './src/node-programs.ts';
  const [file, ...args] = process.argv.slice(2);
  const env = { ...process.env, ADDED: 'a b', LONG: 'x'.repeat(Number(process.env.LONG_LENGTH ?? 0)) };
  try {
    process.exitCode = await nodePrograms(process.env, process.cwd()).become({ file, args, env });
  } catch (error) {
    console.log(error.code);
    process.exitCode = 99;
  }
`);

async function startBecoming(args: readonly string[], options: RunOptions = {}): Promise<Running> {
  return start(process.execPath, [await becomer, ...args], { cwd: root, ...options });
}

async function become(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return (await startBecoming(args, options)).ended;
}

/** As a shell shows it: where the process was replaced, it is itself that the signal ended. */
function shellStatus({ status, signal }: Ended): number {
  return status ?? 128 + constants.signals[signal ?? 'SIGHUP'];
}

function script(name: string, text: string, mode = 0o755): string {
  writeFileSync(join(root, name), text);
  chmodSync(join(root, name), mode);
  return `./${name}`;
}

describe('what is started', () => {
  test('gets its arguments byte for byte', async () => {
    const args = ['', ' a  b', '*', '$HOME', '"\'\\', '--', '-x', 'ü🔑', 'a\nb', '--version', '-h'];
    const { out, err } = await become(['printf', '%s\\0', ...args]);
    expect({ args: out.split('\0').slice(0, -1), err }).toEqual({ args, err: '' });
  });

  test('gets even arguments that are no UTF-8', async () => {
    const script = `exec "$0" "$1" printf '%s.' "$(printf '\\377%%\\376\n\n.')" "$(printf '\\303')" 'a b' '' '$x' '\uFFFD'`;
    const { out } = await run('sh', ['-c', `${script} | od -An -v -tx1 | tr -d ' \n'`, process.execPath, await becomer]);
    expect(Buffer.from(out, 'hex').toString('latin1')).toBe('\xff%\xfe\n\n..\xc3.a b..$x.\xef\xbf\xbd.');
  });

  test('has the name it was called by, and the environment it was given', async () => {
    expect((await become(['sh', '-c', 'echo "$0 $ADDED"'])).out).toBe('sh a b\n');
    const name = script('name.sh', '#!/bin/sh\nprintf "%s\\n" "$0" "$1"\n');
    expect((await become([name, 'x y'])).out).toBe(`${name}\nx y\n`);
  });

  test('takes our place where Node can give it', async () => {
    const { child, ended } = await startBecoming(['sh', '-c', 'echo $$']);
    expect((await ended).out === `${child.pid}\n`).toBe('execve' in process);
  });

  test('reads our standard input, and writes to our standard error', async () => {
    expect(await become(['sh', '-c', 'cat; echo err >&2'], { input: 'in' })).toMatchObject({ out: 'in', err: 'err\n' });
  });

  test('may be a script without a first line for an interpreter', async () => {
    expect((await become([script('plain', 'echo plain "$1"\n'), 'x'])).out).toBe('plain x\n');
  });

  test('hears of a broken pipe as any other program', async () => {
    const { out } = await become(['bash', '-c', 'yes | head -1; echo "${PIPESTATUS[0]}"']);
    expect(out).toBe('y\n141\n');
  });

  test('may have a large environment', async () => {
    expect((await become(['sh', '-c', 'echo ${#LONG}'], { env: { LONG_LENGTH: '130000' } })).out).toBe('130000\n');
  });
});

describe('its status', () => {
  test.each([
    ['an exit status', 'exit 7', 7],
    ['success', 'exit 0', 0],
    ['a signal', 'kill -TERM $$', 143],
    ['a signal that nobody can catch', 'kill -KILL $$', 137],
  ])('is ours: %s', async (_, command, status) => {
    expect(shellStatus(await become(['sh', '-c', command]))).toBe(status);
  });

  test.each([
    ['there is no such program', 'ENOENT', () => 'sec-no-such-program'],
    ['there is no such path', 'ENOENT', () => './no/such/path'],
    ['the name is empty', 'ENOENT', () => ''],
    ['it may not be run', 'EACCES', () => script('data', 'x', 0o644)],
    ['it is a folder', 'EACCES', () => (mkdirSync(join(root, 'dir')), './dir')],
    ['its interpreter is missing', 'ENOEXEC', () => script('orphan', '#!/no/such/interpreter\n')],
  ])('fails where %s', async (_, code, prepare) => {
    expect(await become([prepare()])).toMatchObject({ status: 99, out: `${code}\n`, err: '' });
  });

  test('fails where the environment is too long for the system', async () => {
    expect(await become(['true'], { env: { LONG_LENGTH: '200000' } })).toMatchObject({ status: 99, out: 'E2BIG\n', err: '' });
  });

  test('fails where only what may not be run is on PATH', async () => {
    script('tool', 'x', 0o644);
    expect(await become(['tool'], { env: { PATH: root } })).toMatchObject({ status: 99, out: 'EACCES\n' });
  });
});

/** Says what it hears, and ends at the third thing. */
const listener = `
  let heard = 0;
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'])
    process.on(name, () => {
      console.log('heard', name);
      if (++heard === 3) process.exit(5);
    });
  process.on('SIGTSTP', () => process.kill(process.pid, 'SIGSTOP'));
  console.log('ready', process.pid);
  setInterval(() => undefined, 1000);
`;

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const)(
    '%s is passed on, once each',
    async (name) => {
      const { child, shows, ended } = await startBecoming([process.execPath, '-e', listener]);
      await shows('ready');
      for (const count of [1, 2, 3]) {
        child.kill(name);
        await shows(`heard ${name}\n`.repeat(count));
      }
      const { out, status } = await ended;
      expect({ out: out.replace(/ready \d+\n/, ''), status }).toEqual({ out: `heard ${name}\n`.repeat(3), status: 5 });
    },
  );

  test('that nobody catches end the program, and so us', async () => {
    const { child, shows, ended } = await startBecoming(['sh', '-c', 'echo ready; exec sleep 60']);
    await shows('ready');
    child.kill('SIGUSR1');
    expect(shellStatus(await ended)).toBe(128 + constants.signals.SIGUSR1);
  });

  test('that stop and continue the program stop and continue us', async () => {
    const { child, shows, ended } = await startBecoming([process.execPath, '-e', listener]);
    await shows('ready');
    const ours = child.pid ?? 0;
    child.kill('SIGTSTP');
    await expect.poll(() => state(ours)).toBe('T');
    child.kill('SIGCONT');
    await shows('heard SIGCONT');
    await expect.poll(() => state(ours)).not.toBe('T');
    child.kill('SIGTERM');
    await shows('heard SIGTERM');
    child.kill('SIGTERM');
    expect((await ended).status).toBe(5);
  });
});

function state(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.charAt(stat.lastIndexOf(')') + 2);
}

test('a program that is found by no name is not run by its parts', async () => {
  expect(await run(process.execPath, [await becomer, 'echo a; echo b'])).toMatchObject({ status: 99, out: 'ENOENT\n' });
});

describe.skipIf(!need('tmux'))('in a terminal', () => {
  const counter = `
    const heard = {};
    for (const name of ['SIGINT', 'SIGQUIT', 'SIGWINCH'])
      process.on(name, () => console.log('heard', name, (heard[name] = (heard[name] ?? 0) + 1)));
    process.on('SIGTERM', () => process.exit(5));
    console.log('ready', process.pid);
    setInterval(() => undefined, 1000);
  `;

  async function open(command: string): Promise<Screen> {
    const screen = openScreen(root, { BECOME: `${process.execPath} ${await becomer}`, NODE: process.execPath, COUNTER: counter });
    enter(screen, command);
    return screen;
  }

  function enter(screen: Screen, line: string): void {
    screen.type(line);
    screen.press('Enter');
  }

  test('each key is heard once', async () => {
    const screen = await open('$BECOME $NODE -e "$COUNTER"; echo status $?');
    await expectLine(screen, /^ready/);
    screen.press('C-c');
    await expectLine(screen, /heard SIGINT 1$/);
    screen.press('C-\\');
    await expectLine(screen, /heard SIGQUIT 1$/);
    screen.press('C-c');
    await expectLine(screen, /heard SIGINT 2$/);
    const pid = /^ready (\d+)$/m.exec(screen.lines().join('\n'))?.[1];
    process.kill(Number(pid), 'SIGTERM');
    await expectLine(screen, 'status 5');
    expect(screen.lines().filter((line) => line.includes('heard'))).toHaveLength(3);
  });

  test('Ctrl-Z stops the job, and fg goes on with it', async () => {
    const screen = await open('$BECOME sh -c "echo ready; read -r word; echo read \\$word"');
    await expectLine(screen, 'ready');
    screen.press('C-z');
    await expectLine(screen, /Stopped/);
    enter(screen, 'fg; echo status $?');
    enter(screen, 'hello');
    await expectLine(screen, 'read hello');
    await expectLine(screen, 'status 0');
  });

  test('a program that stops by itself stops the job', async () => {
    const screen = await open('$BECOME sh -c "kill -STOP \\$\\$; echo went on"');
    await expectLine(screen, /Stopped/);
    enter(screen, 'fg; echo status $?');
    await expectLine(screen, 'went on');
    await expectLine(screen, 'status 0');
  });

  test('a program that ends by Ctrl-C ends us', async () => {
    const screen = await open('$BECOME sh -c "echo ready; exec sleep 60"');
    await expectLine(screen, 'ready');
    screen.press('C-c');
    enter(screen, 'echo status $?');
    await expectLine(screen, 'status 130');
  });

  test('a program of the terminal has it', async () => {
    const screen = await open(`$BECOME bash -c 'read -p "name? " name < /dev/tty; tty -s && echo "a terminal for $name"'`);
    await expectLine(screen, 'name?');
    enter(screen, 'me');
    await expectLine(screen, 'a terminal for me');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands, type CommandEntry } from '../src/commands/index.ts';
import type { Context } from '../src/context.ts';
import { SecError, type Problem } from '../src/core/problem.ts';
import { main } from '../src/main.ts';
import { sec } from './helpers/sec.ts';

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly loaded: readonly string[];
}

/** Runs a command line of made-up commands, each of which does what is given. */
async function runWith(
  argv: readonly string[],
  actions: Readonly<Record<string, (end: (status: number) => void) => unknown>>,
): Promise<Ran> {
  const ran = { out: '', err: '', loaded: [] as string[] };
  const available = Object.entries(actions).map(([name, action]): CommandEntry => ({
    name,
    summary: `does ${name}`,
    load: async () => {
      ran.loaded.push(name);
      return (program, _, end) =>
        void program
          .command(name)
          .summary(`does ${name}`)
          .argument('[file]')
          .option('--flag <value>', 'a flag')
          .action(async () => {
            await action(end);
          });
    },
  }));
  const context = {
    out: async (text: Uint8Array | string) => void (ran.out += Buffer.from(text).toString()),
    err: (text: string) => void (ran.err += `${text}\n`),
  } as Context;
  return { status: await main(argv, context, available), ...ran };
}

function fails(problem: Problem): () => never {
  return () => {
    throw new SecError(problem);
  };
}

const nothing = (): void => undefined;

describe('a command line', () => {
  test('loads only the command at hand', async () => {
    expect(await runWith(['two', 'one'], { one: nothing, two: nothing })).toEqual({ status: 0, out: '', err: '', loaded: ['two'] });
  });

  test('ends with the status that the command gives', async () => {
    expect(await runWith(['one'], { one: (end) => end(7) })).toMatchObject({ status: 7 });
  });

  test('ends with the words and the status of a problem', async () => {
    expect(await runWith(['one'], { one: fails({ code: 'mac-missing', file: 'a' }) })).toMatchObject({
      status: 51,
      out: '',
      err: 'sec: a has no MAC, so nothing tells whether it was changed\nhint: see who changed it with: git log -p -- a\n',
    });
  });

  test('says nothing where nobody reads its output any more', async () => {
    expect(await runWith(['one'], { one: fails({ code: 'output-closed' }) })).toMatchObject({ status: 141, err: '' });
  });

  test.each([
    ['an unknown command', ['tow'], 1, "sec: unknown command 'tow'\nhint: did you mean two\n"],
    ['help on an unknown command', ['help', 'tow'], 1, "sec: unknown command 'tow'\nhint: did you mean two\n"],
    ['an unknown option', ['two', '--falg'], 1, 'sec: unknown option --falg\nhint: did you mean --flag\n'],
    [
      'an unknown option, without its value',
      ['two', '--nothing=hunter2'],
      1,
      'sec: unknown option --nothing\nhint: sec --help shows what there is\n',
    ],
    [
      'a value that begins with a dash',
      ['two', '-hunter2!'],
      1,
      'sec: unknown option that begins with a dash\nhint: sec --help shows what there is\n',
    ],
    [
      'an option without its value',
      ['two', '--flag'],
      1,
      "sec: option '--flag <value>' argument missing\nhint: sec --help shows what there is\n",
    ],
    [
      'too many arguments',
      ['two', 'a', 'b'],
      1,
      "sec: too many arguments for 'two'. Expected 1 argument but got 2\nhint: sec --help shows what there is\n",
    ],
  ])('is refused for %s', async (_, argv, status, err) => {
    expect(await runWith(argv, { one: nothing, two: nothing })).toMatchObject({ status, out: '', err });
  });

  test('without anything shows the help where errors go', async () => {
    const { status, out, err } = await runWith([], { one: nothing });
    expect({ status, out, first: err.split('\n')[0] }).toEqual({ status: 100, out: '', first: 'Usage: sec [options] [command]' });
  });
});

describe('an error that nobody foresaw', () => {
  test('shows its kind and place, and nothing of its message', async () => {
    const action = (): never => {
      throw new TypeError('hunter2 at (file:1:1)\n    at hunter2 (/x/secret.ts:1:2) is no good');
    };
    const { status, out, err } = await runWith(['one'], { one: action });
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/^sec: internal error \(TypeError at main\.test\.ts:\d+:\d+\)\nhint: this is a defect of sec: .*\n$/);
  });

  test('of the system shows its path and what the system said', async () => {
    const action = (): never => {
      throw Object.assign(new Error('hunter2'), { code: 'EACCES', path: '/x/y' });
    };
    expect(await runWith(['one'], { one: action })).toMatchObject({ status: 1, err: 'sec: /x/y: permission denied\n' });
  });

  test('may be no error at all', async () => {
    const action = (): never => {
      throw 'hunter2'; // oxlint-disable-line typescript/only-throw-error -- as a careless library does
    };
    expect(await runWith(['one'], { one: action })).toMatchObject({
      status: 1,
      err: 'sec: internal error (not an error)\n',
    });
  });
});

describe('the real commands', () => {
  test.each(['--version', '-v'])('%s prints the version of the package', async (flag) => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { version: string };
    expect(await sec([flag])).toMatchObject({ status: 0, out: `sec ${manifest.version}\n`, err: '' });
  });

  test('are all in the help, with the summaries that they declare', async () => {
    const listed = await sec(['--help']);
    const declared = await sec(['--help', ...commands.map(({ name }) => name)]);
    expect(listed).toMatchObject({ status: 0, err: '' });
    expect(summaries(listed.out)).toEqual(commands.map(({ name, summary }) => `${name} ${summary}`));
    expect(summaries(declared.out)).toEqual(summaries(listed.out));
  });

  test.each(commands.map(({ name }) => name))('%s has a help of its own', async (name) => {
    const { status, out, err } = await sec([name, '--help']);
    expect({ status, err, usage: out.startsWith(`Usage: sec ${name} `) }).toEqual({ status: 0, err: '', usage: true });
  });
});

/** The lines of the commands in a help, `help` itself aside, with single spaces. */
function summaries(help: string): readonly string[] {
  const list = help.slice(help.indexOf('Commands:\n') + 'Commands:\n'.length).trimEnd();
  return list
    .replaceAll(/\n {4,}/g, ' ')
    .split('\n')
    .map((line) => line.trim().replace(/^(\S+)(?: \[.*?\]| <.*?>)*\s+/, '$1 '))
    .filter((line) => !line.startsWith('help '));
}

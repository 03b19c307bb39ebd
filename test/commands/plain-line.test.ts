import fc from 'fast-check';
import { Command, CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import type { Action, Declaration } from '../../src/commands/declaration.ts';
import { commands } from '../../src/commands/index.ts';
import { readPlainLine } from '../../src/commands/plain-line.ts';

/** The quick reader of command lines against commander: it calls the same action with the same arguments, or leaves the line. */

type Declare = (program: Declaration) => void;

/** What the action of a command would get from a line, by either reader; `null` where it is never called. */
function givenBy(read: (declare: Declare) => void, declare: Declare): readonly unknown[] | null {
  const calls: (readonly unknown[])[] = [];
  read((program) => declare(watched(program, (given) => void calls.push(given))));
  return calls[0] ?? null;
}

/** The declaration with all actions replaced by one that only notes what it gets. */
function watched(program: Declaration, note: (given: readonly unknown[]) => void): Declaration {
  return new Proxy(program, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: readonly unknown[]): unknown => {
        const act: Action['act'] = (...args) => note(args);
        const result: unknown = Reflect.apply(member, target, name === 'action' ? [act] : given);
        return typeof result === 'object' && result !== null ? watched(result as Declaration, note) : result;
      };
    },
  });
}

function byCommander(declare: Declare, words: readonly string[]): readonly unknown[] | null {
  const program = new Command('sec').enablePositionalOptions().exitOverride();
  program.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  const given = givenBy((noting) => {
    noting(program);
    try {
      program.parse([program.commands[0]?.name() ?? '', ...words], { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
    }
  }, declare);
  // Behind what we declare, commander gives the command itself.
  return given?.slice(0, -1) ?? null;
}

function byPlainLine(declare: Declare, words: readonly string[]): readonly unknown[] | null {
  return givenBy((noting) => void readPlainLine(noting, words)?.(), declare);
}

/** Lines as people write them, with a word now and then that may not fit: options before and behind the arguments. */
function wordsOf(declare: Declare): fc.Arbitrary<readonly string[]> {
  const program = new Command('sec').enablePositionalOptions();
  declare(program);
  const [command] = program.commands;
  const options = (command?.options ?? []).flatMap(({ short, long, required }) =>
    [short, long].flatMap((name) => (name === undefined ? [] : [required ? [name, 'a'] : [name], required ? [`${name}=-1`] : [name]])),
  );
  const odd = fc.constantFrom('--help', '-h', '-v', '--unknown', '-x', '-', '', '--', '-1', 'a=b', '--output', '--no-fifo=x');
  const given = fc.array(
    fc.oneof({ weight: 8, arbitrary: fc.constantFrom(['a'], ...options) }, { weight: 1, arbitrary: odd.map((word) => [word]) }),
    {
      maxLength: 3,
    },
  );
  const count = command?.registeredArguments.length ?? 0;
  const operands = fc.array(fc.constantFrom('a.yaml', 'b', 'two words'), { minLength: Math.max(count - 1, 0), maxLength: count + 1 });
  return fc.tuple(given, operands, given).map(([before, args, behind]) => [...before.flat(), ...args, ...behind.flat()]);
}

describe.each(commands)('$name', ({ load }) => {
  test('gives the action what commander gives it, or leaves the line to commander', async () => {
    const declareCommand = await load();
    const declare: Declare = (program) => declareCommand(program, Object.create(null) as Context, () => undefined);

    fc.assert(
      fc.property(wordsOf(declare), (words) => {
        const plain = byPlainLine(declare, words);
        const wanted = plain === null ? null : byCommander(declare, words);
        expect(plain).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });
});

test.each([
  ['decrypt', ['a.yaml'], ['a.yaml', {}]],
  ['decrypt', [], [undefined, {}]],
  ['decrypt', ['--output', 'b', '-i', '--extract=["a"]', 'a.yaml'], ['a.yaml', { output: 'b', inPlace: true, extract: '["a"]' }]],
  ['decrypt', ['--', '-a.yaml'], ['-a.yaml', {}]],
  ['get', ['a.yaml', 'b', '--json'], ['a.yaml', 'b', { json: true }]],
  ['exec', ['-f', 'a', '-f', 'b', 'true', '-f', 'c'], ['true', ['-f', 'c'], { file: ['a', 'b'], prefix: '', separator: '_', only: [] }]],
  ['exec', ['--only', 'A, B', '--', 'env', '--help'], ['env', ['--help'], { file: [], prefix: '', separator: '_', only: ['A', 'B'] }]],
  ['decrypt', ['--help'], null],
  ['decrypt', ['a.yaml', 'b.yaml'], null],
  ['decrypt', ['--no-such', 'a.yaml'], null],
  ['decrypt', ['--output'], null],
  ['decrypt', ['--output', '-i', 'a.yaml'], null],
  ['get', ['a.yaml'], null],
  ['groups', ['add', '-f', 'a.yaml'], null],
] as const)('reads %s %j', async (name, words, wanted) => {
  const declareCommand = await commands.find((entry) => entry.name === name)?.load();
  const declare: Declare = (program) => declareCommand?.(program, Object.create(null) as Context, () => undefined);

  expect(byPlainLine(declare, words)).toEqual(wanted);
});

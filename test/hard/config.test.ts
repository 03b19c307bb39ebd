import { expect, test } from 'vitest';

import { alice, sec } from '../helpers/sec.ts';

const levels = 100_000;
const rule = `creation_rules:\n  - age: ${alice.recipient}\n`;

/** Configurations that ask for more than there is, and what is said of them after the name of the file. */
const configs: readonly (readonly [name: string, text: string | Uint8Array, said: string])[] = [
  ['aliases of aliases', `${bomb('[x]', (at) => `[*a${at}, *a${at}]`)}${rule}`, ': its aliases stand for too many values'],
  ['rules of aliases', `creation_rules:\n  - age: &a0 [x, x]\n${bombRules()}`, ': its aliases stand for too many values'],
  ['a list in itself', 'creation_rules: &x\n  - *x\n', ': the whole file must not be nested deeper than 50'],
  ['a map merged into itself', `creation_rules:\n  - &x\n    <<: *x\n    age: ${alice.recipient}\n`, ': an alias is part of what it names'],
  ['an alias of nothing', 'creation_rules: *x\n', ': an alias names no anchor before it'],
  ['lists in lists', `creation_rules: ${'['.repeat(levels)}${']'.repeat(levels)}\n`, ': line 1: it is nested too deep'],
  ['maps in maps', `${'{a: '.repeat(levels)}1${'}'.repeat(levels)}\n`, ': line 1: it is nested too deep'],
  ['bytes that are not UTF-8', Buffer.from('creation_rules: \xff\n', 'latin1'), ': it is not UTF-8'],
  ['a list', '- a\n', ': the whole file must be a map, not a list'],
];

test.each(configs)('a configuration with %s', async (_, text, said) => {
  const { status, out, err } = await sec(['encrypt', 'f.yaml'], { 'f.yaml': 'a: 1\n', '.secretsrc.yaml': text });
  expect({ status, out, err }).toEqual({ status: 1, out: '', err: `sec: .secretsrc.yaml${said}\n` });
});

test('an expression that takes other engines forever', async () => {
  const config = `creation_rules:\n  - path_regex: (a*)*b$\n    age: ${alice.recipient}\n`;
  const name = `${'a'.repeat(200)}.yaml`;
  const { status, err } = await sec(['encrypt', name], { [name]: 'a: 1\n', '.secretsrc.yaml': config });
  expect([status, err.split('\n')[0]]).toEqual([1, `sec: no rule in .secretsrc.yaml fits ${name}`]);
});

function bomb(first: string, next: (at: number) => string): string {
  const lines = Array.from({ length: 40 }, (_, at) => `x${at + 1}: &a${at + 1} ${next(at)}\n`);
  return `x0: &a0 ${first}\n${lines.join('')}`;
}

function bombRules(): string {
  return Array.from({ length: 30 }, (_, at) => `  - age: &a${at + 1} [*a${at}, *a${at}]\n`).join('');
}

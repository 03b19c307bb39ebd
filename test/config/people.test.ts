import { expect, test } from 'vitest';
import { nameOf } from '../../src/config/people.ts';

const people = new Map([
  ['alice', [{ kind: 'age', text: 'age1a' }]],
  [
    'bob',
    [
      { kind: 'pgp', text: 'AAAA' },
      { kind: 'age', text: 'age1b' },
    ],
  ],
] as const);

test.each([
  ['age', 'age1b', 'bob'],
  ['pgp', 'AAAA', 'bob'],
  ['age', 'AAAA', null],
  ['age', 'age1c', null],
] as const)('finds the name of a recipient: %s %s is %s', (kind, label, name) => {
  expect(nameOf(people, kind, label)).toBe(name);
});

import { expect, test } from 'vitest';
import { explain } from '../../src/terminal/explain.ts';
import { print } from '../../src/terminal/words.ts';
import { examples, type Example } from './examples.ts';

const all: readonly Example[] = Object.values(examples).flat();

test.each(all.map(([problem, ...lines]) => ({ code: problem.code, problem, lines })))('$code is told in whole', ({ problem, lines }) => {
  expect(print(explain(problem)).split('\n')).toEqual(lines);
});

test('what comes from outside cannot move the cursor or turn the text', () => {
  const file = 'a\u001b[2J\r\nb\u202ec\u2028.yaml';
  expect(print(explain({ code: 'file-missing', file }))).toBe('sec: a\\u001b[2J\\u000d\\u000ab\\u202ec\\u2028.yaml: there is no such file');
});

test('a name of any length leaves the words behind it', () => {
  const key = '😀'.repeat(5000);
  const said = print(explain({ code: 'cannot-encrypt', file: 'app.yaml', key, reason: 'it is too long' }));
  expect(said).toBe(`sec: app.yaml: ${'😀'.repeat(492)} … ${'😀'.repeat(482)} cannot be encrypted: it is too long`);
});

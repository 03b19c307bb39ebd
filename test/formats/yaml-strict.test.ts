import { expect, test } from 'vitest';
import { yaml } from '../../src/formats/yaml/yaml.ts';
import { problemOf } from '../helpers/problem.ts';

/** Each seen with sops 3.13.3, which refuses the plain text and would refuse the encrypted one. */
test.each([
  ['a: b\n\t\nc: d\n', 2, 'sops reads no tab as indentation'],
  ['a: b\n\t', 2, 'sops reads no tab as indentation'],
  ['a:\n  b: c\n\t\n  d: e\n', 3, 'sops reads no tab as indentation'],
  ['a: b\n\t# c\nd: e\n', 2, 'sops reads no tab as indentation'],
  ['a:\n  -\tb\n', 2, 'sops reads no tab as indentation'],
  ['a:\n \tb\n', 2, 'sops reads no tab as indentation'],
  ['? a\n:\tb\n', 2, 'sops reads no tab as indentation'],
  ['?\ta\n: b\n', 1, 'sops reads no tab as indentation'],
  ['a: &x.y b\n', 1, 'sops reads only letters, digits, "-" and "_" in the name of an anchor'],
  ['&ü a: b\n', 1, 'sops reads only letters, digits, "-" and "_" in the name of an anchor'],
  ['a: {\n  b\n  : c}\n', 3, 'sops reads no key whose colon stands on another line'],
  ['a: {?foo: x}\n', 1, 'sops takes a question mark in brackets for a sign of its own'],
  ['%YAML 1.2\n---\na: b\n', 1, 'sops reads no directive but %YAML 1.1 and %TAG'],
  [' \t\na: b\n', 1, 'sops reads no tab as indentation'],
  ['{ a\n% : b }\n', 2, 'sops takes a line that begins with "%" for a directive'],
  ['%FOO x\n---\na: b\n', 1, 'sops reads no directive but %YAML 1.1 and %TAG'],
])('refuses %j, which sops could not open again', (text, line, reason) => {
  expect(problemOf(() => yaml.read(Buffer.from(text), 'f.yaml'))).toEqual({
    code: 'malformed',
    file: 'f.yaml',
    format: 'YAML',
    line,
    reason,
  });
});

test.each([
  'a:\tb\n',
  'a: b\t# c\n',
  'a: b\n \t\nc: d\n',
  'a: x\n  \ty\n',
  'a: |\n  x\n  \ty\n',
  'a: |\n  -\tb\n  ?\tc\n',
  'a: {b: c,\td: e}\n',
  '{\n\t"a": "x",\n\t"b": [\n\t\t1\n\t]\n}\n',
  'a: {? foo: x}\n',
  'a: &x-1_y b\n',
  '%YAML 1.1\n---\na: b\n',
  'a: !!set {x: }\n',
])('reads %j as sops does', (text) => {
  expect(problemOf(() => yaml.read(Buffer.from(text), 'f.yaml'))).toBeNull();
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { aad, parseBracketPath, parsePath, printPath } from '../../src/core/path.ts';
import type { Path, PathUse } from '../../src/core/path.ts';
import { problemOf } from '../helpers/problem.ts';

describe('the additional data of a value', () => {
  test.each([
    [['a'], 'a:'],
    [['a', 'b'], 'a:b:'],
    [[], ':'],
    [['c', '<<', 'k'], 'c:<<:k:'],
    [['a:b', ''], 'a:b::'],
    [['é'], 'é:'],
  ])('of %j is %j', (path, text) => {
    expect(aad(path)).toBe(text);
  });
});

describe("sops's notation", () => {
  test.each<[string, Path]>([
    ['["a"]', ['a']],
    ["['a']", ['a']],
    ['["a"][0][\'b c\']', ['a', 0, 'b c']],
    ['[""]', ['']],
    ['["x]y"]', ['x]y']],
    ['["d"e"]', ['d"e']],
    [String.raw`["d\"e"]`, [String.raw`d\"e`]],
    ['["1"]', ['1']],
    ['[1]', [1]],
    ['["b"][+2]', ['b', 2]],
    ['["b"][007]', ['b', 7]],
    [`["a']`, ['a']],
    ['["a]', ['']],
    ['["b"]]', ['b"']],
    ['[["b"][[0][', ['b', 0]],
    ['[" s "]', [' s ']],
  ])('reads %s as sops does', (text, path) => {
    expect(parseBracketPath(text, 'set')).toEqual(path);
  });

  test.each<[string, string]>([
    ['["a"', 'each part must be in brackets, as in ["a"][0]'],
    ['["a"]x', 'each part must be in brackets, as in ["a"][0]'],
    ['["a"] [0]', 'each part must be in brackets, as in ["a"][0]'],
    ['a', 'each part must be in brackets, as in ["a"][0]'],
    ['a["b"]', 'each part must be in brackets, as in ["a"][0]'],
    ['[]', 'a pair of brackets is empty'],
    ['["b"][]', 'a pair of brackets is empty'],
    ['["]', 'a quote is not closed'],
    ['["b"][-1]', 'a position cannot be negative'],
    ['["b"][ 0]', 'what is in brackets must be a key in quotes or a position'],
    ['["b"][0x0]', 'what is in brackets must be a key in quotes or a position'],
    ['["b"][1e0]', 'what is in brackets must be a key in quotes or a position'],
    ['[a]', 'what is in brackets must be a key in quotes or a position'],
    ['["b"][99999999999999999999]', 'a position is too large'],
  ])('refuses %s', (path, reason) => {
    for (const use of ['extract', 'set'] satisfies PathUse[]) {
      expect(problemOf(() => parseBracketPath(path, use))).toEqual({ code: 'bad-path', path, reason, use });
    }
  });

  test.each(['', '[', '[['])('has %j for the whole document, which cannot be set', (path) => {
    expect(parsePath(path, 'extract')).toEqual([]);
    expect(problemOf(() => parsePath(path, 'set'))).toEqual({ code: 'bad-path', path, reason: 'it is empty', use: 'set' });
  });
});

describe('the dotted notation', () => {
  test.each<[string, Path]>([
    ['password', ['password']],
    ['db.password', ['db', 'password']],
    ['.db.password', ['db', 'password']],
    ['hosts[0]', ['hosts', 0]],
    ['hosts[0][12].name', ['hosts', 0, 12, 'name']],
    ['hosts.0', ['hosts', '0']],
    ['a["b.c"].d', ['a', 'b.c', 'd']],
    ["a['b.c'].d", ['a', 'b.c', 'd']],
    [String.raw`data.tls\.crt`, ['data', 'tls.crt']],
    [String.raw`a\[0\]\\b`, [String.raw`a[0]\b`]],
    ['.["tls.crt"].x', ['tls.crt', 'x']],
    ['.[0]', [0]],
    ['a[""]', ['a', '']],
    [String.raw`a["\"\\\né"]`, ['a', '"\\\né']],
    ['a b.c:d', ['a b', 'c:d']],
    ['it\'s."so"', ["it's", '"so"']],
  ])('reads %s', (text, path) => {
    expect(parsePath(text, 'extract')).toEqual(path);
  });

  test.each<[string, string]>([
    ['.', 'it cannot be read from character 1 on'],
    ['a.', 'it cannot be read from character 2 on'],
    ['a..b', 'it cannot be read from character 2 on'],
    ['..a', 'it cannot be read from character 1 on'],
    ['a.[0]', 'it cannot be read from character 2 on'],
    ['a[', 'it cannot be read from character 2 on'],
    ['a[]', 'it cannot be read from character 2 on'],
    ['a[-1]', 'it cannot be read from character 2 on'],
    ['a[b]', 'it cannot be read from character 2 on'],
    ['a["b]', 'it cannot be read from character 2 on'],
    ['a]', 'it cannot be read from character 2 on'],
    [String.raw`a\b`, 'it cannot be read from character 2 on'],
    [String.raw`a["\x"]`, 'it cannot be read from character 2 on'],
    ['a[0]b', 'it cannot be read from character 5 on'],
    ['a[99999999999999999999]', 'a position is too large'],
  ])('refuses %s', (path, reason) => {
    expect(problemOf(() => parsePath(path, 'set'))).toEqual({ code: 'bad-path', path, reason, use: 'set' });
  });
});

describe('a printed path', () => {
  test.each<[Path, string]>([
    [[], ''],
    [['db', 'password'], 'db.password'],
    [['hosts', 0, 'name'], 'hosts[0].name'],
    [['data', 'tls.crt', 'x'], 'data["tls.crt"].x'],
    [['tls.crt'], '.["tls.crt"]'],
    [[''], '.[""]'],
    [['<<', 'a:b', 'a-b', 'ключ'], '<<.a:b.a-b.ключ'],
    [['a b', "it's"], '.["a b"]["it\'s"]'],
    [['\u001b[2J\u202ex'], String.raw`.["\u001b[2J\u202ex"]`],
    [['a\nb', '\ud800'], String.raw`.["a\nb"]["\ud800"]`],
  ])('of %j is %s', (path, text) => {
    expect(printPath(path)).toBe(text);
  });

  test('reads as the path it was printed from', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('.', '[', ']', '"', "'", '\\', 'a', '\n', '0', '\ud800') }),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(key, fc.nat()), { minLength: 1 }), (path) => {
        expect(parsePath(printPath(path), 'set')).toEqual(path);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each(['a.', '[0]', '["a"]'])('no path has more than 500 steps: %s', (step) => {
  const problem = { code: 'bad-path', path: step.repeat(501).replace(/\.$/, ''), reason: 'it has more than 500 steps', use: 'set' };
  expect(problemOf(() => parsePath(problem.path, 'set'))).toEqual(problem);
  expect(parsePath(step.repeat(500).replace(/\.$/, ''), 'set')).toHaveLength(500);
});

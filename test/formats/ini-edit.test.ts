import { expect, test } from 'vitest';

import { applySplices } from '../../src/core/tree.ts';
import type { Node } from '../../src/core/tree.ts';
import { ini } from '../../src/formats/ini.ts';
import type { IniSource } from '../../src/formats/ini-read.ts';
import { leaf, list, map, str } from '../helpers/nodes.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string): IniSource => ini.read(Buffer.from(text, 'latin1'), 'x.ini');
const put = (text: string, at: readonly (string | number)[], value: Node | string): string =>
  applySplices(text, ini.put(read(text), at, typeof value === 'string' ? str(value) : value));
const drop = (text: string, at: readonly (string | number)[]): string => applySplices(text, ini.drop(read(text), at));

test('puts a value where one is, in its quotes as long as they hold it', () => {
  const text = '[s]\na = v ; c\nb = "v"\nc =\nd=\ne = `v`\n';

  expect(put(text, ['s', 'a'], 'new')).toBe(text.replace('a = v', 'a = new'));
  expect(put(text, ['s', 'a'], 'x;y')).toBe(text.replace('a = v', 'a = `x;y`'));
  expect(put(text, ['s', 'b'], 'new')).toBe(text.replace('"v"', '"new"'));
  expect(put(text, ['s', 'b'], 'a"b')).toBe(text.replace('"v"', 'a"b'));
  expect(put(text, ['s', 'c'], 'new')).toBe(text.replace('c =', 'c = new'));
  expect(put(text, ['s', 'd'], 'new')).toBe(text.replace('d=', 'd=new'));
  expect(put(text, ['s', 'e'], 'a`\nb')).toBe(text.replace('`v`', '"""a`\nb"""'));
  expect(put(text, ['s', 'a'], leaf({ type: 'float', text: '1e6' }))).toBe(text.replace('a = v', 'a = 1E+06'));
});

test('adds an entry in the layout of its neighbours', () => {
  expect(put('[s]\na      = 1\nlonger = 2\n\n[t]\n', ['s', 'new'], 'v')).toBe('[s]\na      = 1\nlonger = 2\nnew    = v\n\n[t]\n');
  expect(put('[s]\n  a: 1\n  long: 2', ['s', 'new'], 'v')).toBe('[s]\n  a: 1\n  long: 2\n  new: v');
  expect(put('[s]\r\na=1\r\n', ['s', 'new'], 'v')).toBe('[s]\r\na=1\r\nnew=v\r\n');
  expect(put('[s]\n; c\n[t]\n', ['s', 'new'], 'v')).toBe('[s]\nnew = v\n; c\n[t]\n');
  expect(put('[s]', ['s', 'new'], 'v')).toBe('[s]\nnew = v');
  expect(put('; c\n[s]\n', ['DEFAULT', 'new'], 'v')).toBe('new = v\n\n; c\n[s]\n');
  expect(put('', ['DEFAULT', 'new'], 'v')).toBe('new = v\n');
  expect(put('[s]\na = x\\', ['s', 'new'], 'v')).toBe('[s]\na = x\\\n\nnew = v');
});

test('of equal sections changes the first that has the key', () => {
  expect(put('[s]\na = 1\n[t]\n[s]\na = 2\n', ['s', 'a'], '3')).toBe('[s]\na = 3\n[t]\n[s]\na = 2\n');
  expect(put('[s]\na = 1\n[t]\n[s]\nb = 2\n', ['s', 'b'], '3')).toBe('[s]\na = 1\n[t]\n[s]\nb = 3\n');
  expect(put('[DEFAULT]\na = 1\n', ['DEFAULT', 'a'], '3')).toBe('[DEFAULT]\na = 3\n');
});

test('adds and replaces whole sections', () => {
  const section = map({ a: str('1'), longer: str('x#y') });

  expect(put('[s]\nk = v\n\n; end\n', ['t'], section)).toBe('[s]\nk = v\n\n[t]\na      = 1\nlonger = `x#y`\n\n; end\n');
  expect(put('', ['t'], section)).toBe('[t]\na      = 1\nlonger = `x#y`\n');
  expect(put('[t]\nold = v\n; c\nolder = v\n[u]\n', ['t'], section)).toBe('[t]\na      = 1\nlonger = `x#y`\n; c\n[u]\n');
});

test('replaces a whole section at the open end of a text', () => {
  expect(put('[t]\na = 1\n; c\nb = 2', ['t'], map({ x: str('3') }))).toBe('[t]\nx = 3\n; c');
  expect(put('[t]\na = 1', ['t'], map({}))).toBe('[t]\n');
  expect(put('a = 1\n[t]\n', ['DEFAULT'], map({ x: str('3') }))).toBe('x = 3\n[t]\n');
});

test('quotes keys that need it, and refuses those that cannot be written', () => {
  expect(put('[s]\n', ['s', 'a=b'], 'v')).toBe('[s]\n`a=b` = v\n');
  expect(put('[s]\n', ['s', 'a`b'], 'v')).toBe('[s]\n"""a`b""" = v\n');
  expect(put('[s]\n', ['s', '#1'], 'v')).toBe('[s]\n`#1` = v\n');
  expect(put('[s]\n', ['s', '[x'], 'v')).toBe('[s]\n`[x` = v\n');
  for (const key of ['', '-', ' a', 'a\nb', 'a`"""=']) {
    expect(problemOf(() => put('[s]\n', ['s', key], 'v'))).toEqual({
      code: 'cannot-write',
      file: 'x.ini',
      format: 'ini',
      reason: `a key that cannot be written: ${JSON.stringify(key)}`,
    });
  }
});

test('refuses values and sections that there are not', () => {
  const reasons = [
    () => put('[s]\n', ['s', 'k'], list(str('x'))),
    () => put('[s]\n', ['s', 'k'], leaf({ type: 'null' })),
    () => put('[s]\n', ['t'], 'v'),
    () => put('[s]\n', ['sops'], map({})),
    () => put('[s]\n', ['a\nb'], map({})),
    () => put('[s]\n', ['s', 'k', 'j'], 'v'),
    () => put('[s]\n', ['s', 'k'], '`\n"""\n'),
  ].map((run) => problemOf(run));

  expect(reasons).toEqual(
    [
      'k holds a list, and there is no such thing in a section',
      'k holds null, and there is no such thing in this format',
      't would be no section: it would hold a leaf',
      'the section sops is reserved',
      String.raw`a section cannot be named "a\nb"`,
      'it has sections and keys, nothing below them, and no lists',
      'a text with both kinds of quotes that hold line breaks',
    ].map((reason) => ({ code: 'cannot-write', file: 'x.ini', format: 'ini', reason })),
  );
});

test('drops an entry with its lines, and leaves comments', () => {
  expect(drop('[s]\n; c\na = """x\ny""" ; d\nb = 1\n', ['s', 'a'])).toBe('[s]\n; c\nb = 1\n');
  expect(drop('[s]\na = 1\nb = 2', ['s', 'b'])).toBe('[s]\na = 1');
});

test('drops a section with all in it', () => {
  expect(drop('[s]\na = 1\n\n; about t\n[t]\nb = 1\n\n\n[u]\n', ['t'])).toBe('[s]\na = 1\n\n; about t\n[u]\n');
  expect(drop('[s]\na = 1\n\n[t]\nb = 1\n', ['t'])).toBe('[s]\na = 1\n');
  expect(drop('a = 1\n[t]\nb = 1\n', ['DEFAULT'])).toBe('[t]\nb = 1\n');
  expect(drop('[t]\n', ['DEFAULT'])).toBe('[t]\n');
});

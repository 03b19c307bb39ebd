import { expect, test } from 'vitest';
import { environmentOf, type Naming } from '../../src/core/environment.ts';
import type { Branch, Node, Scalar, Tree } from '../../src/core/tree.ts';
import { problemOf } from '../helpers/problem.ts';

type Plain = string | number | null | readonly Plain[] | { readonly [key: string]: Plain } | Scalar;

function isScalar(value: object): value is Scalar {
  return 'type' in value;
}

function node(value: Plain): Node {
  if (value === null) return { kind: 'leaf', value: { type: 'null' }, place: null };
  if (typeof value === 'string') return { kind: 'leaf', value: { type: 'str', text: value }, place: null };
  if (typeof value === 'number') return { kind: 'leaf', value: { type: 'int', text: String(value) }, place: null };
  if (isList(value)) return { kind: 'list', items: value.map(node), place: null };
  return isScalar(value) ? { kind: 'leaf', value, place: null } : map(Object.entries(value));
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function map(entries: readonly (readonly [string, Plain])[]): Branch {
  return { kind: 'map', items: entries.map(([key, value]) => ({ kind: 'entry', key, value: node(value), keySpan: null })), place: null };
}

function tree(...documents: readonly (readonly (readonly [string, Plain])[])[]): Tree {
  return { documents: documents.map(map) };
}

const upper: Naming = { file: 'app.yaml', prefix: '', separator: '_', keys: 'upper-case' };
const written: Naming = { ...upper, file: '.env', keys: 'as-written' };

function lines(given: Tree, naming: Naming): readonly string[] {
  return environmentOf(given, naming).map(({ name, value }) => `${name}=${value}`);
}

test('joins the keys of a path in upper case', () => {
  const given = tree([
    ['db', { password: 'p', 'max-size': 3, replica: { host: 'h' } }],
    ['hosts', ['a', { name: 'b' }]],
    ['apiKey', 'k'],
  ]);
  expect(lines(given, upper)).toEqual(['DB_PASSWORD=p', 'DB_MAX_SIZE=3', 'DB_REPLICA_HOST=h', 'HOSTS_0=a', 'HOSTS_1_NAME=b', 'APIKEY=k']);
});

test('takes another separator and a prefix as they stand', () => {
  const given = tree([['db', { password: 'p' }]]);
  expect(lines(given, { ...upper, prefix: 'app_', separator: '__' })).toEqual(['app_DB__PASSWORD=p']);
});

test('passes each kind of value on as it is written', () => {
  const given = tree([
    ['int', { type: 'int', text: '123456789012345678' }],
    ['float', { type: 'float', text: '1.10' }],
    ['yes', { type: 'bool', value: true }],
    ['no', { type: 'bool', value: false }],
    ['time', { type: 'time', text: '2026-11-24T10:00:00.5Z' }],
    ['none', null],
    ['lines', 'a\nb\n'],
  ]);
  expect(lines(given, upper)).toEqual([
    'INT=123456789012345678',
    'FLOAT=1.10',
    'YES=true',
    'NO=false',
    'TIME=2026-11-24T10:00:00.5Z',
    'NONE=',
    'LINES=a\nb\n',
  ]);
});

test('leaves empty maps and lists and all comments out', () => {
  const given: Tree = {
    documents: [
      { kind: 'map', place: null, items: [{ kind: 'comment', text: ' c', inline: false, place: null }] },
      map([
        ['a', {}],
        ['b', []],
      ]),
    ],
  };
  expect(lines(given, upper)).toEqual([]);
});

test('lets the last of several documents win', () => {
  expect(lines(tree([['a', '1']], [['a', '2']], [['b', '3']]), upper)).toEqual(['A=2', 'B=3']);
});

test('keeps the names of a .env file, without export and space around', () => {
  const given = tree([
    ['Mixed_Case', '1'],
    ['export B', '2'],
    [' C ', '3'],
    ['d.e-f', '4'],
    ['\uFEFFG', '5'],
    ['Mixed_Case', '6'],
    ['1H', '7'],
  ]);
  expect(lines(given, written)).toEqual(['Mixed_Case=6', 'B=2', 'C=3', 'd.e-f=4', 'G=5', '1H=7']);
});

test('refuses two paths with one name', () => {
  const given = tree([
    ['db_password', 'a'],
    ['db', { password: 'b' }],
  ]);
  expect(problemOf(() => environmentOf(given, upper))).toEqual({
    code: 'name-collision',
    file: 'app.yaml',
    name: 'DB_PASSWORD',
    first: 'db_password',
    second: 'db.password',
  });
});

test.each([
  ['a name that begins with a digit', tree([['8080', 'x']]), upper, 'the name 8080 begins with a digit: try --prefix'],
  ['an empty name', tree([['', 'x']]), upper, 'its name has no letters that a variable may have'],
  ['a name with a space', tree([['A B', 'x']]), written, 'its name has no letters that a variable may have'],
  ['a NUL byte', tree([['a', 'x\0y']]), upper, 'it holds a NUL byte'],
  ['bytes that are no text', tree([['a', { type: 'bytes', bytes: Uint8Array.of(255) }]]), upper, 'it is not valid UTF-8'],
] as const)('refuses %s', (_, given, naming, reason) => {
  expect(problemOf(() => environmentOf(given, naming))).toMatchObject({ code: 'bad-variable', file: naming.file, reason });
});

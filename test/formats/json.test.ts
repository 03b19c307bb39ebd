import { describe, expect, test } from 'vitest';

import { applySplices } from '../../src/core/tree.ts';
import type { Node, Place, Scalar } from '../../src/core/tree.ts';
import { json } from '../../src/formats/json.ts';
import type { JsonSource } from '../../src/formats/json-read.ts';
import { encOf, openAll, piecesOf, someMetadata } from '../helpers/fake-seal.ts';
import { comment, leaf, list, map, str, treeOf } from '../helpers/nodes.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string): JsonSource => json.read(Buffer.from(text), 'x.json');
const options = { file: 'x.json', indent: null };
const nowhere: Place = { start: 0, end: 0, style: 'string' };

describe('opening a value', () => {
  test.each([
    [
      { type: 'str', text: '<a&b>\u2028\u2029\u0001\b"\\/é\u007f😀' },
      String.raw`"\u003ca\u0026b\u003e\u2028\u2029\u0001\b\"\\/é` + '\u007f😀"',
    ],
    [{ type: 'int', text: '-5' }, '-5'],
    [{ type: 'int', text: '+007' }, '7'],
    [{ type: 'float', text: '1.10' }, '1.10'],
    [{ type: 'float', text: '2' }, '2'],
    [{ type: 'float', text: '1000000000000000000000' }, '1e+21'],
    [{ type: 'float', text: '0.0000001' }, '1e-7'],
    [{ type: 'float', text: '.5' }, '0.5'],
    [{ type: 'float', text: '-0' }, '-0.0'],
    [{ type: 'bool', value: false }, 'false'],
    [{ type: 'time', text: '2024-01-01T00:00:00Z' }, '"2024-01-01T00:00:00Z"'],
    [{ type: 'null' }, 'null'],
  ] satisfies [Scalar, string][])('%o gives %j', (value, text) => {
    expect(json.openLeaf(nowhere, value)).toBe(text);
  });

  test.each([
    [{ type: 'float', text: '+Inf' }, 'a number that is not finite'],
    [{ type: 'float', text: 'NaN' }, 'a number that is not finite'],
    [{ type: 'bytes', bytes: Buffer.from([0xff]) }, 'bytes that are no text'],
  ] satisfies [Scalar, string][])('%o is refused', (value, reason) => {
    expect(problemOf(() => json.openLeaf(nowhere, value))).toEqual({ code: 'cannot-write', file: '', format: 'json', reason });
  });
});

describe('sealed comments in lists', () => {
  const sealed = (text: string): string => `"${encOf(text)}"`;

  test.each([
    ['first', [sealed('c'), '1', '2'], '[1, 2]'],
    ['between', ['1', sealed('c'), '2'], '[1, 2]'],
    ['last', ['1', '2', sealed('c')], '[1, 2]'],
    ['many', [sealed('a'), sealed('b'), '1', sealed('c'), sealed('d'), '2', sealed('e'), sealed('f')], '[1, 2]'],
    ['alone', [sealed('a'), sealed('b')], '[]'],
  ])('go with their commas: %s', (_, items, opened) => {
    const text = `{"l": [${items.join(', ')}], "sops": {"mac": "m"}}`;
    const source = read(text);
    expect(piecesOf(source.tree).filter(({ kind }) => kind === 'comment')).toHaveLength(
      items.filter((item) => item.startsWith('"')).length,
    );
    expect(openAll(json, source, new Map())).toBe(`{"l": ${opened}}`);
  });

  test('are sealed again in their place', () => {
    const text = `{"l": [${sealed('a')}, 1, ${sealed('b')}], "sops": {"mac": "m"}}`;
    const splices = piecesOf(read(text).tree).flatMap((piece) =>
      piece.kind === 'comment' && piece.place ? [{ ...piece.place, text: json.sealComment(piece, 'ENC[new]') }] : [],
    );
    expect(applySplices(text, splices)).toBe('{"l": ["ENC[new]", 1, "ENC[new]"], "sops": {"mac": "m"}}');
  });

  test('are strings in a plain text', () => {
    expect(piecesOf(read(`{"l": [${sealed('c')}]}`).tree)[0]?.kind).toBe('leaf');
  });
});

describe('put and drop', () => {
  const put = (text: string, at: readonly (string | number)[], value: Node): string => applySplices(text, json.put(read(text), at, value));
  const drop = (text: string, at: readonly (string | number)[]): string => applySplices(text, json.drop(read(text), at));
  const text = '{\n  "a": {\n    "b": [1, 2]\n  },\n  "e": {}\n}\n';

  test('replace a value and nothing else', () => {
    expect(put(text, ['a', 'b', 1], str('<'))).toBe('{\n  "a": {\n    "b": [1, "\\u003c"]\n  },\n  "e": {}\n}\n');
  });

  test('add a key as its neighbours stand', () => {
    expect(put(text, ['a', 'c'], map({ d: leaf({ type: 'float', text: '1.10' }) }))).toBe(
      '{\n  "a": {\n    "b": [1, 2],\n    "c": {\n      "d": 1.10\n    }\n  },\n  "e": {}\n}\n',
    );
  });

  test('add to an empty map on lines of its own', () => {
    expect(put(text, ['e', 'f'], leaf({ type: 'null' }))).toBe('{\n  "a": {\n    "b": [1, 2]\n  },\n  "e": {\n    "f": null\n  }\n}\n');
    expect(put('{}', ['a'], str('x'))).toBe('{\n\t"a": "x"\n}');
    expect(put('{"a":{}}', ['a', 'b'], str('x'))).toBe('{"a":{"b":"x"}}');
  });

  test.each([
    ['5', '5.0'],
    ['-0', '-0.0'],
    ['1.10', '1.10'],
    ['1e3', '1e3'],
    ['9223372036854775808', '9223372036854775808'],
  ])('write a float so that it stays one: %s', (float, written) => {
    expect(put('{"a":0}', ['a'], leaf({ type: 'float', text: float }))).toBe(`{"a":${written}}`);
  });

  test('append to a list', () => {
    expect(put(text, ['a', 'b', 2], leaf({ type: 'bool', value: true }))).toBe('{\n  "a": {\n    "b": [1, 2, true]\n  },\n  "e": {}\n}\n');
  });

  test('drop an item with its comma', () => {
    expect(drop(text, ['a'])).toBe('{\n  "e": {}\n}\n');
    expect(drop(text, ['e'])).toBe('{\n  "a": {\n    "b": [1, 2]\n  }\n}\n');
    expect(drop(text, ['a', 'b', 0])).toBe('{\n  "a": {\n    "b": [2]\n  },\n  "e": {}\n}\n');
    expect(drop(text, ['a', 'b'])).toBe('{\n  "a": {},\n  "e": {}\n}\n');
  });

  test('change the first of equal keys, as sops does', () => {
    expect(put('{"a":1,"a":2}', ['a'], str('x'))).toBe('{"a":"x","a":2}');
    expect(drop('{"a":1,"a":2}', ['a'])).toBe('{"a":2}');
  });

  test('change the first of equal keys that leads on', () => {
    expect(put('{"a":1,"a":{"b":2}}', ['a', 'b'], str('x'))).toBe('{"a":1,"a":{"b":"x"}}');
    expect(drop('{"a":[1],"a":{"b":2,"c":3}}', ['a', 'b'])).toBe('{"a":[1],"a":{"c":3}}');
  });

  test('refuse what the format has no place for, without the value', () => {
    expect(problemOf(() => put(text, ['sops'], str('secret')))).toEqual({
      code: 'cannot-write',
      file: 'x.json',
      format: 'json',
      reason: 'the top-level key sops is reserved',
    });
    expect(problemOf(() => put(text, ['e', 'x'], map({ y: leaf({ type: 'float', text: 'NaN' }) })))).toEqual({
      code: 'cannot-write',
      file: 'x.json',
      format: 'json',
      reason: 'a number that is not finite at x.y',
    });
  });
});

describe('printing', () => {
  const tree = treeOf({
    s: str('<&>'),
    i: leaf({ type: 'int', text: '-0' }),
    f: leaf({ type: 'float', text: '1.0' }),
    big: leaf({ type: 'float', text: '1e21' }),
    zero: leaf({ type: 'float', text: '-0.0' }),
    raw: leaf({ type: 'bytes', bytes: Buffer.from([0x61, 0xff]) }),
    l: list(comment(' c'), leaf({ type: 'null' })),
    m: map({}),
    n: list(),
  });

  test('is as sops prints', () => {
    expect(json.print(tree, null, options)).toBe(
      [
        '{',
        '\t"s": "\\u003c\\u0026\\u003e",',
        '\t"i": 0,',
        '\t"f": 1,',
        '\t"big": 1e+21,',
        '\t"zero": -0,',
        '\t"raw": "a\\ufffd",',
        '\t"l": [',
        '\t\tnull',
        '\t],',
        '\t"m": {},',
        '\t"n": []',
        '}',
        '',
      ].join('\n'),
    );
  });

  test.each([
    [-1, '{\n\t"a": {\n\t\t"b": 1\n\t}\n}\n'],
    [0, '{\n"a": {\n"b": 1\n}\n}\n'],
    [3, '{\n   "a": {\n      "b": 1\n   }\n}\n'],
  ])('indents by %d', (indent, text) => {
    expect(json.print(treeOf({ a: map({ b: leaf({ type: 'int', text: '1' }) }) }), null, { file: 'x', indent })).toBe(text);
  });

  test('refuses an indentation below -1, a reserved key and a float that is no number', () => {
    const reasonOf = (run: () => unknown): string => {
      const problem = problemOf(run);
      return problem?.code === 'cannot-write' ? problem.reason : '';
    };
    expect(reasonOf(() => json.print(treeOf({}), null, { file: 'x', indent: -2 }))).toBe('an indentation below -1');
    expect(reasonOf(() => json.print(treeOf({ sops: str('x') }), someMetadata(), options))).toBe('the top-level key sops is reserved');
    expect(reasonOf(() => json.print(treeOf({ a: map({ b: leaf({ type: 'float', text: 'inf' }) }) }), null, options))).toBe(
      'a number that is not finite at a.b',
    );
  });

  test('of one value has no line end, and none of the quotes of a string', () => {
    const printed = (value: Node): string => Buffer.from(json.printValue(value, options)).toString();
    expect(printed(str('<a>'))).toBe('<a>');
    expect(printed(leaf({ type: 'float', text: '1e21' }))).toBe('1e+21');
    expect(printed(leaf({ type: 'null' }))).toBe('null');
    expect(printed(list(leaf({ type: 'int', text: '1' }), map({ x: str('s') })))).toBe('[\n\t1,\n\t{\n\t\t"x": "s"\n\t}\n]');
    expect(json.printValue(leaf({ type: 'bytes', bytes: Buffer.from([0xff]) }), options)).toEqual(Buffer.from([0xff]));
  });
});

test('reading and sealing take time that grows with the text', () => {
  const text = `{${Array.from({ length: 20_000 }, (_, index) => `"k${index}": "value ${index}"`).join(',\n')}}`;
  const start = performance.now();
  const source = read(text);
  json.addMetadata(source, someMetadata());
  json.put(source, ['new'], str('x'));
  json.drop(source, ['k7']);
  expect(performance.now() - start).toBeLessThan(3000);
});

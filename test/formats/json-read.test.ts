import { describe, expect, test } from 'vitest';

import { json } from '../../src/formats/json.ts';
import type { JsonSource } from '../../src/formats/json-read.ts';
import { meaning, piecesOf } from '../helpers/fake-seal.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string): JsonSource => json.read(Buffer.from(text), 'x.json');

function scalarsOf(text: string): readonly unknown[] {
  return piecesOf(read(text).tree).map((piece) => (piece.kind === 'leaf' ? piece.value : piece.text));
}

describe('reading', () => {
  test('tells an int from a float, and keeps the notation of both', () => {
    expect(scalarsOf('{"a":1,"b":1.0,"c":1e3,"d":-0,"z":-0.0,"m":9223372036854775807,"n":9223372036854775808}')).toEqual([
      { type: 'int', text: '1' },
      { type: 'float', text: '1.0' },
      { type: 'float', text: '1e3' },
      { type: 'int', text: '-0' },
      { type: 'float', text: '-0.0' },
      { type: 'int', text: '9223372036854775807' },
      { type: 'float', text: '9223372036854775808' },
    ]);
  });

  test('resolves every escape', () => {
    expect(scalarsOf(String.raw`{"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`)).toEqual([{ type: 'str', text: '"\\/\b\f\n\r\té😀' }]);
  });

  test('keeps equal keys apart, in their order', () => {
    expect(meaning(read('{"a":1,"a":{"b":2,"b":3}}').tree)).toEqual([
      {
        map: [
          ['a', { type: 'int', text: '1' }],
          [
            'a',
            {
              map: [
                ['b', { type: 'int', text: '2' }],
                ['b', { type: 'int', text: '3' }],
              ],
            },
          ],
        ],
      },
    ]);
  });

  test.each([
    ['', 'an empty text, where an object must be', 1],
    [' \n\n', 'an empty text, where an object must be', 3],
    ['{"a":1}\nx', 'text behind the end of the JSON value', 2],
    ['{"a":1}{"b":2}', 'text behind the end of the JSON value', 1],
    ['{"a":1,\n}', 'something that is no string where a key must be', 2],
    ['{"a":[1,\n2,]}', 'something that is no value where a value must be', 2],
    ['{"a":[1 2]}', 'a list that goes on without a comma', 1],
    ['{"a":1\n"b":2}', 'an object that goes on without a comma', 2],
    ['{"a"\n1}', 'no colon after a key', 2],
    ['{\n// c\n}', 'a comment, which JSON does not have', 2],
    ['{"a":1e400}', 'a number beyond the range of a 64-bit float', 1],
    ['{"a":"x\ny"}', 'a string that does not end on its line', 1],
    [String.raw`{"a":"\x"}`, 'an unknown escape in a string', 1],
    [String.raw`{"a":"\u12"}`, 'a \\u escape without four hexadecimal digits', 1],
    [String.raw`{"a":"\ud800"}`, 'half of a surrogate pair, which is no character', 1],
    [String.raw`{"\udc00":1}`, 'half of a surrogate pair, which is no character', 1],
    ['{"a":"\t"}', 'a control character in a string', 1],
    ['\uFEFF{}', 'a byte order mark', 1],
    ['{"a":', 'something that is no value where a value must be', 1],
  ])('refuses %j with the line', (text, reason, line) => {
    expect(problemOf(() => read(text))).toEqual({ code: 'malformed', file: 'x.json', format: 'json', reason, line });
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(problemOf(() => json.read(Buffer.from('{"a":"\xff"}', 'latin1'), 'x.json'))).toEqual({
      code: 'malformed',
      file: 'x.json',
      format: 'json',
      reason: 'bytes that are not UTF-8',
      line: null,
    });
  });

  test.each([
    ['[1]', 'list'],
    ['"a"', 'scalar'],
    ['null', 'scalar'],
  ])('refuses %s at the top', (text, found) => {
    expect(problemOf(() => read(text))).toEqual({ code: 'top-level-not-map', file: 'x.json', found });
  });

  test('takes 500 levels and refuses 501', () => {
    const deep = (levels: number): string => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect(problemOf(() => read(deep(500)))).toBeNull();
    expect(problemOf(() => read(deep(501)))).toEqual({ code: 'too-deep', file: 'x.json', limit: 500 });
    expect(problemOf(() => read('{"a":'.repeat(200_000)))).toEqual({ code: 'too-deep', file: 'x.json', limit: 500 });
  });
});

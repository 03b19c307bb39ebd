import { describe, expect, test } from 'vitest';

import { applySplices } from '../../src/core/tree.ts';
import { yaml } from '../../src/formats/yaml/yaml.ts';
import type { YamlSource } from '../../src/formats/yaml/source.ts';
import { nodeOf, leaf } from '../helpers/nodes.ts';
import type { Json } from '../helpers/nodes.ts';
import { problemOf } from '../helpers/problem.ts';

type Path = readonly (string | number)[];

const read = (text: string): YamlSource => yaml.read(Buffer.from(text), 'x.yaml');

function put(text: string, at: Path, value: Json): string {
  const source = read(text);
  return applySplices(source.text, yaml.put(source, at, nodeOf(value)));
}

function drop(text: string, at: Path): string {
  const source = read(text);
  return applySplices(source.text, yaml.drop(source, at));
}

describe('a new value replaces', () => {
  test.each([
    ['a plain text', 'a: x\nb: y\n', ['a'], 'z', 'a: z\nb: y\n'],
    ['a plain text with a comment behind it', 'a:   x  # c\n', ['a'], 'z', 'a:   z  # c\n'],
    ['quotes stay', 'a: \'x\'\nb: "y"\n', ['a'], "it's", "a: 'it''s'\nb: \"y\"\n"],
    ['double quotes stay', 'a: "x"\n', ['a'], 'y\nz', 'a: "y\\nz"\n'],
    ['a text that would be read as something else', 'a: x\n', ['a'], 'true', 'a: "true"\n'],
    ['a text by a number', "a: 'x'\n", ['a'], 5, 'a: 5\n'],
    ['by nothing', 'a: x\n', ['a'], null, 'a: null\n'],
    ['by the empty text', 'a: x\n', ['a'], '', 'a: ""\n'],
    ['by lines', 'a: x # c\nb: y\n', ['a'], 'one\ntwo\n', 'a: | # c\n    one\n    two\nb: y\n'],
    ['by lines in a list', 'l:\n  - x\n  - y\n', ['l', 0], 'one\ntwo', 'l:\n  - |-\n    one\n    two\n  - y\n'],
    ['by lines that end in blank ones, before a blank one', 'a: x\n\nb: y\n', ['a'], 'one\n\n', 'a: "one\\n\\n"\n\nb: y\n'],
    [
      'by lines above an indented comment',
      'a: x\n        # deep\nb: y\n',
      ['a'],
      'one\ntwo\n',
      'a: "one\\ntwo\\n"\n        # deep\nb: y\n',
    ],
    ['by lines, in the last line of a file without its end', 'a: x', ['a'], 'one\ntwo\n', 'a: |\n    one\n    two\n'],
    ['by lines in brackets', 'a: [x, y]\n', ['a', 0], 'one\ntwo\n', 'a: ["one\\ntwo\\n", y]\n'],
    ['lines by lines keep the header', 'a: |-\n  x\n  y\nb: z\n', ['a'], 'one\n\ntwo', 'a: |-\n  one\n\n  two\nb: z\n'],
    ['lines with a digit', 'a: |2-\n    x\nb: z\n', ['a'], '  one\ntwo', 'a: |2-\n    one\n  two\nb: z\n'],
    ['lines that a header does not fit', 'a: |-\n  x\nb: z\n', ['a'], 'one\n', 'a: |\n    one\nb: z\n'],
    ['lines behind a comment', 'a: |- # c\n  x\nb: z\n', ['a'], 'one\ntwo', 'a: |- # c\n  one\n  two\nb: z\n'],
    ['lines behind a comment by one word', 'a: |- # c\n  x\nb: z\n', ['a'], 'one', 'a: |- # c\n  one\nb: z\n'],
    ['lines behind a comment by another header', 'a: |- # c\n  x\nb: z\n', ['a'], 5, 'a: 5 # c\nb: z\n'],
    ['kept blank lines', 'a: |+\n  x\n\n\nb: z\n', ['a'], 'one', 'a: one\nb: z\n'],
    ['folded lines', 'a: >-\n  x\n  y\nb: z\n', ['a'], 'one two', 'a: one two\nb: z\n'],
    ['nothing', 'a:\nb: y\n', ['a'], 'x', 'a: x\nb: y\n'],
    ['nothing before a comment', 'a: # c\nb: y\n', ['a'], 'x', 'a: x # c\nb: y\n'],
    ['nothing behind a dash', 'l:\n  -\n  - y\n', ['l', 0], 'x', 'l:\n  - x\n  - y\n'],
    ['a key in brackets without a value', '{a, b: c}\n', ['a'], 'x', '{a: x, b: c}\n'],
    ['an explicit key without a value', '? a\n? b\n', ['a'], 'x', '? a\n: x\n? b\n'],
    ['a tag goes unless a text follows it', 'a: !!int "3"\nb: !!str 5\nc: !mine x\n', ['b'], 6, 'a: !!int "3"\nb: 6\nc: !mine x\n'],
    ['a tag of a text stays', 'a: !!str 5\n', ['a'], '6', 'a: !!str "6"\n'],
    ['an anchor stays, and aliases keep the old value', 'a: &x 1\nb: *x\nc: [*x]\n', ['a'], 2, 'a: &x 2\nb: 1\nc: [1]\n'],
    ['an alias', 'a: &x 1\nb: *x\n', ['b'], 2, 'a: &x 1\nb: 2\n'],
    ['below an alias', 'a: &x {k: 1, l: 2}\nb: *x\n', ['b', 'k'], 3, 'a: &x {k: 1, l: 2}\nb: {"k": 3, "l": 2}\n'],
    ['below an anchor', 'a: &x\n  k: 1\nb:\n  <<: *x\n', ['a', 'k'], 2, 'a: &x\n  k: 2\nb:\n  <<: {"k": 1}\n'],
    ['a map by a text', 'a: # c\n  # d\n  b: x\n  c: y # e\nd: z\n', ['a'], 'x', 'a: x # c\nd: z\n'],
    ['a list by a text', 'a:\n- x\n- y\nb: z\n', ['a'], 'x', 'a: x\nb: z\n'],
    ['an item that is a map', 'l:\n  - a: x\n    b: y # c\n  - z\n', ['l', 0], 'x', 'l:\n  - x\n  - z\n'],
    ['a text by a map', 'a: x # c\nb: y\n', ['a'], { k: 'v', l: [1, 'z'] }, 'a: # c\n    k: v\n    l:\n        - 1\n        - z\nb: y\n'],
    ['an item by a map', 'l:\n  - x # c\n  - y\n', ['l', 0], { k: 'v', l: 'w' }, 'l:\n  - k: v # c\n    l: w\n  - y\n'],
    ['a map by a list', 'a:\n  b: x\nc: y\n', ['a'], ['p', 'q'], 'a:\n  - p\n  - q\nc: y\n'],
    ['brackets by a map', 'a: [x,\n  y] # c\nb: z\n', ['a'], { k: 'v' }, 'a: # c\n    k: v\nb: z\n'],
    ['in brackets by a map', 'a: [x, y]\n', ['a', 1], { k: 'v' }, 'a: [x, {"k": "v"}]\n'],
    ['an anchored item by a list', 'l:\n- &x y\n', ['l', 0], ['p', 'q'], 'l:\n- &x\n  - p\n  - q\n'],
    ['by an empty map', 'a:\n  b: x\n', ['a'], {}, 'a: {}\n'],
    ['CRLF', 'a: x\r\nb: y\r\n', ['a'], 'one\ntwo\n', 'a: |\r\n    one\r\n    two\r\nb: y\r\n'],
    ['byte order mark', '\uFEFFa: x\nb: y\n', ['a'], 'one\ntwo\n', '\uFEFFa: |\n    one\n    two\nb: y\n'],
    ['indented root', '  a: x\n  b: y\n', ['a'], 'one\ntwo\n', '  a: |\n    one\n    two\n  b: y\n'],
  ] satisfies [string, string, Path, Json, string][])('%s', (...[, text, at, value, result]) => {
    expect(put(text, at, value)).toBe(result);
  });

  test('a value by a float that stays one', () => {
    const source = read('a: 1\n');
    expect(applySplices(source.text, yaml.put(source, ['a'], leaf({ type: 'float', text: '5' })))).toBe('a: 5.0\n');
  });
});

test('what an alias stood for keeps its digits', () => {
  const text = 'a: &x {k: 12345678901234567890123, l: 08, m: !!float 5}\nb: *x\n';
  expect(drop(text, ['a'])).toBe('b: {"k": 12345678901234567890123, "l": 08, "m": 5.0}\n');
});

describe('a new value is added', () => {
  test.each([
    ['at the end of a file', 'a: x\n\n', ['b'], 'y', 'a: x\nb: "y"\n\n'],
    ['at the end of a file without its end', 'a: x', ['b'], 'y', 'a: x\nb: "y"'],
    ['behind the last comment', 'a: x\n# c\n', ['b'], 'y', 'a: x\n# c\nb: "y"\n'],
    ['before the end of the first document', 'a: x\n...\n---\nc: z\n', ['b'], 'y', 'a: x\nb: "y"\n...\n---\nc: z\n'],
    ['to a map', 'a:\n  b: x\n  # c\nd: y\n', ['a', 'k'], 'v', 'a:\n  b: x\n  # c\n  k: v\nd: y\n'],
    ['to a map behind a dash', 'l:\n  - a: x\n  - b: y\n', ['l', 0, 'k'], 'v', 'l:\n  - a: x\n    k: v\n  - b: y\n'],
    ['to a list', 'l:\n- x\nb: y\n', ['l', 1], 'z', 'l:\n- x\n- z\nb: y\n'],
    ['to a list in a list', 'l:\n  - - x\n', ['l', 0, 1], 'z', 'l:\n  - - x\n    - z\n'],
    ['behind kept blank lines', 'a: |+\n  x\n\nb:\n  c: |+\n    x\n\n', ['b', 'k'], 'v', 'a: |+\n  x\n\nb:\n  c: |+\n    x\n\n  k: v\n'],
    ['a map in two columns', 'a:\n  b: x\n', ['k'], { l: { m: 'v' } }, 'a:\n  b: x\nk:\n  l:\n    m: v\n'],
    ['a key that needs quotes', 'a: x\n', ['true'], 'y', 'a: x\n"true": "y"\n'],
    ['to brackets', 'a: {b: x}\nl: [x ,y ]\n', ['a', 'k'], 'v', 'a: {b: x, k: v}\nl: [x ,y ]\n'],
    ['to brackets over lines', 'l: [\n  x, # c\n  y  # d\n]\n', ['l', 2], 'z', 'l: [\n  x, # c\n  y,  # d\n  z\n]\n'],
    ['to brackets over lines that end with a comma', 'l: [\n  x,\n  y, # d\n]\n', ['l', 2], 'z', 'l: [\n  x,\n  y, # d\n  z,\n]\n'],
    ['to an empty map', 'a: {} # c\nb: y\n', ['a', 'k'], 'v', 'a: {"k": "v"} # c\nb: y\n'],
    ['to an empty list', 'a: []\n', ['a', 0], 'v', 'a:\n    - v\n'],
    ['to an empty map in brackets', 'a: [{}]\n', ['a', 0, 'k'], 'v', 'a: [{k: v}]\n'],
    ['to empty brackets as a document', '{}\n', ['a'], 'x', 'a: x\n'],
    ['to brackets as a document', '{a: x}\n', ['b'], 'y', '{a: x, b: "y"}\n'],
    ['to an empty document', '---\n', ['a'], 'x', '---\na: x\n'],
    ['to an empty document before another', '---\n---\nb: y\n', ['a'], 'x', '---\na: x\n---\nb: y\n'],
    ['to a pair in a list', 'l: [a: x]\n', ['l', 0, 'k'], 'v', 'l: [{"a": "x", "k": "v"}]\n'],
    ['to an alias', 'a: &x {k: 1}\nb: *x\n', ['b', 'l'], 2, 'a: &x {k: 1}\nb: {"k": 1, "l": 2}\n'],
  ] satisfies [string, string, Path, Json, string][])('%s', (...[, text, at, value, result]) => {
    expect(put(text, at, value)).toBe(result);
  });
});

describe('a value is taken out', () => {
  test.each([
    ['a line', 'a: x # c\nb: y\n', ['a'], 'b: y\n'],
    ['the last line of a file without its end', 'a: x\nb: y', ['b'], 'a: x'],
    ['leaves comments above', 'a: x\n# c\nb: y\n', ['b'], 'a: x\n# c\n'],
    ['a map with its comments', 'a:\n  # c\n  b: x # d\n  # e\nf: y\n', ['a'], 'f: y\n'],
    ['lines', 'a: |+\n  x\n\nb: y\n', ['a'], 'b: y\n'],
    ['the first key behind a dash', 'l:\n  - a: x\n    b: y\n', ['l', 0, 'a'], 'l:\n  - b: y\n'],
    [
      'the first key behind a dash, with a comment below',
      'l:\n  - a: x # c\n    # d\n    b: y\n',
      ['l', 0, 'a'],
      'l:\n  -\n    # d\n    b: y\n',
    ],
    ['the only key behind a dash', 'l:\n  - a: x\n  - y\n', ['l', 0, 'a'], 'l:\n  - {}\n  - y\n'],
    ['an item', 'l:\n- x\n- y\n', ['l', 0], 'l:\n- y\n'],
    ['the only item', 'l:\n- x\nb: y\n', ['l', 0], 'l: []\nb: y\n'],
    ['the only key', 'a:\n  # c\n  b: x\nd: y\n', ['a', 'b'], 'a: {}\n  # c\nd: y\n'],
    ['the only key of a file', '# c\na: x\n', ['a'], '# c\n{}\n'],
    ['the first item in brackets', 'l: [&x a, *x , c]\n', ['l', 0], 'l: [a , c]\n'],
    ['the last item in brackets', 'l: [a, b, ]\n', ['l', 1], 'l: [a, ]\n'],
    ['the only item in brackets', 'l: [ a ]\n', ['l', 0], 'l: []\n'],
    ['an item of brackets over lines', 'l: [\n  a, # c\n  b, # d\n  e # f\n]\n', ['l', 2], 'l: [\n  a, # c\n  b, # d\n]\n'],
    [
      'an anchor whose aliases stay',
      'a: &x\n  k: [1, 0x1F]\n  l: "two\\nlines"\nb: *x\nc: [*x]\n',
      ['a'],
      'b: {"k": [1, 31], "l": "two\\nlines"}\nc: [{"k": [1, 31], "l": "two\\nlines"}]\n',
    ],
    ['below an alias', 'a: &x {k: 1, l: 2}\nb: *x\n', ['b', 'k'], 'a: &x {k: 1, l: 2}\nb: {"l": 2}\n'],
    ['before lines that a comment follows', 'a: |\n  x\nb: y\n    # c\nd: z\n', ['b'], 'a: |\n  x\nd: z\n'],
    ['between kept blank lines and others', 'a: |+\n  x\n\nb: y\n\nc: z\n', ['b'], 'a: |+\n  x\n\nc: z\n'],
  ] satisfies [string, string, Path, string][])('%s', (_, text, at, result) => {
    expect(drop(text, at)).toBe(result);
  });
});

describe('an edit is refused', () => {
  const reasonOf = (run: () => unknown): unknown => problemOf(run);

  test.each([
    ['below a single value', 'a: x\n', ['a', 'b'], 'the path leads through a single value'],
    ['beyond the end of a list', 'a: [x]\n', ['a', 2], 'the position is beyond the end of the list'],
    ['without a path', 'a: x\n', [], 'the path is empty'],
  ] satisfies [string, string, Path, string][])('%s', (_, text, at, reason) => {
    expect(reasonOf(() => put(text, at, 'v'))).toEqual({ code: 'cannot-write', file: '', format: 'yaml', reason });
  });

  test('of what is not there', () => {
    expect(reasonOf(() => drop('a: x\n', ['b']))).toEqual({
      code: 'cannot-write',
      file: '',
      format: 'yaml',
      reason: 'there is no such value',
    });
  });
});

import { describe, expect, test } from 'vitest';

import type { Comment, Entry, Node, Scalar } from '../../src/core/tree.ts';
import { yaml } from '../../src/formats/yaml/yaml.ts';
import { meaning, piecesOf } from '../helpers/fake-seal.ts';
import { problemOf } from '../helpers/problem.ts';

/** `sops-format.md` §§4.1–4.3. */

const read = (text: string): ReturnType<typeof yaml.read> => yaml.read(Buffer.from(text), 'x.yaml');

/** The values of all documents with the text in their places, as `type value style text`. */
function valuesOf(text: string): readonly string[] {
  return piecesOf(read(text).tree).flatMap((piece) => {
    if (piece.kind === 'comment') return [];
    const { value, place } = piece;
    const written = place === null ? '' : text.slice(place.start, place.end);
    return [`${textOf(value)} ${place?.style ?? 'nowhere'}${written === '' ? '' : ` ${written}`}`];
  });
}

function textOf(value: Scalar): string {
  if (value.type === 'null') return 'null';
  if (value.type === 'bool') return `bool ${value.value}`;
  return `${value.type} ${value.type === 'bytes' ? Buffer.from(value.bytes).toString('hex') : value.text}`;
}

/** The text in the places of all maps and lists. */
function collectionsOf(text: string): readonly string[] {
  const found: string[] = [];
  const look = (item: Node | Entry | Comment): void => {
    if (item.kind === 'entry') look(item.value);
    if (item.kind !== 'map' && item.kind !== 'list') return;
    found.push(`${item.kind} ${item.place === null ? 'nowhere' : `${item.place.style} ${text.slice(item.place.start, item.place.end)}`}`);
    item.items.forEach(look);
  };
  read(text).tree.documents.forEach(look);
  return found;
}

describe('values stand where they are replaced', () => {
  test.each([
    ['plain', 'a:   x  # c\n', ['str x plain x']],
    ['plain over lines', 'a: x\n  y\n', ['str x y plain x\n  y']],
    ['in double quotes', 'a: "x\\ty"\n', ['str x\ty double "x\\ty"']],
    ['in single quotes', "a: 'it''s'\n", ["str it's single 'it''s'"]],
    ['in quotes over lines', 'a: "x\n\n  y"\n', ['str x\ny double "x\n\n  y"']],
    ['in brackets', '{a: x, b: [y, "z"]}\n', ['str x plain x', 'str y plain y', 'str z double "z"']],
    ['as a key of brackets without a value', '{a, b: }\n', ['null empty', 'null empty']],
    ['nothing', 'a:\nb: ~\nl:\n-\n- null\n', ['null empty', 'null plain ~', 'null empty', 'null plain null']],
    ['behind an anchor', 'a: &x y\n', ['str y plain y']],
    ['behind an anchor, nothing', 'a: &x\n', ['null empty']],
    ['below the key', 'a:\n  x\n', ['str x plain x']],
    ['below a question mark', '? a\n: x\n? b\n', ['str x plain x', 'null empty']],
    ['in pairs of a list', 'l: [a: x, ? b : y, "c":z]\n', ['str x plain x', 'str y plain y', 'str z plain z']],
    ['after a byte order mark', '\uFEFFa: x\n', ['str x plain x']],
    ['with CRLF', 'a: x\r\nb: "y\r\n  z"\r\n', ['str x plain x', 'str y z double "y\r\n  z"']],
  ])('%s', (_, text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  test.each([
    ['literal', 'a: |\n  x\n  y\nb: z\n', 'str x\ny\n block |\n  x\n  y'],
    ['without its last line break', 'a: |-\n  x\nb: z\n', 'str x block |-\n  x'],
    ['with all its line breaks', 'a: |+\n  x\n\nb: z\n', 'str x\n\n block |+\n  x'],
    ['folded', 'a: >\n  x\n  y\n\n  z\nb: z\n', 'str x y\nz\n block >\n  x\n  y\n\n  z'],
    ['with a digit', 'a: |2-\n    x\n  y\nb: z\n', 'str   x\ny block |2-\n    x\n  y'],
    ['with a digit behind the sign', 'a: |-2\n    x\nb: z\n', 'str   x block |-2\n    x'],
    ['with spaces that count', 'a: |\n  x\n   \n\nb: z\n', 'str x\n \n block |\n  x\n   '],
    ['with blank lines first', 'a: |\n\n  x\nb: z\n', 'str \nx\n block |\n\n  x'],
    ['with tabs', 'a: |\n  \tx\nb: z\n', 'str \tx\n block |\n  \tx'],
    ['with CRLF', 'a: |\r\n  x\r\n  y\r\nb: z\r\n', 'str x\ny\n block |\r\n  x\r\n  y'],
    ['below a comment, of which only the lines are replaced', 'a: | # c\n  x\nb: z\n', 'str x\n block   x'],
    ['in a list', 'l:\n- |\n  x\n- z\n', 'str x\n block |\n  x'],
    ['at the end of the file', 'b: z\na: |\n  x', 'str x block |\n  x'],
    ['behind an anchor and a tag', 'a: &x !!str |\n  x\nb: z\n', 'str x\n block |\n  x'],
  ])('text blocks: %s', (_, text, block) => {
    expect(valuesOf(text).filter((value) => value !== 'str z plain z')).toEqual([block]);
  });

  test('maps and lists', () => {
    expect(collectionsOf('a:\n  b: x\n  # c\nl:\n- y\n- {d: [z]} # e\n')).toEqual([
      'map map a:\n  b: x\n  # c\nl:\n- y\n- {d: [z]}',
      'map map b: x',
      'list list - y\n- {d: [z]}',
      'map map {d: [z]}',
      'list list [z]',
    ]);
  });
});

describe('tags', () => {
  test.each([
    ['!!str 5', 'str 5 plain 5'],
    ['!foo 5', 'str 5 plain 5'],
    ['! 5', 'str 5 plain 5'],
    ['!!str', 'str  empty'],
    ['!!int "3"', 'int 3 tagged !!int "3"'],
    ['!<tag:yaml.org,2002:int> 3', 'int 3 tagged !<tag:yaml.org,2002:int> 3'],
    ['!!float 1', 'float 1 tagged !!float 1'],
    ['!!bool "true"', 'bool true tagged !!bool "true"'],
    ['!!null ""', 'null tagged !!null ""'],
    ['!!timestamp 2024-01-01', 'time 2024-01-01T00:00:00Z tagged !!timestamp 2024-01-01'],
    ['!!binary /w==', 'bytes ff tagged !!binary /w=='],
    ['!!binary aGk=', 'str hi tagged !!binary aGk='],
    ['&x !!int 3', 'int 3 tagged &x !!int 3'],
    ['!!int &x 3', 'int 3 tagged !!int &x 3'],
  ])('%s', (written, value) => {
    expect(valuesOf(`a: ${written}\n`)).toEqual([value]);
  });

  test('of maps and lists count for nothing', () => {
    const plain = meaning(read('a: {b: 1}\nl: [{c: 1}]\nm: [x]\n').tree);
    expect(meaning(read('a: !!set {b: 1}\nl: !!omap [{c: 1}]\nm: !mine [x]\n').tree)).toEqual(plain);
  });
});

describe('aliases stand for what they name', () => {
  test.each([
    ['a value', 'a: &x 1\nb: *x\n', ['int 1 plain 1', 'int 1 alias *x']],
    ['nothing', 'a: &x\nb: *x\n', ['null empty', 'null alias *x']],
    ['the last of equal anchors', 'a: &x 1\nb: &x 2\nc: *x\n', ['int 1 plain 1', 'int 2 plain 2', 'int 2 alias *x']],
    ['a key', '&k a: 1\nb: *k\n', ['int 1 plain 1', 'str a alias *k']],
    ['what is in a map, which has no place of its own', 'a: &x {k: 1}\nb: *x\n', ['int 1 plain 1', 'int 1 nowhere']],
    ['an alias in what an alias stands for', 'a: &x 1\nb: &y [*x]\nc: *y\n', ['int 1 plain 1', 'int 1 alias *x', 'int 1 nowhere']],
  ])('%s', (_, text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  test('and have the place of the alias', () => {
    expect(collectionsOf('a: &x {k: 1}\nb: *x\n')).toEqual(['map map a: &x {k: 1}\nb: *x', 'map map {k: 1}', 'map alias *x']);
  });

  test('a merge is a key like any other', () => {
    expect(meaning(read('a: &x {k: 1}\nb:\n  <<: *x\n  l: 2\n').tree)).toEqual(meaning(read('a: {k: 1}\nb: {"<<": {k: 1}, l: 2}\n').tree));
  });

  test('anchors end with their document', () => {
    expect(problemOf(() => read('a: &x 1\n---\nb: *x\n'))).toEqual(badAlias(3));
  });

  test.each([
    ['before its anchor', 'b: *x\na: &x 1\n'],
    ['of a list that it is in', 'b: &x [*x]\n'],
    ['of a map that it is in', 'b: &x {c: *x}\n'],
  ])('none %s', (_, text) => {
    expect(problemOf(() => read(text))).toEqual(badAlias(1));
  });

  function badAlias(line: number): unknown {
    return malformed('an alias names no anchor before it, or one that it is part of', line);
  }
});

describe('documents', () => {
  const keysOf = (text: string): readonly (readonly string[])[] =>
    read(text).tree.documents.map(({ items }) => items.map((item) => (item.kind === 'entry' ? item.key : `#${item.text}`)));

  test.each([
    ['nothing but a mark', '---\n', [[]]],
    ['empty brackets', '{}\n', [[]]],
    ['comments and a mark', '# c\n---\n', [['# c']]],
    ['an empty one behind another', 'a: 1\n---\n', [['a'], []]],
    ['several', 'a: 1\n---\nb: 2\n---\nc: 3\n', [['a'], ['b'], ['c']]],
    ['with ends', 'a: 1\n...\n---\nb: 2\n...\n', [['a'], ['b']]],
    ['with an end and no mark', 'a: 1\n...\nb: 2\n', [['a'], ['b']]],
    ['with a directive', '%YAML 1.1\n---\na: 1\n', [['a']]],
    ['in brackets behind a mark', '--- {a: 1}\n', [['a']]],
    ['with a tag', '--- !!map\na: 1\n', [['a']]],
    ['equal keys in the second', 'a: 1\n---\nb: 1\nb: 2\n', [['a'], ['b', 'b']]],
  ])('%s', (_, text, keys) => {
    expect(keysOf(text)).toEqual(keys);
  });

  test.each([
    ['no bytes', ''],
    ['blank lines', '\n\n'],
    ['comments', '# c\n'],
  ])('none in %s', (_, text) => {
    expect(problemOf(() => read(text))).toEqual({ code: 'no-document', file: 'x.yaml' });
  });

  test.each([
    ['a list', '- a\n'],
    ['a list', '[a]\n'],
    ['a list', 'a: 1\n---\n- b\n'],
    ['a single value', 'x\n'],
  ])('none that is %s', (found, text) => {
    expect(problemOf(() => read(text))).toEqual({ code: 'top-level-not-map', file: 'x.yaml', found });
  });
});

describe('keys', () => {
  test.each([
    ['plain, in quotes, explicit', 'a: 1\n"b": 2\n\'c\': 3\n? d\n: 4\n', ['a', 'b', 'c', 'd']],
    ['empty, and with a line break', '"": 1\n"a\\nb": 2\n? |\n  c\n: 3\n', ['', 'a\nb', 'c\n']],
    ['that look like other values', '"1": 1\n"true": 2\n"~": 3\nyes: 4\n"2024-01-01": 5\n', ['1', 'true', '~', 'yes', '2024-01-01']],
    ['with a tag of text', '!!str 1: 1\n', ['1']],
    ['of other letters', 'é: 1\n😀: 2\n', ['é', '😀']],
    ['by an alias of a key', '&k a: 1\nb: {*k : 2}\n', ['a', 'b']],
  ])('%s', (_, text, keys) => {
    expect(read(text).tree.documents[0]?.items.map((item) => (item.kind === 'entry' ? item.key : '#'))).toEqual(keys);
  });

  test.each([
    ['a number', 'b: 1\n1: a\n', 2, 'only a text can be a key: quote "1"'],
    ['a truth value', 'true: a\n', 1, 'only a text can be a key: quote "true"'],
    ['nothing', '~: a\n', 1, 'only a text can be a key: quote "~"'],
    ['a date', '2024-01-01: a\n', 1, 'only a text can be a key: quote "2024-01-01"'],
    ['a number in brackets', 'a: {1: x}\n', 1, 'only a text can be a key: quote "1"'],
    ['a list', '? [a]\n: b\n', 1, 'only a text can be a key'],
    ['a map', '? {a: b}\n: c\n', 1, 'only a text can be a key'],
    ['a reference to a value', 'a: &x b\n*x : c\n', 2, 'a reference to a value cannot be a key'],
  ])('cannot be %s', (...[, text, line, reason]) => {
    expect(problemOf(() => read(text))).toEqual({ code: 'cannot-encrypt', file: 'x.yaml', key: `line ${line}`, reason });
  });

  test.each([
    ['in one map', 'a: 1\nb: 2\na: 3\n', 'a', 3],
    ['in different quotes', 'a: 1\n"a": 2\n', 'a', 2],
    ['below', 'b:\n  a: 1\n  a: 2\n', 'a', 3],
    ['in brackets', '{a: 1, a: 2}\n', 'a', 1],
    ['with a question mark', '? a\n? a\n', 'a', 2],
  ])('cannot be equal %s', (...[, text, key, line]) => {
    expect(problemOf(() => read(text))).toEqual({ code: 'duplicate-key', file: 'x.yaml', key, line });
  });
});

describe('what is no YAML is refused with its line, and without what stands there', () => {
  test.each([
    ['a: hunter2: x\n', 'a block cannot be a key', 1],
    ['a: 1\nb: [hunter2\n', 'the indentation does not fit', 3],
    ['a: "hunter2\n', 'a character is missing: a colon, a comma, a quote, a bracket or a space', 2],
    ['a:\n\tb: hunter2\n', 'a tab is used as indentation', 2],
    ['a: x\n b: hunter2\n', 'a block cannot be a key', 1],
    ['a: @hunter2\n', 'a plain value cannot begin with this character', 1],
    ['a: "hunter2\\q"\n', 'an escape in double quotes is not known', 1],
    ['a: 1\nhunter2\n', 'a character is missing: a colon, a comma, a quote, a bracket or a space', 2],
    ['a: &x &y hunter2\n', 'a node has two anchors', 1],
    ['a: !!int hunter2\n', 'its tag does not fit its value', 1],
    ['a: !!binary hunter2\n', 'its binary value is not base64', 1],
    ['a: hunter2\rb\n', 'a carriage return stands without its line feed', 1],
    ['%FOO\n---\na: 1\n', 'sops reads no directive but %YAML 1.1 and %TAG', 1],
  ])('%j', (...[text, reason, line]) => {
    expect(problemOf(() => read(text))).toEqual(malformed(reason, line));
  });

  test('bytes that are not UTF-8', () => {
    expect(problemOf(() => yaml.read(Buffer.from([0x61, 0x3a, 0x20, 0xff]), 'x.yaml'))).toEqual({
      code: 'malformed',
      file: 'x.yaml',
      format: 'YAML',
      reason: 'it is not UTF-8',
      line: null,
    });
  });
});

describe('there are bounds', () => {
  test('of depth', () => {
    const nested = (levels: number): string => `a: ${'['.repeat(levels)}${']'.repeat(levels)}\n`;
    expect(problemOf(() => read(nested(400)))).toBeNull();
    expect(problemOf(() => read(nested(1000)))).toEqual({ code: 'too-deep', file: 'x.yaml', limit: 500 });
  });

  test('of what aliases stand for', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) =>
        `a${level}: &x${level} [${
          level === 0
            ? '1'
            : Array(9)
                .fill(`*x${level - 1}`)
                .join(', ')
        }]\n`,
    );
    expect(problemOf(() => read(levels.join('')))).toMatchObject({ code: 'too-large', file: 'x.yaml' });
  });
});

function malformed(reason: string, line: number): unknown {
  return { code: 'malformed', file: 'x.yaml', format: 'YAML', reason, line };
}

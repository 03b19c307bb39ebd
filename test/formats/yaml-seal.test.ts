import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { sameScalar } from '../../src/core/mac.ts';
import { applySplices } from '../../src/core/tree.ts';
import type { Leaf, Scalar } from '../../src/core/tree.ts';
import type { YamlSource } from '../../src/formats/yaml/source.ts';
import { yaml } from '../../src/formats/yaml/yaml.ts';
import { encOf, piecesOf } from '../helpers/fake-seal.ts';
import { problemOf } from '../helpers/problem.ts';
import { yamlText } from '../helpers/yaml-texts.ts';

const read = (text: string): YamlSource => yaml.read(Buffer.from(text), 'x.yaml');

/** All values of a text sealed, as `E`. */
function sealed(text: string): string {
  const source = read(text);
  const splices = piecesOf(source.tree).flatMap((piece) =>
    piece.kind === 'leaf' && piece.place !== null && piece.value.type !== 'null'
      ? [{ start: piece.place.start, end: piece.place.end, text: yaml.sealLeaf(piece.place, 'ENC[E]').text }]
      : [],
  );
  return applySplices(source.text, splices);
}

/** The text with another value in the place of the first. */
function opened(text: string, value: Scalar): string {
  const source = read(text);
  const place = leavesOf(source)[0]?.place;
  if (!place) throw new Error('no place');
  return applySplices(source.text, [{ start: place.start, end: place.end, text: yaml.openLeaf(place, value) }]);
}

function leavesOf({ tree }: YamlSource): readonly Leaf[] {
  return piecesOf(tree).flatMap((piece) => (piece.kind === 'leaf' ? [piece] : []));
}

describe('a sealed value keeps the style of the plain one', () => {
  test.each([
    ['plain', 'a: x # c\n', 'a: ENC[E] # c\n'],
    ['a number', 'a: 0x1F\n', 'a: ENC[E]\n'],
    ['double quotes', 'a: "x\\ty"\n', 'a: "ENC[E]"\n'],
    ['single quotes', "a: 'it''s'\n", "a: 'ENC[E]'\n"],
    ['plain over lines', 'a: x\n  y\nb: z\n', 'a: ENC[E]\nb: ENC[E]\n'],
    ['quotes over lines', 'a: "x\n  y"\n', 'a: "ENC[E]"\n'],
    ['below its key', 'a:\n  x\n', 'a:\n  ENC[E]\n'],
    ['literal', 'a: |\n  x\n  y\nb: z\n', 'a: |\n  ENC[E]\nb: ENC[E]\n'],
    ['literal with a sign and a digit', 'a: |2-\n    x\nb: z\n', 'a: |2-\n  ENC[E]\nb: ENC[E]\n'],
    ['folded', 'a: >-\n    x\n    y\n', 'a: >-\n    ENC[E]\n'],
    ['with kept line breaks', 'a: |+\n  x\n\n', 'a: |+\n  ENC[E]\n\n'],
    ['a block with a comment', 'a: | # c\n  x\n', 'a: | # c\n  ENC[E]\n'],
    ['a block with CRLF', 'a: |\r\n  x\r\n  y\r\n', 'a: |\r\n  ENC[E]\r\n'],
    ['in brackets, where it needs quotes', '{a: x, b: [1, "y"]}\n', '{a: "ENC[E]", b: ["ENC[E]", "ENC[E]"]}\n'],
    ['behind an anchor', 'a: &k x\n', 'a: &k ENC[E]\n'],
    ['behind a tag of text', 'a: !!str 5\n', 'a: !!str ENC[E]\n'],
    ['behind any other tag, which goes along', 'a: !!int "3"\nb: &k !!binary /w==\n', 'a: ENC[E]\nb: ENC[E]\n'],
    ['an alias', 'a: &k x\nb: *k\n', 'a: &k ENC[E]\nb: ENC[E]\n'],
  ])('%s', (_, text, wanted) => {
    expect(sealed(text)).toBe(wanted);
    expect(leavesOf(read(wanted)).map(({ value }) => (value.type === 'str' ? value.text.trimEnd() : value.type))).toEqual(
      leavesOf(read(wanted)).map(() => 'ENC[E]'),
    );
  });
});

describe('an opened value is written in the style of the place', () => {
  const str = (text: string): Scalar => ({ type: 'str', text });

  test.each([
    ['plain', 'a: E\n', str('x y'), 'a: x y\n'],
    ['plain, where it would be something else', 'a: E\n', str('true'), 'a: "true"\n'],
    ['plain, with a colon', 'a: E\n', str('x: y'), "a: 'x: y'\n"],
    ['plain, lines', 'a: E\nb: z\n', str('x\ny\n'), 'a: |\n    x\n    y\nb: z\n'],
    ['plain before a comment, lines', 'a: E # c\n', str('x\ny\n'), 'a: "x\\ny\\n" # c\n'],
    ['a number', 'a: E\n', { type: 'int', text: '5' }, 'a: 5\n'],
    ['a float', 'a: E\n', { type: 'float', text: '1.10' }, 'a: 1.10\n'],
    ['a time', 'a: E\n', { type: 'time', text: '2024-01-01T00:00:00Z' }, 'a: 2024-01-01T00:00:00Z\n'],
    ['bytes', 'a: E\n', { type: 'bytes', bytes: Buffer.from([0xff]) }, 'a: !!binary /w==\n'],
    ['double quotes', 'a: "E"\n', str('x "y"\n'), 'a: "x \\"y\\"\\n"\n'],
    ['double quotes, letters that need no escape', 'a: "E"\n', str('é😀\t'), 'a: "é😀\t"\n'],
    ['single quotes', "a: 'E'\n", str("it's"), "a: 'it''s'\n"],
    ['single quotes that cannot hold it', "a: 'E'\n", str('x\ty'), 'a: "x\\ty"\n'],
    ['a block', 'a: |\n  E\nb: z\n', str('x\n\ny\n'), 'a: |\n  x\n\n  y\nb: z\n'],
    ['a block whose header does not fit', 'a: |\n  E\nb: z\n', str('x'), 'a: x\nb: z\n'],
    ['a folded block', 'a: >\n  E\nb: z\n', str('x\ny\n'), 'a: |\n    x\n    y\nb: z\n'],
    ['a block with a digit', 'a: |2-\n  E\nb: z\n', str('  x\ny'), 'a: |2-\n    x\n  y\nb: z\n'],
    ['brackets', 'a: ["E"]\n', str('x, y'), 'a: ["x, y"]\n'],
    ['brackets, a number', 'a: ["E"]\n', { type: 'int', text: '5' }, 'a: [5]\n'],
    ['a list in a list, lines', '- - E\n  - z\n'.replace(/^/, 'a:\n'), str('x\ny\n'), 'a:\n- - |\n    x\n    y\n  - z\n'],
  ] satisfies [string, string, Scalar, string][])('%s', (...[, text, value, wanted]) => {
    expect(opened(text, value)).toBe(wanted);
    expect(leavesOf(read(wanted))[0]?.value).toEqual(value);
  });

  test('but for what does not fit below the comment of its block', () => {
    const place = leavesOf(read('a: | # c\n  E\nb: z\n'))[0]?.place;
    const reason = 'a value does not fit below the comment of its text block';
    expect(problemOf(() => (place ? yaml.openLeaf(place, str(' x')) : ''))).toEqual({
      code: 'cannot-write',
      file: '',
      format: 'yaml',
      reason,
    });
  });
});

const scalars: fc.Arbitrary<Scalar> = fc.oneof(
  fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('two\nlines\n', ' x\n\n', 'x ', 'true', '5', '# c', 'a: b', '\n', '\t'),
    )
    .map((text): Scalar => ({ type: 'str', text })),
  fc.constantFrom<Scalar>(
    { type: 'int', text: '5' },
    { type: 'float', text: '1.5' },
    { type: 'bool', value: true },
    { type: 'time', text: '2024-01-01T00:00:00Z' },
  ),
);

test('any value can be opened in any place, and changes no other', () => {
  fc.assert(
    fc.property(yamlText, fc.nat(), scalars, (text, pick, value) => {
      // A text block that ends the file needs a line break that may not be there.
      const source = read(`${text}\n`);
      const leaves = leavesOf(source).filter(({ place }) => place !== null && place.style !== 'empty' && place.style !== 'alias');
      const leaf = leaves[pick % leaves.length];
      if (!leaf?.place || (value.type === 'str' && value.text === '')) return;
      const { place } = leaf;
      // Its anchor makes it the value of others, and below a comment only lines fit.
      if (text.includes('*') || (place.style === 'block' && 'head' in place && place.head === '')) return;
      const wanted = leavesOf(source).map((one) => (one === leaf ? value : one.value));
      const written = yaml.openLeaf(place, value);
      const after = leavesOf(read(applySplices(source.text, [{ start: place.start, end: place.end, text: written }])));

      expect(after).toHaveLength(wanted.length);
      expect(after.filter((one, index) => !sameScalar(one.value, wanted[index] ?? { type: 'null' })).map((one) => one.value)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('what an alias stands for is written out in its place', () => {
  const source = read('a: &x {k: 1, l: [two, ""], "m n": null}\nb: *x\n');
  const [root] = source.tree.documents;
  const entry = root?.items[1];
  const node = entry?.kind === 'entry' ? entry.value : undefined;
  if (node === undefined || node.kind === 'leaf') throw new Error('an alias of a map');
  expect(yaml.expand(node, (leaf) => (leaf.value.type === 'int' ? 'ENC[E]' : null))).toEqual({
    start: source.text.indexOf('*x'),
    end: source.text.indexOf('*x') + 2,
    text: '{"k": "ENC[E]", "l": ["two", ""], "m n": null}',
    target: { start: 3, end: 39 },
  });
  expect(root === undefined ? null : yaml.expand(root, () => null)).toBeNull();
});

test('a comment is sealed behind its sign, and an item of a list that stands for one becomes one', () => {
  const enc = encOf(' c');
  const source = read(`l:\n- ${enc}\n- x\n# ${enc}\n`);
  expect(piecesOf(source.tree).map((piece) => piece.kind)).toEqual(['comment', 'leaf', 'comment']);
  const [first] = piecesOf(source.tree);
  if (first?.kind !== 'comment' || first.place === null) throw new Error('a comment');
  expect(applySplices(source.text, [{ ...first.place, text: yaml.openComment(first, ' c') }])).toBe(`l:\n# c\n- x\n# ${enc}\n`);
});

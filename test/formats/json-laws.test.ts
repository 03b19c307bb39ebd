import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { MetaMap, MetaValue } from '../../src/core/metadata.ts';
import { applySplices } from '../../src/core/tree.ts';
import type { Branch, Entry, List, Node, Splice } from '../../src/core/tree.ts';
import { json } from '../../src/formats/json.ts';
import type { JsonSource } from '../../src/formats/json-read.ts';
import { meaning, openAll, piecesOf, sealAll, someMetadata } from '../helpers/fake-seal.ts';
import { jsonText, jsonValueText } from '../helpers/json-texts.ts';

const read = (text: string): JsonSource => json.read(Buffer.from(text), 'x.json');
const spliced = (source: JsonSource, splices: readonly Splice[]): string => applySplices(source.text, splices);
const options = { file: 'x.json', indent: null };

describe('for every JSON text', () => {
  test('the tree says what JSON.parse says, but for equal keys', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(plain(read(text).root)).toEqual(parsed(text));
      }),
    );
  });

  test('the places of leaves hold their own text, apart from each other', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const source = read(text);
        let last = 0;
        for (const piece of piecesOf(source.tree)) {
          const { start, end } = piece.place ?? { start: 0, end: 0 };
          expect(start).toBeGreaterThanOrEqual(last);
          expect(piece.kind === 'leaf' && plain(piece)).toEqual(parsed(text.slice(start, end)));
          last = end;
        }
      }),
    );
  });

  test('sealing and opening gives the text back, byte for byte, and the sealed text is JSON with as many values', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const source = read(text);
        const sealed = sealAll(json, source, someMetadata());
        const again = read(sealed.text);
        expect(() => JSON.parse(sealed.text) as unknown).not.toThrow();
        expect(again.metadata).toEqual(someMetadata());
        expect(piecesOf(again.tree)).toHaveLength(piecesOf(source.tree).length);
        expect(openAll(json, again, sealed.hints)).toBe(text);
      }),
      { numRuns: 400 },
    );
  });

  test('opening without hints says the same', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const opened = openAll(json, read(sealAll(json, read(text), someMetadata()).text), new Map());
        expect(parsed(opened)).toEqual(parsed(text));
      }),
    );
  });

  test('adding and removing the block is exact', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const source = read(text);
        const sealed = read(spliced(source, json.addMetadata(source, someMetadata())));
        expect(sealed.metadata).toEqual(someMetadata());
        expect(meaning(sealed.tree)).toEqual(meaning(source.tree));
        expect(spliced(sealed, json.removeMetadata(sealed))).toBe(text);
      }),
      { numRuns: 400 },
    );
  });

  test('an update of the block gives the new one, and removing that is exact too', () => {
    fc.assert(
      fc.property(jsonText, metadata, metadata, (text, before, after) => {
        const source = read(text);
        const sealed = read(spliced(source, json.addMetadata(source, before)));
        expect(json.updateMetadata(sealed, before)).toEqual([]);
        const updated = read(spliced(sealed, json.updateMetadata(sealed, after)));
        expect(updated.metadata).toEqual(after);
        expect(spliced(updated, json.removeMetadata(updated))).toBe(text);
      }),
      { numRuns: 400 },
    );
  });

  test('a printed text reads as the same values', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        // It is printed as -0, and that reads as the whole number 0 (`sops-format.md` §5).
        fc.pre(!/-0[.eE]/.test(text));
        const printed = json.print(read(text).tree, someMetadata(), options);
        const again = read(printed);
        expect(again.tree.documents.map(shape)).toEqual(read(text).tree.documents.map(shape));
        expect(again.metadata).toEqual(someMetadata());
        expect(json.print(again.tree, again.metadata, options)).toBe(printed);
      }),
    );
  });

  test('a value put anywhere is there afterwards, and nothing else changes', () => {
    fc.assert(
      fc.property(jsonText, jsonValueText, fc.nat(), (text, valueText, pick) => {
        const source = read(text);
        // Which of two equal keys a path means has tests of its own.
        fc.pre(!hasEqualKeys(source.root));
        const paths = pathsOf(shape(source.root));
        const at = paths[pick % paths.length] ?? [];
        const value = nodeOf(valueText);
        const after = read(spliced(source, json.put(source, at, value)));
        expect(shape(after.root)).toEqual(edited(shape(source.root), at, shape(value)));
      }),
      { numRuns: 400 },
    );
  });

  test('a dropped value is gone, and nothing else changes', () => {
    fc.assert(
      fc.property(jsonText, fc.nat(), (text, pick) => {
        const source = read(text);
        fc.pre(!hasEqualKeys(source.root));
        const paths = pathsOf(shape(source.root)).filter((at) => !isEnd(shape(source.root), at));
        const at = paths[pick % paths.length];
        if (!at) return;
        const after = read(spliced(source, json.drop(source, at)));
        expect(shape(after.root)).toEqual(edited(shape(source.root), at, undefined));
      }),
      { numRuns: 400 },
    );
  });
});

const field = fc.constantFrom('age', 'kms', 'lastmodified', 'mac', 'version', 'sec', 'unencrypted_suffix', 'later');
const metaLeaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom('a\nb', '<'));
const metaValue: fc.Arbitrary<MetaValue> = fc.oneof(
  metaLeaf,
  fc.array(metaLeaf, { maxLength: 2 }),
  fc.array(fc.tuple(field, metaLeaf), { maxLength: 3 }).map((pairs) => new Map(pairs)),
);
const metadata: fc.Arbitrary<MetaMap> = fc.array(fc.tuple(field, metaValue), { minLength: 1 }).map((pairs) => new Map(pairs));

function parsed(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => (typeof value === 'number' ? withoutMinus(value) : value));
}

/** An int has no negative zero. */
function withoutMinus(value: number): number {
  return value === 0 ? 0 : value;
}

/** What JSON.parse makes of a tree: of equal keys the last. */
function plain(node: Node | undefined): unknown {
  if (node?.kind === 'map') return Object.fromEntries(entriesOf(node).map(({ key, value }) => [key, plain(value)]));
  if (node?.kind === 'list') return valuesOf(node).map(plain);
  return node ? shape(node) : undefined;
}

/** A tree without places and notation: a map is a list of pairs, so that equal keys stay apart. */
type Shape =
  | string
  | number
  | boolean
  | null
  | { readonly map: readonly (readonly [string, Shape])[] }
  | { readonly list: readonly Shape[] };

function shape(node: Node): Shape {
  if (node.kind === 'map') return { map: entriesOf(node).map(({ key, value }) => [key, shape(value)] as const) };
  if (node.kind === 'list') return { list: valuesOf(node).map(shape) };
  const { value } = node;
  if (value.type === 'bytes' || value.type === 'null') return null;
  if (value.type === 'bool') return value.value;
  if (value.type === 'str' || value.type === 'time') return value.text;
  return withoutMinus(Number(value.text));
}

function entriesOf(node: Branch): readonly Entry[] {
  return node.items.filter((item) => item.kind === 'entry');
}

function valuesOf(node: List): readonly Node[] {
  return node.items.filter((item) => item.kind !== 'comment');
}

function nodeOf(valueText: string): Node {
  const entry = read(`{"v":${valueText}}`).root.items[0];
  if (entry?.kind !== 'entry') throw new Error('no value');
  return entry.value;
}

type Path = readonly (string | number)[];
const fresh = 'brand new';

/** Every path that `put` can take: what is there, a new key in each map, the end of each list. */
function pathsOf(node: Shape): readonly Path[] {
  if (node === null || typeof node !== 'object') return [];
  if ('list' in node) return [...node.list.flatMap((item, index) => under(index, item)), [node.list.length]];
  const firsts = node.map.filter(([key], index) => node.map.findIndex(([other]) => other === key) === index);
  return [...firsts.flatMap(([key, item]) => under(key, item)), [fresh]];
}

function under(step: string | number, node: Shape): readonly Path[] {
  return [[step], ...pathsOf(node).map((at) => [step, ...at])];
}

/** With the value at a path replaced or added, or gone where there is none to put. */
function edited(node: Shape, [step, ...rest]: Path, value: Shape | undefined): Shape {
  if (step === undefined || node === null || typeof node !== 'object') return value ?? null;
  if ('list' in node) {
    const list = node.list.map((item, index) => (index === step && rest.length > 0 ? edited(item, rest, value) : item));
    if (rest.length === 0) list.splice(Number(step), 1, ...(value === undefined ? [] : [value]));
    return { list };
  }
  const found = node.map.findIndex(([key]) => key === step);
  const index = found < 0 ? node.map.length : found;
  const map = [...node.map];
  if (rest.length === 0) map.splice(index, 1, ...(value === undefined ? [] : [[String(step), value] as const]));
  else map[index] = [String(step), edited(map[index]?.[1] ?? null, rest, value)];
  return { map };
}

/** Whether a path is where something could be added. */
function isEnd(node: Shape, [step, ...rest]: Path): boolean {
  if (node === null || typeof node !== 'object' || step === undefined) return false;
  if ('list' in node) return rest.length === 0 ? step === node.list.length : isEnd(node.list[Number(step)] ?? null, rest);
  const item = node.map.find(([key]) => key === step);
  return item === undefined || (rest.length > 0 && isEnd(item[1], rest));
}

function hasEqualKeys(node: Node): boolean {
  if (node.kind === 'leaf') return false;
  if (node.kind === 'list') return node.items.some((item) => item.kind !== 'comment' && hasEqualKeys(item));
  const entries = node.items.flatMap((item) => (item.kind === 'entry' ? [item] : []));
  return new Set(entries.map(({ key }) => key)).size < entries.length || entries.some(({ value }) => hasEqualKeys(value));
}

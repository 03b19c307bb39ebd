import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { MetaMap, MetaValue } from '../../src/core/metadata.ts';
import { valueAt } from '../../src/core/tree-path.ts';
import { applySplices } from '../../src/core/tree.ts';
import type { Branch, Leaf, Scalar, Splice } from '../../src/core/tree.ts';
import { ini } from '../../src/formats/ini.ts';
import type { IniSource } from '../../src/formats/ini-read.ts';
import { meaning, openAll, piecesOf, sealAll, someMetadata } from '../helpers/fake-seal.ts';
import { iniText } from '../helpers/ini-texts.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string): IniSource => ini.read(Buffer.from(text, 'latin1'), 'x.ini');
const spliced = (source: IniSource, splices: readonly Splice[]): string => applySplices(source.text, splices);
const options = { file: 'x.ini', indent: null };
const root = ({ tree }: IniSource): Branch => tree.documents[0] ?? { kind: 'map', items: [], place: null };

describe('for every INI text', () => {
  test('places stand apart from each other, within the text', () => {
    fc.assert(
      fc.property(iniText, (text) => {
        let last = 0;
        const places = piecesOf(read(text).tree).flatMap(({ place }) => (place === null ? [] : [place]));
        for (const { start, end } of places.sort((a, b) => a.start - b.start)) {
          expect(start).toBeGreaterThanOrEqual(last);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test('sealing and opening gives the text back, byte for byte, and the sealed text holds as many values', () => {
    fc.assert(
      fc.property(iniText, (text) => {
        const source = read(text);
        const sealed = sealAll(ini, source, someMetadata());
        const again = read(sealed.text);
        expect(again.metadata).toEqual(someMetadata());
        expect(piecesOf(again.tree)).toHaveLength(piecesOf(source.tree).length);
        expect(openAll(ini, again, sealed.hints)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test('no value and no comment is left in a sealed text', () => {
    fc.assert(
      fc.property(iniText, (text) => {
        const marked = text.replaceAll('k', 'k').replaceAll(/[abcé]/g, 'S');
        const sealed = read(sealAll(ini, read(marked), someMetadata()).text);
        const shown = piecesOf(sealed.tree).map((piece) => (piece.kind === 'comment' ? piece.text : textOf(piece.value)));
        expect(shown.filter((text) => text !== '' && !text.startsWith('ENC['))).toEqual([]);
      }),
    );
  });

  test('opening without hints says the same values', () => {
    fc.assert(
      fc.property(iniText, (text) => {
        const opened = openAll(ini, read(sealAll(ini, read(text), someMetadata()).text), new Map());
        expect(values(read(opened))).toEqual(values(read(text)));
      }),
    );
  });

  test('adding and removing the block is exact', () => {
    fc.assert(
      fc.property(iniText, metadata, (text, block) => {
        const source = read(text);
        const sealed = read(spliced(source, ini.addMetadata(source, block)));
        expect(sealed.metadata).toEqual(block);
        expect(meaning(sealed.tree)).toEqual(meaning(source.tree));
        expect(spliced(sealed, ini.removeMetadata(sealed))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test('an update of the block gives the new one, and removing that is exact too', () => {
    fc.assert(
      fc.property(iniText, metadata, metadata, (text, before, after) => {
        const source = read(text);
        const sealed = read(spliced(source, ini.addMetadata(source, before)));
        expect(ini.updateMetadata(sealed, before)).toEqual([]);
        const updated = read(spliced(sealed, ini.updateMetadata(sealed, after)));
        expect(updated.metadata).toEqual(after);
        expect(spliced(updated, ini.removeMetadata(updated))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test('a printed text reads as the same values', () => {
    fc.assert(
      fc.property(iniText, (text) => {
        const printed = ini.print(read(text).tree, someMetadata(), options);
        expect(values(read(printed))).toEqual(values(read(text)));
        expect(read(printed).metadata).toEqual(someMetadata());
      }),
    );
  });

  test('a value put anywhere is there afterwards, and nothing else changes', () => {
    fc.assert(
      fc.property(iniText, fc.string(), fc.nat(), (text, words, pick) => {
        const source = read(text);
        const at = pathsOf(root(source))[pick % pathsOf(root(source)).length] ?? [];
        const value: Leaf = { kind: 'leaf', value: { type: 'str', text: words }, place: null };
        const after = read(spliced(source, ini.put(source, at, value)));
        expect(values(after)).toEqual(edited(values(source), at, words));
      }),
      { numRuns: 500 },
    );
  });

  test('a dropped value is gone, and nothing else changes', () => {
    fc.assert(
      fc.property(iniText, fc.nat(), (text, pick) => {
        const source = read(text);
        const paths = pathsOf(root(source)).filter((at) => valueAt(root(source), at) !== null);
        const at = paths[pick % paths.length];
        if (!at) return;
        const after = read(spliced(source, ini.drop(source, at)));
        expect(values(after)).toEqual(edited(values(source), at, null));
      }),
      { numRuns: 500 },
    );
  });
});

test('any text can be a value, but for two kinds of quotes with line breaks among them', () => {
  const pieces = fc.array(fc.constantFrom('a', ' ', '"', "'", '`', '"""', '#', ';', '\\', '\n', '\r', '\t', 'é', '\u00a0'), {
    maxLength: 6,
  });
  const source = read('[s]\nk = v ; c\nj = w\n');

  fc.assert(
    fc.property(
      pieces.map((parts) => parts.join('')),
      (text) => {
        const put = (): readonly Splice[] => ini.put(source, ['s', 'k'], { kind: 'leaf', value: { type: 'str', text }, place: null });
        const isImpossible = /`[^]*\n/.test(text) && /"""[^]*\n/.test(text);
        const result = isImpossible ? problemOf(put)?.code : values(read(spliced(source, put())));
        expect(result).toEqual(isImpossible ? 'cannot-write' : edited(values(source), ['s', 'k'], text));
      },
    ),
    { numRuns: 2000 },
  );
});

const field = fc.constantFrom(
  'age',
  'kms',
  'lastmodified',
  'mac',
  'version',
  'sec',
  'unencrypted_suffix',
  'a_very_long_name_of_a_field',
  'later',
);
const metaText = fc
  .oneof(fc.string({ minLength: 1 }), fc.constantFrom('a\nb', '#', ';', '`"""', ' x ', 'x\\', 'é'))
  .filter((text) => !text.includes('\\n'));
const metaValue: fc.Arbitrary<MetaValue> = fc.oneof(
  metaText,
  fc.array(metaText, { minLength: 1, maxLength: 2 }),
  fc.array(fc.tuple(field, metaText), { minLength: 1, maxLength: 3 }).map((pairs) => new Map(pairs)),
);
const metadata: fc.Arbitrary<MetaMap> = fc.array(fc.tuple(field, metaValue), { minLength: 1 }).map((pairs) => new Map(pairs));

type Values = readonly (readonly [section: string, entries: readonly (readonly [key: string, text: string])[]])[];
type Path = readonly string[];

/** What a text says, without comments. A section without a header and without entries is there too. */
function values(source: IniSource): Values {
  return root(source).items.flatMap((item) => {
    if (item.kind === 'comment' || item.value.kind !== 'map') return [];
    const entries = item.value.items.flatMap((inner) =>
      inner.kind === 'entry' && inner.value.kind === 'leaf' ? [[inner.key, textOf(inner.value.value)] as const] : [],
    );
    return [[item.key, entries] as const];
  });
}

function textOf(value: Scalar): string {
  return value.type === 'bytes' ? `bytes ${Buffer.from(value.bytes).toString('hex')}` : value.type === 'str' ? value.text : '?';
}

/** Every path that can be put or dropped: each entry, and a new one in each section. */
function pathsOf({ items }: Branch): readonly Path[] {
  return items.flatMap((item) => {
    if (item.kind === 'comment' || item.value.kind !== 'map') return [];
    const keys = item.value.items.flatMap((inner) => (inner.kind === 'entry' && inner.key.startsWith('k') ? [inner.key] : []));
    return [...keys, 'brand new'].map((key) => [item.key, key]);
  });
}

/** With the value at a path replaced or added, or gone where there is none to put. */
function edited(all: Values, [name, key = '']: Path, text: string | null): Values {
  const hasKey = all.findIndex(([section, entries]) => section === name && entries.some(([other]) => other === key));
  const at = hasKey < 0 ? all.findIndex(([section]) => section === name) : hasKey;
  return all.map(([section, entries], index) => {
    if (index !== at) return [section, entries];
    if (text === null) return [section, entries.filter(([other]) => other !== key)];
    const isThere = entries.some(([other]) => other === key);
    return [section, isThere ? entries.map((one) => (one[0] === key ? ([key, text] as const) : one)) : [...entries, [key, text]]];
  });
}

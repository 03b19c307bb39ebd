import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { MetaMap, MetaValue } from '../../src/core/metadata.ts';
import { SecError } from '../../src/core/problem.ts';
import { applySplices } from '../../src/core/tree.ts';
import type { Splice } from '../../src/core/tree.ts';
import { dotenv } from '../../src/formats/dotenv.ts';
import type { DotenvSource } from '../../src/formats/dotenv-read.ts';
import { dotenvText, dotenvValue } from '../helpers/dotenv-texts.ts';
import { meaning, openAll, piecesOf, sealAll, someMetadata } from '../helpers/fake-seal.ts';
import { str } from '../helpers/nodes.ts';

const read = (text: string): DotenvSource => dotenv.read(Buffer.from(text, 'latin1'), '.env');
const spliced = (source: DotenvSource, splices: readonly Splice[]): string => applySplices(source.text, splices);

/** Texts that are read; a random one may hold a key or a comment that is not UTF-8, or a quote that makes it something else. */
const readable = dotenvText.filter((text) => {
  try {
    return read(text).metadata === null;
  } catch (error) {
    if (error instanceof SecError) return false;
    throw error;
  }
});

const field = fc.constantFrom('age', 'kms', 'lastmodified', 'mac', 'version', 'sec', 'unencrypted_suffix', 'later');
const text = fc.oneof(fc.string(), fc.constantFrom('a\nb', 'é'));
const metaValue: fc.Arbitrary<MetaValue> = fc.oneof(
  text,
  fc.array(text, { minLength: 1, maxLength: 2 }),
  fc.array(fc.tuple(field, text), { minLength: 1, maxLength: 3 }).map((pairs) => new Map(pairs)),
);
const metadata: fc.Arbitrary<MetaMap> = fc.array(fc.tuple(field, metaValue), { minLength: 1 }).map((pairs) => new Map(pairs));

/** Backslash-n of its own cannot be told from a line break in this format. */
function asStored(value: MetaValue): unknown {
  if (typeof value === 'string') return value.replaceAll('\\n', '\n');
  return Array.isArray(value)
    ? value.map(asStored)
    : Object.fromEntries([...(value as MetaMap)].map(([name, child]) => [name, asStored(child)]));
}

describe('for every .env text', () => {
  test('it comes back as the same bytes', () => {
    fc.assert(
      fc.property(readable, (plain) => {
        expect(Buffer.from(dotenv.encode(read(plain).text)).toString('latin1')).toBe(plain);
      }),
    );
  });

  test('sealing and opening gives the text back, byte for byte', () => {
    fc.assert(
      fc.property(readable, (plain) => {
        const sealed = sealAll(dotenv, read(plain), someMetadata());
        const again = read(sealed.text);
        expect(again.metadata).toEqual(someMetadata());
        expect(openAll(dotenv, again, sealed.hints)).toBe(plain);
      }),
      { numRuns: 400 },
    );
  });

  test('only real line breaks in quotes need a hint', () => {
    fc.assert(
      fc.property(readable, (plain) => {
        const source = read(plain);
        const broken = piecesOf(source.tree).filter(({ place }) => place?.style === 'lines').length;
        expect(sealAll(dotenv, source, someMetadata()).hints.size).toBe(broken);
      }),
    );
  });

  test('a sealed text is lines that sops reads, without CR or byte order mark', () => {
    fc.assert(
      fc.property(readable, (plain) => {
        const source = read(plain);
        const lines = sealAll(dotenv, source, someMetadata()).text.split('\n');
        expect(lines.filter((line) => line !== '' && !line.startsWith('#') && !line.includes('='))).toEqual([]);
        expect(lines.filter((line) => line.includes('\r') || line.startsWith('\u00ef\u00bb\u00bf'))).toEqual([]);
      }),
    );
  });

  test('adding and removing the block is exact, and changes no value', () => {
    fc.assert(
      fc.property(readable, (plain) => {
        const source = read(plain);
        const sealed = read(spliced(source, dotenv.addMetadata(source, someMetadata())));
        expect(meaning(sealed.tree)).toEqual(meaning(source.tree));
        expect(spliced(sealed, dotenv.removeMetadata(sealed))).toBe(plain);
      }),
      { numRuns: 400 },
    );
  });

  test('an update of the block gives the new one, and removing that is exact too', () => {
    fc.assert(
      fc.property(readable, metadata, metadata, (plain, before, after) => {
        const source = read(plain);
        const sealed = read(spliced(source, dotenv.addMetadata(source, before)));
        const updated = read(spliced(sealed, dotenv.updateMetadata(sealed, after)));
        expect(asStored(updated.metadata ?? new Map())).toEqual(asStored(after));
        expect(spliced(updated, dotenv.removeMetadata(updated))).toBe(plain);
      }),
      { numRuns: 400 },
    );
  });

  test('an update that says the same changes nothing', () => {
    fc.assert(
      fc.property(readable, (plain) => {
        const source = read(plain);
        const sealed = read(spliced(source, dotenv.addMetadata(source, someMetadata())));
        expect(dotenv.updateMetadata(sealed, someMetadata())).toEqual([]);
      }),
    );
  });

  test('a value put is there afterwards and nothing else changes, or it is refused', () => {
    fc.assert(
      fc.property(readable, dotenvValue, fc.nat(), (plain, value, pick) => {
        const source = read(plain);
        const entries = (source.tree.documents[0]?.items ?? []).filter((item) => item.kind === 'entry');
        const key = [...entries.map((entry) => entry.key), 'brand new'][pick % (entries.length + 1)] ?? '';
        const splices = orNull(() => dotenv.put(source, [key], str(value)));
        if (splices === null) return;
        const after = read(spliced(source, splices));
        const found = (after.tree.documents[0]?.items ?? []).find((item) => item.kind === 'entry' && item.key === key);
        expect(found?.kind === 'entry' && found.value.kind === 'leaf' && found.value.value).toEqual({
          type: 'str',
          text: value.replaceAll('\\n', '\n'),
        });
        const kept = (item: DotenvSource): unknown =>
          meaning({
            documents: item.tree.documents.map((top) => ({
              ...top,
              items: top.items.filter((one) => one.kind !== 'entry' || one.key !== key),
            })),
          });
        expect(kept(after)).toEqual(kept(source));
      }),
      { numRuns: 400 },
    );
  });

  test('a dropped entry is gone and nothing else changes, or it is refused', () => {
    fc.assert(
      fc.property(readable, fc.nat(), (plain, pick) => {
        const source = read(plain);
        const items = source.tree.documents[0]?.items ?? [];
        const entries = items.filter((item) => item.kind === 'entry');
        const key = entries[pick % entries.length]?.key;
        if (key === undefined) return;
        const first = entries.find((entry) => entry.key === key);
        const splices = orNull(() => dotenv.drop(source, [key]));
        if (splices === null) return;
        const after = read(spliced(source, splices));
        const left = items.filter((item) => item !== first);
        expect(meaning(after.tree)).toEqual(meaning({ documents: [{ kind: 'map', items: left, place: null }] }));
      }),
      { numRuns: 400 },
    );
  });

  test('printed it reads as the same entries and comments', () => {
    fc.assert(
      fc.property(readable, (plain) => {
        const { tree } = read(plain);
        const again = read(dotenv.print(tree, someMetadata(), { file: '.env', indent: null }));
        expect(meaning(again.tree)).toEqual(meaning(tree));
        expect(again.metadata).toEqual(someMetadata());
      }),
    );
  });
});

function orNull<T>(edit: () => T): T | null {
  try {
    return edit();
  } catch (error) {
    if (error instanceof SecError && error.problem.code === 'cannot-write') return null;
    throw error;
  }
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { newGroup } from '../../src/core/key-lists.ts';
import { readMetadata, writeMetadata } from '../../src/core/metadata.ts';
import type { Metadata, StoredKey } from '../../src/core/metadata.ts';
import { defaultSelector, selectorKinds } from '../../src/core/selection.ts';
import { alice, block, bob, fresh, key, odd, pgp, read, time } from '../helpers/blocks.ts';
import { toJson, toMap } from '../helpers/meta.ts';

const written = (metadata: Metadata): string => toJson(writeMetadata(metadata), 2);

describe('writing', () => {
  test('makes a new block in the order of the alphabet', () => {
    expect(written({ ...fresh, layout: 'ENC[hint]', macOnlyEncrypted: true, threshold: 1 })).toBe(
      JSON.stringify(
        {
          age: [alice, bob],
          lastmodified: time,
          mac: 'ENC[mac]',
          mac_only_encrypted: true,
          pgp: [pgp],
          sec: { layout: 'ENC[hint]' },
          shamir_threshold: 1,
          unencrypted_suffix: '_unencrypted',
          version: '3.13.3',
        },
        null,
        2,
      ),
    );
  });

  test('leaves out what says nothing', () => {
    expect(written({ ...fresh, selector: null })).toBe(
      JSON.stringify({ age: [alice, bob], lastmodified: time, mac: 'ENC[mac]', pgp: [pgp], version: '3.13.3' }, null, 2),
    );
  });

  test('changes nothing in a block that was only read', () => {
    for (const fields of [block, odd, { ...block, age: alice, key_groups: ['unread'] }])
      expect(written(read(fields))).toBe(JSON.stringify(fields, null, 2));
  });

  test('changes only the fields that are changed, each in its place and spelling', () => {
    const changed = {
      ...read(odd),
      lastModified: time,
      mac: 'ENC[new]',
      threshold: 3,
      layout: 'ENC[other]',
      version: '3.13.3',
      macOnlyEncrypted: false,
    };
    const { Mac_only_encrypted, ...rest } = odd;
    expect(Mac_only_encrypted).toBe('t');
    expect(written(changed)).toBe(
      JSON.stringify(
        {
          ...rest,
          Shamir_Threshold: 3,
          LASTMODIFIED: time,
          mac: 'ENC[new]',
          sec: { later: true, Layout: 'ENC[other]' },
          version: '3.13.3',
        },
        null,
        2,
      ),
    );
  });

  test('puts new fields before the first that sorts behind them', () => {
    const old = { shamir_threshold: 0, kms: [], age: [alice], lastmodified: time, mac: 'm', pgp: [], version: '3.7.1' };
    const changed = { ...read(old), threshold: 2, selector: defaultSelector, macOnlyEncrypted: true, layout: 'ENC[hint]' };
    expect(toJson(writeMetadata(changed))).toBe(
      JSON.stringify({
        mac_only_encrypted: true,
        sec: { layout: 'ENC[hint]' },
        shamir_threshold: 2,
        kms: [],
        age: [alice],
        lastmodified: time,
        mac: 'm',
        pgp: [],
        unencrypted_suffix: '_unencrypted',
        version: '3.7.1',
      }),
    );
  });

  test('replaces one selector by another', () => {
    const changed = { ...read(block), selector: { kind: 'encrypted_regex', text: 'x' } as const };
    expect(toJson(writeMetadata(changed))).toBe(
      JSON.stringify({ age: [alice], encrypted_regex: 'x', lastmodified: time, mac: 'ENC[mac]', version: '3.13.3' }),
    );
  });

  test('takes the layout away, and our field with it', () => {
    expect(written({ ...read({ ...block, sec: { layout: 'ENC[hint]' } }), layout: null })).toBe(JSON.stringify(block, null, 2));
    expect(written({ ...read(odd), layout: null })).toBe(JSON.stringify({ ...odd, sec: { later: true } }, null, 2));
  });

  test('leaves alone what another program put in the place of our field', () => {
    for (const sec of ['text', {}, { layout: 5 }])
      expect(written(read({ ...block, sec }))).toBe(JSON.stringify({ ...block, sec }, null, 2));
  });

  test('is read back as it was meant', () => {
    const text = fc.string({ minLength: 1 });
    const stored = fc
      .constantFrom('age', 'pgp', 'hckms', 'foo')
      .chain((kind) => text.map((word) => key(kind, { created_at: time, enc: word, recipient: word, key_id: `r:${word}` })));
    const inLoadOrder = (keys: readonly StoredKey[]): readonly StoredKey[] =>
      ['hckms', 'pgp', 'age', 'foo'].flatMap((kind) => keys.filter((one) => one.kind === kind));
    const meant = fc.record({
      groups: fc.array(
        fc.array(stored, { minLength: 1 }).map((keys) => newGroup(inLoadOrder(keys))),
        { minLength: 1, maxLength: 4 },
      ),
      threshold: fc.nat(5),
      selector: fc.option(fc.record({ kind: fc.constantFrom(...selectorKinds), text })),
      macOnlyEncrypted: fc.boolean(),
      lastModified: fc.constant(time),
      mac: fc.string(),
      version: fc.string(),
      layout: fc.option(fc.string()),
      stored: fc.constantFrom(new Map(), toMap(block), toMap(odd)),
    });
    fc.assert(
      fc.property(meant, (metadata) => {
        const again = readMetadata(writeMetadata(metadata), 'app.yaml');
        // What stood beside the keys at the top is no key, unless nothing else is left.
        const keys = again.groups.map((group) => group.keys.filter(({ kind }) => kind !== 'foo'));
        const wanted = metadata.groups.map((group) => group.keys.filter(({ kind }) => kind !== 'foo'));
        expect({ ...again, groups: keys, stored: null }).toEqual({ ...metadata, groups: wanted, stored: null });
      }),
      { numRuns: 500 },
    );
  });
});

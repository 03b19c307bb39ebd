import { describe, expect, test } from 'vitest';

import { newGroup } from '../../src/core/key-lists.ts';
import { readMetadata, writeMetadata } from '../../src/core/metadata.ts';
import type { Metadata } from '../../src/core/metadata.ts';
import { alice, block, bob, fresh, key, odd, pgp, read, time, without } from '../helpers/blocks.ts';
import { toJson, toMap } from '../helpers/meta.ts';
import { problemOf } from '../helpers/problem.ts';

const refused = (reason: string): unknown => ({ code: 'bad-metadata', file: 'app.yaml', reason });
const written = (metadata: Metadata): string => toJson(writeMetadata(metadata), 2);

describe('keys', () => {
  test('stand in the order in which sops tries them', () => {
    const dated = { created_at: time, enc: 'x' };
    const fields = {
      ...block,
      pgp: [pgp],
      hc_vault: [dated],
      azure_kv: [dated],
      hckms: [{ ...dated, key_id: 'a:b:c' }],
      gcp_kms: [dated],
      kms: [dated, dated],
      foo: [{ enc: 'x' }],
    };
    const kinds = read(fields).groups.map(({ keys }) => keys.map(({ kind }) => kind));
    expect(kinds).toEqual([['kms', 'kms', 'gcp_kms', 'hckms', 'azure_kv', 'hc_vault', 'pgp', 'age', 'foo']]);
  });

  test('may be one map instead of a list', () => {
    expect(read({ ...block, age: alice }).groups).toEqual([newGroup([key('age', alice)])]);
  });

  test('keep fields that nobody knows, and have texts in those that sops writes', () => {
    const entry = { ARN: 5, role: null, Context: { a: true, b: 1.5, c: null }, Note: { x: 1 }, created_at: time, enc: 'x' };
    expect(read({ ...block, kms: [entry] }).groups[0]?.keys[0]).toEqual(
      key('kms', { arn: '5', role: '', context: { a: '1', b: '1.5', c: '' }, Note: { x: 1 }, created_at: time, enc: 'x' }),
    );
    expect(read({ ...block, kms: [{ created_at: time, context: [] }] }).groups[0]?.keys[0]).toEqual(
      key('kms', { created_at: time, context: {} }),
    );
  });

  test('come from key groups only where none stands at the top', () => {
    const groups = [{ age: [alice] }, null, { age: { ...bob } }];
    expect(read({ ...without('age'), key_groups: groups }).groups).toEqual([
      { keys: [key('age', alice)], stored: toMap({ age: [alice] }) },
      { keys: [], stored: new Map() },
      { keys: [key('age', bob)], stored: toMap({ age: bob }) },
    ]);
    expect(read({ ...block, pgp: [], key_groups: groups }).groups).toEqual([newGroup([key('age', alice)])]);
    expect(read({ ...block, key_groups: [{ kms: ['unread'] }] }).groups).toEqual([newGroup([key('age', alice)])]);
  });

  test('of an unknown kind are the keys of a file that has no other', () => {
    expect(read({ ...without('age'), foo: [{ enc: 'x' }] }).groups).toEqual([newGroup([key('foo', { enc: 'x' })])]);
    expect(read({ ...without('age'), foo: [{ enc: 'x' }], key_groups: [{ age: [alice] }] }).groups).toMatchObject([
      { keys: [key('age', alice)] },
    ]);
    for (const foo of [[{ x: 'y' }], [], { enc: 'x' }, ['enc'], [{ enc: 1 }]]) {
      expect(problemOf(() => read({ ...without('age'), foo }))).toEqual(refused('it names no key'));
    }
  });
});

describe('keys that are written', () => {
  test('gives each of several groups the two lists that sops always writes', () => {
    const groups = [newGroup([key('pgp', pgp)]), newGroup([key('age', alice)])];
    expect(toJson(writeMetadata({ ...fresh, groups, threshold: 2 }))).toBe(
      JSON.stringify({
        key_groups: [
          { age: [], hc_vault: [], pgp: [pgp] },
          { age: [alice], hc_vault: [] },
        ],
        lastmodified: time,
        mac: 'ENC[mac]',
        shamir_threshold: 2,
        unencrypted_suffix: '_unencrypted',
        version: '3.13.3',
      }),
    );
  });

  test('replaces keys and keeps everything beside them', () => {
    const old = { ...block, foo: [{ enc: 'x' }], history: ['a'], kms: [] };
    const keys = [key('pgp', pgp), key('age', bob)];
    expect(toJson(writeMetadata({ ...read(old), groups: [newGroup(keys)] }))).toBe(
      JSON.stringify({
        age: [bob],
        lastmodified: time,
        mac: 'ENC[mac]',
        pgp: [pgp],
        unencrypted_suffix: '_unencrypted',
        version: '3.13.3',
        history: ['a'],
        kms: [],
      }),
    );
  });

  test('moves the keys into groups and back', () => {
    const old = { ...block, foo: [{ enc: 'x' }], kms: [] };
    const [first] = read(old).groups;
    const grouped = writeMetadata({ ...read(old), groups: [...read(old).groups, newGroup([key('age', bob)])], threshold: 2 });
    expect(toJson(grouped)).toBe(
      JSON.stringify({
        key_groups: [
          { age: [alice], foo: [{ enc: 'x' }], hc_vault: [] },
          { age: [bob], hc_vault: [] },
        ],
        lastmodified: time,
        mac: 'ENC[mac]',
        shamir_threshold: 2,
        unencrypted_suffix: '_unencrypted',
        version: '3.13.3',
        kms: [],
      }),
    );
    const again = readMetadata(grouped, 'app.yaml');
    expect(again.groups.map(({ keys }) => keys)).toEqual([first?.keys, [key('age', bob)]]);
    expect(written({ ...again, groups: again.groups.slice(0, 1), threshold: 0 })).toBe(
      JSON.stringify(
        {
          age: [alice],
          foo: [{ enc: 'x' }],
          lastmodified: time,
          mac: 'ENC[mac]',
          unencrypted_suffix: '_unencrypted',
          version: '3.13.3',
          kms: [],
        },
        null,
        2,
      ),
    );
  });

  test('keeps what is beside the keys of a group with that group', () => {
    const metadata = read(odd);
    const [, second] = metadata.groups;
    const third = newGroup([key('age', bob)]);
    const groups = [...(second ? [second] : []), third, ...metadata.groups.slice(0, 1)];
    const key_groups = [
      { age: { Recipient: 'age1alice', enc: 'x' } },
      { age: [bob], hc_vault: [] },
      { note: 1, pgp: [{ fp: 'AAAA', created_at: time, enc: 'x', Extra: [1] }], kms: [] },
    ];
    expect(written({ ...metadata, groups })).toBe(JSON.stringify({ ...odd, key_groups }, null, 2));
  });

  test('takes a list out of a group once its last key is gone', () => {
    const old = { ...without('age'), key_groups: [{ age: [alice], note: 1, pgp: [pgp] }, { age: [bob] }] };
    const [first, ...others] = read(old).groups;
    const groups = [{ ...newGroup([key('age', bob)]), stored: first?.stored ?? new Map() }, ...others];
    expect(toJson(writeMetadata({ ...read(old), groups }))).toBe(
      JSON.stringify({ ...without('age'), key_groups: [{ age: [bob], hc_vault: [], note: 1 }, { age: [bob] }] }),
    );
  });

  test('touches nothing that only looks like keys, or like groups, where the keys are elsewhere', () => {
    const grouped = {
      foo: [{ enc: 'x' }],
      key_groups: [
        { age: [alice], hc_vault: [] },
        { age: [alice], hc_vault: [] },
      ],
      lastmodified: time,
    };
    const groups = [...read(grouped).groups.slice(0, 1), newGroup([key('age', bob)])];
    expect(toJson(writeMetadata({ ...read(grouped), groups }))).toBe(
      JSON.stringify({
        ...grouped,
        key_groups: [
          { age: [alice], hc_vault: [] },
          { age: [bob], hc_vault: [] },
        ],
      }),
    );
    const ungrouped = { age: [alice], key_groups: ['unread'], lastmodified: time };
    expect(toJson(writeMetadata({ ...read(ungrouped), groups: [newGroup([key('age', bob)])] }))).toBe(
      JSON.stringify({ ...ungrouped, age: [bob] }),
    );
  });

  test('sees a field that a key has gained', () => {
    const changed = { ...read(block), groups: [newGroup([key('age', { ...alice, note: 'x' })])] };
    expect(written(changed)).toBe(JSON.stringify({ ...block, age: [{ ...alice, note: 'x' }] }, null, 2));
  });

  test('leaves a single key group where it stands until its keys change', () => {
    const old = { ...without('age'), key_groups: [{ age: [alice] }] };
    expect(written({ ...read(old), mac: 'new' })).toBe(JSON.stringify({ ...old, mac: 'new' }, null, 2));
    expect(toJson(writeMetadata({ ...read(old), groups: [newGroup([key('age', bob)])] }))).toBe(JSON.stringify({ ...block, age: [bob] }));
  });
});

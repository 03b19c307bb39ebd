import { describe, expect, test } from 'vitest';

import { unknownRules } from '../../src/core/metadata.ts';
import { defaultSelector, selectorKinds } from '../../src/core/selection.ts';
import { alice, block, key, read, time, without } from '../helpers/blocks.ts';
import type { Plain } from '../helpers/meta.ts';
import { problemOf } from '../helpers/problem.ts';

const refused = (reason: string): unknown => ({ code: 'bad-metadata', file: 'app.yaml', reason });

describe('a block', () => {
  test('is read into its parts', () => {
    const { stored, ...parts } = read({ ...block, mac_only_encrypted: true, shamir_threshold: 2, sec: { layout: 'ENC[hint]' } });
    expect(parts).toEqual({
      groups: [{ keys: [key('age', alice)], stored: new Map() }],
      threshold: 2,
      selector: defaultSelector,
      macOnlyEncrypted: true,
      lastModified: time,
      mac: 'ENC[mac]',
      version: '3.13.3',
      layout: 'ENC[hint]',
    });
    expect(stored.size).toBe(8);
  });

  test('may leave out all but its keys and its time', () => {
    const { groups, stored, ...parts } = read({ age: [alice], lastmodified: time });
    expect(parts).toEqual({
      threshold: 0,
      selector: null,
      macOnlyEncrypted: false,
      lastModified: time,
      mac: '',
      version: '',
      layout: null,
    });
    expect([groups.length, stored.size]).toEqual([1, 2]);
  });

  test('that is empty is none', () => {
    expect(problemOf(() => read({}))).toEqual({ code: 'not-encrypted', file: 'app.yaml' });
  });

  test('is read whatever the case of its names, the exact one first', () => {
    const fields = {
      LastModified: time,
      MAC: 'm',
      AGE: [{ Recipient: 'age1alice', ENC: 'e' }],
      Version: '3.7.0',
      Encrypted_Regex: 'x',
      VERSION: '0',
      version: '3.8.0',
    };
    expect(read(fields)).toMatchObject({
      groups: [{ keys: [key('age', { recipient: 'age1alice', enc: 'e' })] }],
      lastModified: time,
      mac: 'm',
      version: '3.8.0',
      selector: { kind: 'encrypted_regex', text: 'x' },
    });
  });

  test.each([['2026-01-02T03:04:05Z'], ['2026-01-02T03:04:05.123Z'], ['2026-01-02T03:04:05+00:00'], ['2026-01-02T03:04:05-07:30']])(
    'has the time %s as it stands',
    (text) => {
      expect(read({ ...block, lastmodified: text }).lastModified).toBe(text);
    },
  );

  test.each<[Plain, number]>([
    [2, 2],
    ['2', 2],
    ['02', 2],
    ['010', 8],
    ['', 0],
    [null, 0],
    ['2.0', 2],
    ['0', 0],
    [true, 1],
  ])('has the threshold %j', (text, threshold) => {
    expect(read({ ...block, shamir_threshold: text }).threshold).toBe(threshold);
  });

  test.each<[Plain, boolean]>([
    [true, true],
    [false, false],
    [null, false],
    ['', false],
    [1, true],
    [0, false],
    [2, true],
    ['true', true],
    ['t', true],
    ['TRUE', true],
    ['1', true],
    ['F', false],
    ['0', false],
  ])('has mac_only_encrypted: %j', (value, macOnlyEncrypted) => {
    expect(read({ ...block, mac_only_encrypted: value }).macOnlyEncrypted).toBe(macOnlyEncrypted);
  });

  test('takes numbers and booleans for texts', () => {
    expect(read({ ...block, version: 1.7, unencrypted_suffix: 5, mac: true })).toMatchObject({
      version: '1.7',
      selector: { text: '5' },
      mac: '1',
    });
    expect(read({ ...block, version: 1e21 }).version).toBe('1000000000000000000000');
  });

  test.each<[string, Record<string, Plain>, string]>([
    ['no time', without('lastmodified'), 'lastmodified is missing'],
    ['an empty time', { ...block, lastmodified: null }, 'lastmodified is missing'],
    ['a time that is none', { ...block, lastmodified: '2026-01-02 03:04:05Z' }, 'lastmodified is not a time as in 2026-01-02T03:04:05Z'],
    ['an impossible day', { ...block, lastmodified: '2026-02-30T00:00:00Z' }, 'lastmodified is not a time as in 2026-01-02T03:04:05Z'],
    ['a list for a text', { ...block, mac: ['x'] }, 'mac is not a text'],
    ['a map for a rule', { ...block, encrypted_regex: { a: 'x' } }, 'encrypted_regex is not a text'],
    ['a threshold in words', { ...block, shamir_threshold: 'two' }, 'shamir_threshold is not a whole number'],
    ['a negative threshold', { ...block, shamir_threshold: -1 }, 'shamir_threshold is not a whole number'],
    ['a broken threshold', { ...block, shamir_threshold: 1.5 }, 'shamir_threshold is not a whole number'],
    ['a threshold that is no octal number', { ...block, shamir_threshold: '09' }, 'shamir_threshold is not a whole number'],
    ['a boolean in another word', { ...block, mac_only_encrypted: 'yes' }, 'mac_only_encrypted is neither true nor false'],
    ['a boolean in another case', { ...block, mac_only_encrypted: 'tRUE' }, 'mac_only_encrypted is neither true nor false'],
    ['an empty text for a list', { ...block, hc_vault: '' }, 'hc_vault is not a list'],
    ['a boolean for a list', { ...block, pgp: false }, 'pgp is not a list'],
    ['a text for an entry', { ...block, pgp: ['x'] }, 'an entry of pgp is not a map'],
    ['nothing for an entry', { ...block, pgp: [null] }, 'an entry of pgp is not a map'],
    ['an entry without a date', { ...block, pgp: [{ enc: 'x' }] }, 'in an entry of pgp, created_at is missing'],
    [
      'an entry with a bad date',
      { ...block, kms: [{ created_at: '1446744073' }] },
      'in an entry of kms, created_at is not a time as in 2026-01-02T03:04:05Z',
    ],
    ['a list in an entry', { ...block, age: [{ enc: [] }] }, 'in an entry of age, enc is not a text'],
    ['a text for a context', { ...block, kms: [{ created_at: time, context: '' }] }, 'in an entry of kms, context is not a map'],
    [
      'a map in a context',
      { ...block, kms: [{ created_at: time, context: { a: {} } }] },
      'in an entry of kms, context holds something else than texts',
    ],
    [
      'a Huawei key without a region',
      { ...block, hckms: [{ created_at: time, key_id: ':x' }] },
      'in an entry of hckms, key_id is not region:key',
    ],
    [
      'a Huawei key without a name',
      { ...block, hckms: [{ created_at: time, key_id: 'x:' }] },
      'in an entry of hckms, key_id is not region:key',
    ],
    ['no keys', without('age'), 'it names no key'],
    ['empty lists of keys', { ...block, age: [], pgp: null, kms: {}, key_groups: [] }, 'it names no key'],
    ['a text for key groups', { ...without('age'), key_groups: 'x' }, 'key_groups is not a list'],
    ['a text for a key group', { ...without('age'), key_groups: ['x'] }, 'an entry of key_groups is not a map'],
    ['a bad entry in a group', { ...without('age'), key_groups: [{ pgp: [{}] }] }, 'in an entry of pgp, created_at is missing'],
  ])('with %s is refused', (_, fields, reason) => {
    expect(problemOf(() => read(fields))).toEqual(refused(reason));
  });

  test('with two selectors is refused, an empty one does not count', () => {
    expect(problemOf(() => read({ ...block, encrypted_regex: 'x' }))).toEqual({
      code: 'selectors-conflict',
      where: 'app.yaml',
      names: ['unencrypted_suffix', 'encrypted_regex'],
    });
    expect(read({ ...block, encrypted_regex: '', encrypted_suffix: null }).selector).toEqual(defaultSelector);
  });

  test.each(selectorKinds)('names its selector: %s', (kind) => {
    expect(read({ ...without('unencrypted_suffix'), [kind]: 'x' }).selector).toEqual({ kind, text: 'x' });
  });
});

test('rules that nobody knows are named', () => {
  expect(unknownRules(read(odd()))).toEqual(['unencrypted_path_regex', 'encrypted_paths', 'Key_Suffix']);

  function odd(): Record<string, Plain> {
    const known = Object.fromEntries(selectorKinds.map((kind) => [kind, '']));
    return {
      ...known,
      ...without('unencrypted_suffix'),
      MAC_ONLY_ENCRYPTED: true,
      attention: 'x',
      unencrypted_path_regex: 'x',
      encrypted_paths: ['a'],
      Key_Suffix: 'x',
    };
  }
});

import { readFileSync } from 'node:fs';

import { afterAll, describe, expect, test } from 'vitest';

import { flatten, unflatten } from '../../src/core/flatten.ts';
import { newGroup } from '../../src/core/key-lists.ts';
import { readMetadata, writeMetadata } from '../../src/core/metadata.ts';
import type { Metadata } from '../../src/core/metadata.ts';
import { SecError } from '../../src/core/problem.ts';
import { defaultSelector } from '../../src/core/selection.ts';
import { checkVersion } from '../../src/core/version.ts';
import { toJson, toMap } from '../helpers/meta.ts';
import type { Plain } from '../helpers/meta.ts';
import { need } from '../helpers/need.ts';
import { sopsFolder } from '../helpers/sops-folder.ts';
import type { Sops } from '../helpers/sops-folder.ts';

type Fields = Record<string, Plain>;

describe.skipIf(!need('age-keygen', 'sops-3.12.2', 'sops-3.13.3'))('beside the real sops', () => {
  const { folder, recipient, encrypt, sops } = sopsFolder();
  afterAll(() => folder.remove());

  const plain = '{"a":"x"}';
  const parse = (text: string) => JSON.parse(text) as { readonly a: string; readonly sops: Fields };
  const sealed = parse(encrypt('app.json', plain, { age: recipient }));
  const now = String(sealed.sops['lastmodified']);
  const age = sealed.sops['age'] ?? null;
  const without = (name: string): Fields => Object.fromEntries(Object.entries(sealed.sops).filter(([other]) => other !== name));

  const variants: readonly (readonly [name: string, change: Fields])[] = [
    ['as sops wrote it', {}],
    ...[
      '3.7',
      'v3.7.0',
      'V3.7.0',
      '1.13',
      '1',
      '1.x',
      '9.9.9',
      '3.7.0-rc.1',
      '3.7.0+b',
      '03.7.0',
      '3.7.0-01',
      '',
      ' 3.7.0',
      '18446744073709551616.0.0',
      1.7,
    ].map((version) => [`version ${version}`, { version }] as const),
    ...[
      now.replace('Z', '.123Z'),
      now.replace('Z', '+00:00'),
      now.replace('T', 't'),
      now.replace('T', ' '),
      now.slice(0, -1),
      '2026-02-30T00:00:00Z',
      '2026-11-24T24:00:00Z',
      '',
      5,
    ].map((lastmodified) => [`lastmodified ${lastmodified}`, { lastmodified }] as const),
    ...[2, '2', '02', '', ' 2', '010', '09', 'two', null, true, []].map(
      (shamir_threshold) => [`threshold ${JSON.stringify(shamir_threshold)}`, { shamir_threshold }] as const,
    ),
    ...[true, 't', 'TRUE', 'tRUE', 'yes', '', 0, 2, null, []].map(
      (mac_only_encrypted) => [`mac only ${JSON.stringify(mac_only_encrypted)}`, { mac_only_encrypted }] as const,
    ),
    ...[null, [], {}, '', 5, false, [null], ['x']].map((pgp) => [`pgp ${JSON.stringify(pgp)}`, { pgp }] as const),
    ...[
      [{ enc: 'x' }],
      { created_at: now },
      [{ created_at: 'x' }],
      [{ created_at: now, arn: 5, context: { a: true, b: null } }],
      [{ created_at: now, context: [] }],
      [{ created_at: now, context: '' }],
    ].map((kms) => [`kms ${JSON.stringify(kms)}`, { kms }] as const),
    ...['x', 'x:', ':x', 'a:b', 'a:b:c'].map((key_id) => [`hckms ${key_id}`, { hckms: [{ created_at: now, key_id }] }] as const),
    ['names in another case', { LASTMODIFIED: 'ignored', MAC: 'ignored' }],
    ['no keys', { age: null }],
    ['keys in a group', { age: null, key_groups: [{ age }] }],
    ['keys in one map', { age: null, key_groups: { age } }],
    ['groups beside keys', { key_groups: [{ kms: [{}] }] }],
    ['groups of another type', { age: null, key_groups: 'x' }],
    ['an empty group', { age: null, key_groups: [{}] }],
    ['keys of an unknown kind beside others', { foo: age }],
    ['two rules', { encrypted_suffix: 'x' }],
    ['two rules, one empty', { encrypted_suffix: '' }],
    ['a number as a rule', { unencrypted_suffix: 5 }],
    ['a list as a rule', { unencrypted_suffix: [] }],
    ['no mac', { mac: null }],
    ['a map as mac', { mac: {} }],
    ['our own field', { sec: { layout: 'x' } }],
  ];

  test.each(variants)('takes or refuses a block as sops 3.13.3 does: %s', (_, change) => {
    const fields: Fields = { ...sealed.sops, ...change };
    folder.write('variant.json', JSON.stringify({ ...sealed, sops: fields }));
    expect(isTaken(fields)).toBe(sops('sops-3.13.3', ['decrypt', '--ignore-mac', 'variant.json']).status !== 1);
  });

  test.each(['lastmodified', 'version', 'mac', 'unencrypted_suffix', 'age'])('takes or refuses a block as sops does without %s', (name) => {
    folder.write('variant.json', JSON.stringify({ ...sealed, sops: without(name) }));
    expect(isTaken(without(name))).toBe(sops('sops-3.13.3', ['decrypt', '--ignore-mac', 'variant.json']).status !== 1);
  });

  const dated = { created_at: '2020-01-02T03:04:05Z', enc: 'x' };
  const kinds: Fields = {
    azure_kv: [{ ...dated, name: 'n', vault_url: 'https://v.vault.azure.net', version: '1' }],
    gcp_kms: [{ ...dated, resource_id: 'projects/p/locations/l/keyRings/r/cryptoKeys/k' }],
    hc_vault: [{ ...dated, engine_path: 'transit', key_name: 'k', vault_address: 'https://vault' }],
    hckms: [{ ...dated, key_id: 'region:id' }],
    kms: [{ arn: 'arn:aws:kms:eu-west-1:1:key/1', aws_profile: '', context: { b: '1', a: '2' }, ...dated, role: 'r' }],
    pgp: [{ ...dated, fp: 'AAAA' }],
  };

  test('writes a new block as sops does: every kind of key', () => {
    const rewritten = rewrittenBySops({ ...sealed, sops: { ...kinds, ...sealed.sops, shamir_threshold: '2' } });
    expect(asNew(rewritten.sops)).toBe(JSON.stringify(rewritten.sops));
    expect(Object.keys(rewritten.sops)).toHaveLength(12);
  });

  const rule = {
    key_groups: [{ age: [recipient] }, { age: [recipient] }],
    shamir_threshold: 2,
    mac_only_encrypted: true,
    encrypted_regex: 'a',
  };

  test('writes a new block as sops does: key groups', () => {
    const grouped = parse(encrypt('groups.json', plain, rule));
    // The age key of a group is tried first, so sops asks none of the clouds.
    const groups = groupsOf(grouped.sops).map((group, at) => (at === 0 ? { ...kinds, ...group } : group));
    const pgpOnly = { pgp: kinds['pgp'] ?? null };
    const rewritten = rewrittenBySops({ ...grouped, sops: { ...grouped.sops, key_groups: [...groups, pgpOnly] } });
    expect(asNew(rewritten.sops)).toBe(JSON.stringify(rewritten.sops));
    expect(groupsOf(rewritten.sops).map((group) => Object.keys(group).join())).toEqual([
      'age,azure_kv,gcp_kms,hc_vault,hckms,kms,pgp',
      'age,hc_vault',
      'age,hc_vault,pgp',
    ]);
  });

  test('writes flat blocks as sops does', () => {
    const lines = encrypt('groups.env', 'A=1\n', rule)
      .split('\n')
      .flatMap((line) => /^sops_(.*?)=(.*)$/.exec(line)?.slice(1) ?? []);
    const leaves = Array.from(
      { length: lines.length / 2 },
      (_, at) => [lines[2 * at] ?? '', (lines[2 * at + 1] ?? '').replaceAll('\\n', '\n')] as const,
    );
    const metadata = readMetadata(unflatten(leaves, 'groups.env'), 'groups.env');
    expect(flatten(writeMetadata(metadata), 'groups.env')).toEqual(leaves);
    expect(flatten(writeMetadata(fresh(metadata)), 'groups.env')).toEqual(leaves);
    expect(leaves.length).toBe(10);
  });

  test.each<Sops>(['sops-3.12.2', 'sops-3.13.3'])('%s opens what we wrote', (version) => {
    const changed: readonly ((metadata: Metadata) => Metadata)[] = [
      (metadata) => metadata,
      fresh,
      (metadata) => ({ ...metadata, layout: 'ENC[hint]', threshold: 1, selector: defaultSelector }),
      (metadata) => ({
        ...metadata,
        groups: [newGroup([...(metadata.groups[0]?.keys ?? []), { kind: 'pgp', fields: toMap({ ...dated, fp: 'AAAA' }) }])],
      }),
    ];
    for (const change of changed) {
      const block = writeMetadata(change(readMetadata(toMap({ ...sealed.sops, attention: { x: [1, 2] } }), 'app.json')));
      folder.write('ours.json', JSON.stringify({ ...sealed, sops: JSON.parse(toJson(block)) as unknown }));
      expect(sops(version, ['decrypt', 'ours.json'])).toEqual({ status: 0, out: '{\n\t"a": "x"\n}\n', err: '' });
    }
  });

  function isTaken(fields: Fields): boolean {
    try {
      checkVersion(readMetadata(toMap(fields), 'variant.json').version, 'variant.json');
      return true;
    } catch (error) {
      if (error instanceof SecError) return false;
      throw error;
    }
  }

  function rewrittenBySops(file: object): { readonly sops: Fields } {
    folder.write('rewritten.json', JSON.stringify(file));
    expect(sops('sops-3.13.3', ['set', 'rewritten.json', '["a"]', '"y"'])).toEqual({ status: 0, out: '', err: '' });
    return parse(readFileSync(folder.at('rewritten.json'), 'utf8'));
  }

  function asNew(fields: Fields): string {
    return toJson(writeMetadata(fresh(readMetadata(toMap(fields), 'app.json'))));
  }

  function fresh(metadata: Metadata): Metadata {
    return { ...metadata, groups: metadata.groups.map(({ keys }) => newGroup(keys)), stored: new Map() };
  }

  function groupsOf(fields: Fields): readonly Fields[] {
    return JSON.parse(JSON.stringify(fields['key_groups'])) as readonly Fields[];
  }
});

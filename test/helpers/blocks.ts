import { newGroup } from '../../src/core/key-lists.ts';
import { readMetadata } from '../../src/core/metadata.ts';
import type { Metadata, StoredKey } from '../../src/core/metadata.ts';
import { defaultSelector } from '../../src/core/selection.ts';
import { toMap } from './meta.ts';
import type { Plain } from './meta.ts';

/** Metadata blocks, and the parts they are made of. */
export const time = '2026-01-02T03:04:05Z';
export const alice = { enc: 'wrapped for alice\n', recipient: 'age1alice' };
export const bob = { enc: 'wrapped for bob\n', recipient: 'age1bob' };
export const pgp = { created_at: time, enc: 'wrapped', fp: 'AAAA' };
export const block: Record<string, Plain> = {
  age: [alice],
  lastmodified: time,
  mac: 'ENC[mac]',
  unencrypted_suffix: '_unencrypted',
  version: '3.13.3',
};

export const read = (fields: Record<string, Plain>): Metadata => readMetadata(toMap(fields), 'app.yaml');
export const key = (kind: string, fields: Record<string, Plain>): StoredKey => ({ kind, fields: toMap(fields) });
export const without = (name: string, fields = block): Record<string, Plain> =>
  Object.fromEntries(Object.entries(fields).filter(([other]) => other !== name));

/** A block as no program writes it, but that says something all the same. */
export const odd: Record<string, Plain> = {
  attention: 'do not edit',
  Shamir_Threshold: '2',
  key_groups: [
    { note: 1, pgp: [{ fp: 'AAAA', created_at: time, enc: 'x', Extra: [1] }], kms: [] },
    { age: { Recipient: 'age1alice', enc: 'x' } },
  ],
  kms: [],
  hckms: null,
  foo: [{ enc: 'x' }],
  LASTMODIFIED: '2026-01-02T03:04:05.5+00:00',
  mac: 'ENC[mac]',
  Mac_only_encrypted: 't',
  encrypted_suffix: '',
  unencrypted_suffix: 5,
  sec: { later: true, Layout: 'ENC[hint]' },
  version: 3.7,
};

/** What a new file says. */
export const fresh: Metadata = {
  groups: [newGroup([key('pgp', pgp), key('age', alice), key('age', bob)])],
  threshold: 0,
  selector: defaultSelector,
  macOnlyEncrypted: false,
  lastModified: time,
  mac: 'ENC[mac]',
  version: '3.13.3',
  layout: null,
  stored: new Map(),
};

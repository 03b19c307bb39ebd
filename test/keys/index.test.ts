import { expect, test } from 'vitest';
import { keyProviders, providerOf } from '../../src/keys/index.ts';
import { failed } from '../../src/keys/key.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { problemOfAsync } from '../helpers/problem.ts';

test('these kinds can be used', () => {
  expect(keyProviders.map(({ kind }) => kind)).toEqual(['age', 'pgp', 'kms', 'gcp_kms', 'azure_kv', 'hc_vault']);
});

test.each([
  ['hckms', { key_id: 'region:uuid' }, 'region:uuid'],
  ['new_kind', {}, 'a key of the kind new_kind'],
])('a key of a kind that we cannot use has a name: %s', async (kind, fields, label) => {
  const stored = { kind, fields: new Map(Object.entries(fields)) };
  const key = providerOf(kind).read(stored, 'a.yaml');
  const reason = `sec cannot use keys of the kind ${kind}`;
  expect(key.label).toBe(label);
  expect(await key.unwrap(stored, keyWorld())).toEqual(failed('unsupported', `sec has no client for keys of the kind ${kind}`));
  expect(await problemOfAsync(() => key.wrap(new Uint8Array(32), '', keyWorld()))).toEqual({
    code: 'wrap-failed',
    label,
    reason,
    hint: null,
  });
});

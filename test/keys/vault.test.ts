import { describe, expect, test } from 'vitest';
import type { StoredKey } from '../../src/core/metadata.ts';
import { failed, type KeyWorld } from '../../src/keys/key.ts';
import { vault } from '../../src/keys/vault.ts';
import { FakeNetwork } from '../helpers/fake-network.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { problemOf, problemOfAsync } from '../helpers/problem.ts';

const uri = 'https://vault.test:8200/v1/transit/keys/app';
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const createdAt = '2026-01-02T03:04:05Z';
const token = { VAULT_TOKEN: 'hvs.secret', VAULT_ADDR: 'https://vault.test:8200' };

/** A server that turns bytes into base64 behind `vault:v1:`, and back. */
function transit(): FakeNetwork {
  return new FakeNetwork(({ url, body }) => {
    const { plaintext = '', ciphertext = '' } = JSON.parse(body) as Readonly<Record<string, string>>;
    const data = url.includes('/encrypt/') ? { ciphertext: `vault:v1:${plaintext}` } : { plaintext: ciphertext.replace('vault:v1:', '') };
    return { body: JSON.stringify({ data }) };
  });
}

function world(network: FakeNetwork, env: Readonly<Record<string, string>> = token): KeyWorld {
  return { ...keyWorld({ env }), network: network.network };
}

function entry(fields: Readonly<Record<string, string>>): StoredKey {
  const all = { vault_address: 'https://vault.test:8200', engine_path: 'transit', key_name: 'app', enc: 'vault:v1:AAAA', ...fields };
  return { kind: 'hc_vault', fields: new Map(Object.entries(all)) };
}

describe('a recipient', () => {
  test.each([
    ['https://vault.test/v1/transit/keys/app', 'https://vault.test/v1/transit/keys/app'],
    [' https://vault.test:8200/v1/team/web/transit/keys/app/ ', 'https://vault.test:8200/v1/team/web/transit/keys/app'],
    ['http://[::1]:8200//v2/transit/export/app', 'http://[::1]:8200/v1/transit/keys/app'],
    ['HTTPS://VAULT.test/v1/transit/keys/app', 'HTTPS://VAULT.test/v1/transit/keys/app'],
  ])('is named as sops names it: %s', (text, label) => {
    expect(vault().parse(text).label).toBe(label);
  });

  const shape = 'it is no address of a transit key, as in https://HOST/v1/transit/keys/NAME';
  test.each([
    ['vault.test:8200/v1/transit/keys/app', shape],
    ['https://vault.test/transit/keys/app', shape],
    ['https://vault.test/v1/keys/app', shape],
    ['https://vault.test/prefix/v1/transit/keys/app', shape],
    ['https://vault.test?x/v1/transit/keys/app', shape],
    ['ftp://vault.test/v1/transit/keys/app', 'its server is no address, as in https://HOST:PORT'],
    ['https://vault.test/v1/../keys/app', 'its path is none, as in /v1/transit/keys/NAME'],
    ['https://vault.test/v1/transit//keys/app', 'its path is none, as in /v1/transit/keys/NAME'],
  ])('is refused by its text: %s', (text, reason) => {
    expect(problemOf(() => vault().parse(text))).toEqual({ code: 'bad-recipient', kind: 'hc_vault', text, reason });
  });

  test('with a password in its address is refused without showing that', () => {
    expect(problemOf(() => vault().parse('https://me:hunter2@vault.test/v1/transit/keys/app'))).toEqual({
      code: 'bad-recipient',
      kind: 'hc_vault',
      text: 'https://…@vault.test/v1/transit/keys/app',
      reason: 'its server is no address, as in https://HOST:PORT',
    });
  });
});

describe('the entry of a key', () => {
  test('has the fields that sops writes, in its order', async () => {
    const stored = await vault().parse(uri).wrap(dataKey, createdAt, world(transit()));

    expect(stored.kind).toBe('hc_vault');
    expect([...stored.fields]).toEqual([
      ['created_at', createdAt],
      ['enc', `vault:v1:${Buffer.from(dataKey).toString('base64')}`],
      ['engine_path', 'transit'],
      ['key_name', 'app'],
      ['vault_address', 'https://vault.test:8200'],
    ]);
  });

  test('opens again, by a call with the token and the namespace', async () => {
    const network = transit();
    const setting = world(network, { ...token, VAULT_NAMESPACE: 'team' });
    const stored = await vault().parse('https://vault.test:8200/v1/a b/ü/keys/app').wrap(dataKey, createdAt, setting);

    expect(await vault().read(stored, 'a.yaml').unwrap(stored, setting)).toEqual({ opened: true, dataKey });
    expect(network.asked.map(({ method, url, headers }) => [method, url, headers])).toEqual(
      ['encrypt', 'decrypt'].map((action) => [
        'PUT',
        `https://vault.test:8200/v1/a%20b/%C3%BC/${action}/app`,
        {
          'content-type': 'application/json',
          'x-vault-namespace': 'team',
          'x-vault-request': 'true',
          'x-vault-token': 'hvs.secret',
        },
      ]),
    );
  });

  test.each([[''], ['AAAA'], ['transit:v1:AAAA']])('whose wrapped key is %j is not asked for', async (enc) => {
    const network = transit();
    const stored = entry({ enc });

    expect(await vault().read(stored, 'a.yaml').unwrap(stored, world(network))).toEqual(
      failed('malformed', 'the entry holds no encrypted data key'),
    );
    expect(network.asked).toEqual([]);
  });

  test.each([
    [{ vault_address: 'https://me:pw@vault.test' }, 'its server is no address, as in https://HOST:PORT'],
    [{ vault_address: 'https://me@vault.test' }, 'its server is no address, as in https://HOST:PORT'],
    [{ vault_address: 'https://vault.test/x' }, 'its server is no address, as in https://HOST:PORT'],
    [{ vault_address: '' }, 'its server is no address, as in https://HOST:PORT'],
    [{ engine_path: 'transit/../sys' }, 'its path is none, as in /v1/transit/keys/NAME'],
    [{ key_name: '' }, 'its path is none, as in /v1/transit/keys/NAME'],
  ])('that is none opens nothing, and is locked for by nobody: %j', async (fields, reason) => {
    const network = transit();
    const stored = entry(fields);
    const key = vault().read(stored, 'a.yaml');

    expect(await key.unwrap(stored, world(network))).toEqual(failed('malformed', reason));
    expect(await problemOfAsync(() => key.wrap(dataKey, createdAt, world(network)))).toMatchObject({ code: 'wrap-failed', reason });
    expect(network.asked).toEqual([]);
  });
});

test('an answer without the data key opens nothing', async () => {
  for (const body of ['{"data":{}}', '{"data":null}', '{"data":{"plaintext":1}}', '[]', '']) {
    const stored = entry({});
    const result = await vault()
      .read(stored, 'a.yaml')
      .unwrap(stored, world(new FakeNetwork(() => ({ body }))));

    expect(result).toMatchObject({
      opened: false,
      failure: { detail: 'https://vault.test:8200 does not answer as Vault or OpenBao does (status 200)' },
    });
  }
});

test('your identities are the token that this machine has', async () => {
  expect(await vault().identities(keyWorld({ env: { BAO_TOKEN: 's.x' } }))).toEqual(['the token of BAO_TOKEN']);
  expect(await vault().identities(keyWorld({ env: { SEC_VAULT_ROLE: 'ci', VAULT_TOKEN: 's.x' } }))).toEqual(['the role ci of this job']);
  expect(await vault().identities(keyWorld())).toEqual([]);
});

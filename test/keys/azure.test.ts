import { describe, expect, test } from 'vitest';
import type { StoredKey } from '../../src/core/metadata.ts';
import { SecError } from '../../src/core/problem.ts';
import type { AzureConnect } from '../../src/keys/azure-connect.ts';
import { azureKeyVault } from '../../src/keys/azure.ts';
import { isForVaults } from '../../src/keys/azure-url.ts';
import { failed, type KeyWorld } from '../../src/keys/key.ts';
import { FakeNetwork } from '../helpers/fake-network.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { problemOf, problemOfAsync } from '../helpers/problem.ts';

const vault = 'https://team.vault.azure.net';
const url = `${vault}/keys/app/0123abcd`;
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const createdAt = '2026-01-02T03:04:05Z';
const env = { IDENTITY_ENDPOINT: 'http://127.0.0.1:1', IDENTITY_HEADER: 'x' };
const shape = 'it is no key of a vault, as in https://NAME.vault.azure.net/keys/KEY/VERSION';

/** Turns bytes over, and back. */
function fake(): { readonly connect: AzureConnect; readonly calls: string[]; readonly connections: string[] } {
  const calls: string[] = [];
  const connections: string[] = [];
  const connect: AzureConnect = (address) => {
    connections.push(address);
    return Promise.resolve({
      newest: async (name) => {
        calls.push(`newest ${name}`);
        return '9';
      },
      encrypt: async (key, bytes) => {
        calls.push(`encrypt ${key.name} ${key.version}`);
        return bytes.toReversed();
      },
      decrypt: async (key, bytes) => {
        calls.push(`decrypt ${key.name} ${key.version}`);
        return bytes.toReversed();
      },
    });
  };
  return { connect, calls, connections };
}

function entry(fields: Readonly<Record<string, string>>): StoredKey {
  const all = { vault_url: vault, name: 'app', version: '1', enc: 'AAAA', ...fields };
  return { kind: 'azure_kv', fields: new Map(Object.entries(all)) };
}

function world(given: Readonly<Record<string, string>> = env, configured: readonly string[] = []): KeyWorld {
  return { ...keyWorld({ env: given, configured }), network: new FakeNetwork(() => 'ENETUNREACH').network };
}

describe('a recipient', () => {
  test.each([
    [url, url],
    [` ${vault}/keys/app/ `, `${vault}/keys/app`],
    [`${vault}//keys/app`, `${vault}/keys/app`],
    ['https://hsm.managedhsm.azure.net/keys/app/1', 'https://hsm.managedhsm.azure.net/keys/app/1'],
  ])('has a name: %s', (text, label) => {
    expect(azureKeyVault().parse(text).label).toBe(label);
  });

  test.each([
    [`http://team.vault.azure.net/keys/app/1`, shape],
    ['team.vault.azure.net/keys/app', shape],
    [`${vault}/x/keys/app`, shape],
    [`${url}/more`, shape],
    [`${vault}/keys/a%2Fb`, shape],
    [`${vault}/secrets/app`, shape],
  ])('is refused by its text: %s', (text, reason) => {
    expect(problemOf(() => azureKeyVault().parse(text))).toEqual({ code: 'bad-recipient', kind: 'azure_kv', text, reason });
  });

  test('with a password in its address is refused without showing that', () => {
    expect(problemOf(() => azureKeyVault().parse('https://me:hunter2@team.vault.azure.net/keys/app'))).toMatchObject({
      text: 'https://…@team.vault.azure.net/keys/app',
      reason: 'its vault is no address, as in https://NAME.vault.azure.net',
    });
  });

  test('without a version is completed by the newest, and one with a version asks nobody', async () => {
    const { connect, calls } = fake();
    const provider = azureKeyVault(connect);

    expect((await provider.parse(`${vault}/keys/app`).complete?.(world()))?.label).toBe(`${vault}/keys/app/9`);
    expect((await provider.parse(url).complete?.(world()))?.label).toBe(url);
    expect(calls).toEqual(['newest app']);
  });
});

describe('the entry of a key', () => {
  test('has the fields that sops writes, in its order, and opens again by the same client', async () => {
    const { connect, calls, connections } = fake();
    const setting = world();
    const stored = await azureKeyVault(connect).parse(`${vault}/keys/app`).wrap(dataKey, createdAt, setting);

    expect([...stored.fields]).toEqual([
      ['created_at', createdAt],
      ['enc', Buffer.from(dataKey.toReversed()).toString('base64url')],
      ['name', 'app'],
      ['vault_url', vault],
      ['version', '9'],
    ]);
    expect(await azureKeyVault(connect).read(stored, 'a.yaml').unwrap(stored, setting)).toEqual({ opened: true, dataKey });
    expect([calls, connections]).toEqual([['newest app', 'encrypt app 9', 'decrypt app 9'], [vault]]);
  });

  test('may have a slash behind its vault, as sops takes it from a rule', () => {
    const stored = entry({ vault_url: `${vault}/` });

    expect(azureKeyVault().read(stored, 'a.yaml').label).toBe(`${vault}/keys/app/1`);
  });

  test.each([
    [{ enc: '' }, 'the entry holds no encrypted data key'],
    [{ enc: 'a+b/' }, 'the entry holds no encrypted data key'],
    [{ vault_url: 'team' }, 'its vault is no address, as in https://NAME.vault.azure.net'],
    [{ name: '../secrets/x' }, shape],
    [{ version: 'a/b' }, shape],
  ])('that is none is not asked for: %j', async (fields, detail) => {
    const { connect, calls } = fake();
    const stored = entry(fields);

    expect(await azureKeyVault(connect).read(stored, 'a.yaml').unwrap(stored, world())).toEqual(failed('malformed', detail));
    expect(calls).toEqual([]);
  });
});

describe('a vault that only a file names', () => {
  const isAsked = async (address: string, setting: KeyWorld): Promise<boolean> => {
    const { connect, calls } = fake();
    const stored = entry({ vault_url: address });
    const result = await azureKeyVault(connect).read(stored, 'a.yaml').unwrap(stored, setting);
    expect(result.opened).toBe(calls.length > 0);
    return calls.length > 0;
  };

  test.each([
    [vault],
    ['https://TEAM.vault.azure.net:443'],
    ['https://a.vault.azure.cn'],
    ['https://a.vault.usgovcloudapi.net'],
    ['https://a.managedhsm.azure.net'],
  ])('is asked in the clouds of Microsoft: %s', async (address) => {
    expect(await isAsked(address, world())).toBe(true);
  });

  test.each([
    ['https://vault.azure.net.evil.test'],
    ['https://evil.test'],
    ['https://a.b.vault.azure.net'],
    ['https://vault.azure.net'],
    ['https://.vault.azure.net'],
    ['https://team.vault.azure.net:8443'],
    ['https://teamvault.azure.net'],
  ])('is asked nowhere else: %s', async (address) => {
    expect(await isAsked(address, world())).toBe(false);
  });

  test('is asked where somebody named it', async () => {
    const foreign = 'https://kv.test:8443';

    expect(await isAsked(foreign, world({ ...env, SEC_AZURE_KEYVAULT_ALLOWLIST: `https://a.test,${foreign}` }))).toBe(true);
    expect(await isAsked(foreign, world({ ...env, SEC_AZURE_KEYVAULT_ALLOWLIST: 'https://kv.test' }))).toBe(false);
    expect(await isAsked(foreign, world(env, [`${foreign}/keys/other`]))).toBe(true);
    expect(await isAsked(foreign, world({ ...env, SEC_AZURE_KEYVAULT_ALLOWLIST: 'none' }, [`${foreign}/keys/other`]))).toBe(false);
    expect(await isAsked(foreign, world(env, ['https://kv.test/keys/other', 'nonsense']))).toBe(false);
  });
});

test('a person who names a vault is told where the list does not name it', async () => {
  const { connect, calls } = fake();
  const key = azureKeyVault(connect).parse('https://kv.test:8443/keys/app/1');
  const problem = await problemOfAsync(() => key.wrap(dataKey, '', world({ ...env, SEC_AZURE_KEYVAULT_ALLOWLIST: 'none' })));

  expect(problem).toMatchObject({
    reason: "nothing is sent to https://kv.test:8443: it is in no cloud of Microsoft's, and SEC_AZURE_KEYVAULT_ALLOWLIST does not name it",
    hint: 'if you know that server: export SEC_AZURE_KEYVAULT_ALLOWLIST=https://kv.test:8443',
  });
  expect(calls).toEqual([]);
});

test.each([
  ['https://vault.azure.net/.default', 'https://kv.test', true],
  ['https://vault.usgovcloudapi.net/.default', 'https://localhost:8444', true],
  ['https://vault.local.stack/.default', 'https://team.vault.local.stack', true],
  ['https://management.azure.com/.default', 'https://kv.test', false],
  ['https://evil.vault.azure.net/.default', 'https://kv.test', false],
  ['https://stack/.default', 'https://notstack', false],
  ['nonsense', 'https://kv.test', false],
])('a token for %s may go to %s: %s', (scope, address, may) => {
  expect(isForVaults(scope, address)).toBe(may);
});

describe('without the SDK', () => {
  const missing = new SecError({ code: 'package-missing', name: '@azure/keyvault-keys', purpose: 'keys of Azure Key Vault' });
  const provider = azureKeyVault(() => Promise.reject(missing));

  test('a key opens nothing, and says what to install', async () => {
    expect(await provider.read(entry({}), 'a.yaml').unwrap(entry({}), world())).toEqual(
      failed('unsupported', 'the package @azure/keyvault-keys is not installed', 'npm install @azure/keyvault-keys'),
    );
  });

  test('nothing is locked', async () => {
    expect(await problemOfAsync(() => provider.parse(url).wrap(dataKey, createdAt, world()))).toEqual(missing.problem);
  });
});

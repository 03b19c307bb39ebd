import { expect, test } from 'vitest';
import { refusalOf } from '../../src/keys/vault-allowed.ts';
import { keyWorld } from '../helpers/key-world.ts';

const fromFile = { from: 'file', file: 'a.yaml' } as const;

async function isAllowed(address: string, env: Readonly<Record<string, string>>, configured: readonly string[] = []): Promise<boolean> {
  return (await refusalOf(address, fromFile, keyWorld({ env, configured }))) === null;
}

test.each([
  ['https://vault.test', { VAULT_ADDR: 'https://vault.test' }],
  ['https://vault.test:443', { VAULT_ADDR: 'https://VAULT.test/' }],
  ['https://vault.test:8200', { VAULT_ADDR: 'https://vault.test:8200/some/path' }],
  ['https://vault.test', { BAO_ADDR: 'https://vault.test' }],
  ['https://vault.test', { SOPS_HC_VAULT_ALLOWLIST: 'all' }],
  ['https://vault.test', { SOPS_HC_VAULT_ALLOWLIST: 'none', SEC_HC_VAULT_ALLOWLIST: 'https://a,https://vault.test' }],
])('a server that the environment names is sent something: %s, %j', async (address, env) => {
  expect(await isAllowed(address, env)).toBe(true);
});

test.each([
  ['https://vault.test', {}],
  ['http://vault.test', { VAULT_ADDR: 'https://vault.test' }],
  ['https://vault.test:8200', { VAULT_ADDR: 'https://vault.test' }],
  ['https://vault.test.evil', { VAULT_ADDR: 'https://vault.test' }],
  ['https://vault.test', { VAULT_ADDR: 'no address' }],
  ['https://vault.test.evil', { SOPS_HC_VAULT_ALLOWLIST: 'https://vault.test' }],
  ['https://vault.test', { VAULT_ADDR: 'https://vault.test', SOPS_HC_VAULT_ALLOWLIST: 'https://other' }],
  ['https://vault.test', { SOPS_HC_VAULT_ALLOWLIST: 'none' }],
  ['https://vault.test', { SOPS_HC_VAULT_ALLOWLIST: ' , ' }],
])('a server that it does not name is sent nothing: %s, %j', async (address, env) => {
  expect(await isAllowed(address, env)).toBe(false);
});

test('a server that the configuration names is sent something, and no other', async () => {
  const configured = ['not an address', 'https://vault.test/v1/transit/keys/other'];

  expect(await isAllowed('https://vault.test', {}, configured)).toBe(true);
  expect(await isAllowed('https://vault.test:8200', {}, configured)).toBe(false);
});

test('a refusal names the server, and how to allow it', async () => {
  expect(await refusalOf('https://vault.test', fromFile, keyWorld())).toEqual({
    reason: 'denied',
    detail: 'nothing is sent to https://vault.test: only the file names it',
    hint: 'if you know that server: export VAULT_ADDR=https://vault.test',
  });
});

test('a server that a person wrote is sent something, unless the list says otherwise', async () => {
  expect(await refusalOf('https://vault.test', { from: 'person' }, keyWorld())).toBe(null);
  expect(await refusalOf('https://vault.test', { from: 'person' }, keyWorld({ env: { SEC_HC_VAULT_ALLOWLIST: 'none' } }))).toEqual({
    reason: 'denied',
    detail: 'nothing is sent to https://vault.test: SEC_HC_VAULT_ALLOWLIST does not name it',
    hint: 'if you know that server: export SEC_HC_VAULT_ALLOWLIST=https://vault.test',
  });
});

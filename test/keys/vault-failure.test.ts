import { describe, expect, test } from 'vitest';
import type { VaultReply } from '../../src/keys/vault-call.ts';
import { explainRefusal, explainVault, type VaultTry } from '../../src/keys/vault-failure.ts';

const key = { address: 'https://vault.test', engine: 'transit', name: 'my app' };
const tried: VaultTry = { key, action: 'decrypt', token: 'the token of VAULT_TOKEN', namespace: 'team', tool: 'vault' };
const described = "vault read 'transit/keys/my app'";
const look = 'curl https://vault.test/v1/sys/health';
const again = 'wait a little, and run the same command again';

function said(status: number, error: string | null): VaultReply {
  return { answered: true, status, content: {}, errors: error === null ? null : [error] };
}

function told(reply: VaultReply): string {
  const { reason, detail, hint } = explainVault(reply, tried);
  return `${reason}: ${detail}; ${hint}`;
}

describe('a server says', () => {
  test.each([
    [503, 'Vault is sealed', 'unreachable: https://vault.test is sealed; vault operator unseal'],
    [501, 'not initialized', 'unreachable: https://vault.test is not set up yet; vault operator init'],
    [429, 'rate limit quota exceeded', `unreachable: https://vault.test takes no more calls for now; ${again}`],
    [500, 'internal error', `unreachable: https://vault.test has a failure of its own (status 500); ${again}`],
    [307, '', 'unreachable: https://vault.test is a standby, which does not answer itself; name the active server: vault status'],
    [473, '', 'unreachable: https://vault.test is a standby, which does not answer itself; name the active server: vault status'],
    [404, 'namespace not found', 'unreachable: https://vault.test has no namespace team; check VAULT_NAMESPACE: echo "$VAULT_NAMESPACE"'],
    [
      404,
      'no handler for route "x/decrypt/app". route entry not found.',
      'unreachable: https://vault.test has no transit engine at transit of the namespace team; vault secrets list',
    ],
    [400, 'encryption key not found', 'unreachable: there is no key my app in transit of the namespace team; vault list transit/keys'],
    [400, 'message decryption not supported for key type ed25519', `unsupported: a key of the type of my app cannot decrypt; ${described}`],
    [
      400,
      'ciphertext or signature version is disallowed by policy (too old)',
      `denied: my app decrypts no more what its old versions encrypted; see min_decryption_version: ${described}`,
    ],
    [
      400,
      'invalid ciphertext: version is too new',
      `wrong-key: the data key was encrypted by a version of my app that is not there; ${described}`,
    ],
    [
      400,
      'cipher: message authentication failed',
      'malformed: the encrypted data key does not fit the key; see who changed its entry with: git log -p',
    ],
    [
      400,
      'invalid ciphertext: no prefix',
      'malformed: the encrypted data key does not fit the key; see who changed its entry with: git log -p',
    ],
    [
      400,
      'Client sent an HTTP request to an HTTPS server.',
      'unreachable: https://vault.test speaks https; have the address of the key begin with https://',
    ],
    [
      418,
      'hvs.secret',
      "unreachable: https://vault.test refused transit/decrypt/my app with the status 418; vault write 'transit/decrypt/my app'",
    ],
    [404, null, `unreachable: https://vault.test does not answer as Vault or OpenBao does (status 404); ${look}`],
  ])('%i %s', (status, error, words) => {
    expect(told(said(status, error))).toBe(words);
  });
});

test('a server that takes no more calls is worth another try', () => {
  expect([429, 503].map((status) => explainVault(said(status, ''), tried).isBusy)).toEqual([true, undefined]);
});

describe('no answer came', () => {
  test.each([
    ['ENOTFOUND', 'no address is known for https://vault.test; check the network, and the name of the server'],
    ['ECONNREFUSED', `nothing answers at https://vault.test; ${look}`],
    ['EPROTO', `https://vault.test does not speak https (EPROTO); ${look}`],
    ['ERR_SSL_WRONG_VERSION_NUMBER', `https://vault.test does not speak https (ERR_SSL_WRONG_VERSION_NUMBER); ${look}`],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'the certificate of https://vault.test is for another name; export VAULT_TLS_SERVER_NAME=NAME, if you know that name',
    ],
    [
      'CERT_HAS_EXPIRED',
      'the certificate of https://vault.test is not trusted (CERT_HAS_EXPIRED); export VAULT_CACERT=FILE, with the certificate of its authority',
    ],
    ['ETIMEDOUT', `https://vault.test did not answer in time; ${look}`],
    ['EMSGSIZE', `https://vault.test does not answer as Vault or OpenBao does; ${look}`],
    ['ECONNRESET', 'the connection to https://vault.test broke (ECONNRESET); check the network, and run the same command again'],
  ])('%s', (code, words) => {
    expect(told({ answered: false, code })).toBe(`unreachable: ${words}`);
  });
});

describe('a token that is refused', () => {
  const ranOut = {
    reason: 'expired-login',
    detail: 'the token of VAULT_TOKEN has run out, was revoked, or is none of this server',
    hint: 'vault login',
  };
  const mayNot = {
    reason: 'denied',
    detail: 'the token of VAULT_TOKEN is not allowed update on transit/decrypt/my app',
    hint: "see what it may do, and have that allowed: vault token capabilities 'transit/decrypt/my app'",
  };
  test.each([
    ['is known', said(200, null), mayNot],
    ['may not look at itself', said(403, '1 error occurred:\n\t* permission denied\n\n'), mayNot],
    ['is not known to OpenBao', said(403, 'permission denied'), ranOut],
    ['is not known to Vault', said(403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'), ranOut],
    ['was not asked about, as the server went away', { answered: false, code: 'ECONNREFUSED' } as const, mayNot],
  ])('%s', (_, lookup, failure) => {
    expect(explainRefusal(lookup, tried)).toEqual(failure);
  });
});

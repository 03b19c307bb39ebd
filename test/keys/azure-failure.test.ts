import { describe, expect, test } from 'vitest';
import { SdkError, type SdkStage } from '../../src/keys/sdk-error.ts';
import { explainAzure, type AzureTry } from '../../src/keys/azure-failure.ts';
import type { AzureIdentity } from '../../src/keys/azure-identity.ts';

const vault = 'https://team.vault.azure.net';
const key = { vault, name: 'app', version: '1' };
const application: AzureIdentity = { kind: 'secret', tenant: 't', client: 'c', secret: 'secret' };
const job: AzureIdentity = { kind: 'job', tenant: 't', client: 'c', file: '/run/token' };
const person: AzureIdentity = { kind: 'cli' };
const machine: AzureIdentity = { kind: 'managed', client: null };

const which = '--vault-name team --name app';
const again = 'check the network, and run the same command again';
const show = 'az keyvault show --name team';

/** An answer of the vault, as the SDK throws it. Its message must not come out. */
function answered(statusCode: number, code = 'Code', inner = ''): Error {
  const details = { error: { code, message: 'said by Azure', innerError: { code: inner } } };
  return Object.assign(new Error('said by Azure'), { name: 'RestError', statusCode, code, details });
}

function notSent(code: string, cause?: Error): Error {
  return Object.assign(new Error(`request to x failed, reason: connect ${code}`, { cause }), {
    name: 'RestError',
    code: cause ? 'REQUEST_SEND_ERROR' : code,
  });
}

function login(message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name: 'AuthenticationError' }, more);
}

function told(stage: SdkStage, cause: unknown, { identity = machine, action = 'decrypt' }: Partial<AzureTry> = {}, version = '1'): string {
  const { reason, detail, hint } = explainAzure(new SdkError(stage, cause), { key: { ...key, version }, identity, action });
  return `${reason}: ${detail}; ${hint}`;
}

describe('a vault', () => {
  test.each<readonly [unknown, string]>([
    [answered(401), `denied: ${vault} does not take the managed identity of this machine; az account show`],
    [
      answered(403, 'Forbidden', 'ForbiddenByRbac'),
      `denied: the managed identity of this machine is not allowed to decrypt with keys of ${vault}; az role assignment create --role "Key Vault Crypto User" --assignee WHO --scope ID-OF-THE-KEY`,
    ],
    [
      answered(403, 'Forbidden', 'ForbiddenByFirewall'),
      `denied: the firewall of ${vault} lets nobody in from here; az keyvault network-rule list --name team`,
    ],
    [answered(403, 'Forbidden', 'KeyDisabled'), `denied: the key app is disabled; az keyvault key set-attributes ${which} --enabled true`],
    [answered(404, 'KeyNotFound'), `unreachable: ${vault} has no key app of that version; az keyvault key list-versions ${which}`],
    [answered(400, 'BadParameter'), 'malformed: the encrypted data key does not fit the key; see who changed its entry with: git log -p'],
    [answered(429, 'Throttled'), `unreachable: ${vault} takes no more calls for now; ${again}`],
    [answered(503), `unreachable: ${vault} has a failure of its own (status 503); ${again}`],
    [answered(418), `unreachable: ${vault} answered with the status 418; ${show}`],
    [notSent('ENOTFOUND'), `unreachable: no address is known for ${vault}: the network is down, or there is no such server; ${show}`],
    [notSent('ECONNREFUSED'), `unreachable: nothing answers at ${vault}; ${show}`],
    [
      notSent('x', Object.assign(new Error('x'), { code: 'ECONNRESET' })),
      `unreachable: the connection to ${vault} broke (ECONNRESET); ${again}`,
    ],
    [
      notSent('SELF_SIGNED_CERT_IN_CHAIN'),
      `unreachable: the certificate of ${vault} is not trusted (SELF_SIGNED_CERT_IN_CHAIN); export NODE_EXTRA_CA_CERTS=FILE, with the certificate of your network`,
    ],
    [
      Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' }),
      `unreachable: ${vault} did not answer in time; ${again}`,
    ],
    [
      new Error("The challenge resource 'https://x' does not match the requested domain."),
      `denied: ${vault} asks for a token of another service, and gets none; see who changed its entry with: git log -p`,
    ],
    ['no error at all', `unreachable: ${vault} does not answer as it should; ${show}`],
  ])('%s', (cause, words) => {
    expect(told('key', cause)).toBe(words);
  });

  test('says other things of a key that encrypts, or has no version', () => {
    expect(told('key', answered(400), { action: 'encrypt' })).toBe(
      `unsupported: the key is no RSA key for RSA-OAEP-256; az keyvault key show ${which}`,
    );
    expect(told('key', answered(404), { action: 'get' }, '')).toBe(
      `unreachable: ${vault} has no key app; az keyvault key list-versions ${which}`,
    );
  });

  test('that takes no more calls is worth another try', () => {
    expect(explainAzure(new SdkError('key', answered(429)), { key, identity: machine, action: 'decrypt' }).isBusy).toBe(true);
  });
});

describe('a login', () => {
  test.each<readonly [Error, AzureIdentity, string]>([
    [
      login('invalid_client: AADSTS7000215: secret'),
      application,
      'denied: Microsoft Entra does not take the application c; see its secrets with: az ad app credential list --id c',
    ],
    [login('AADSTS7000222'), application, 'expired-login: the secret of the application c has run out; az ad app credential reset --id c'],
    [
      login('AADSTS90002: Tenant not found'),
      application,
      'denied: there is no tenant of the id in AZURE_TENANT_ID; echo "$AZURE_TENANT_ID"',
    ],
    [
      login('AADSTS700024: assertion is not within its valid time range'),
      job,
      'expired-login: the token of this job has run out; run the job again: it is given a new token',
    ],
    [
      login('AADSTS700213: No matching federated identity record found'),
      job,
      'denied: Microsoft Entra takes no such token for this job as the application c; compare the claims of the token with: az ad app federated-credential list --id c',
    ],
    [
      login('no such file', { code: 'ENOENT' }),
      job,
      'bad-key-file: AZURE_FEDERATED_TOKEN_FILE names /run/token, which cannot be read (ENOENT); ls -l "$AZURE_FEDERATED_TOKEN_FILE"',
    ],
    [
      login('no such file', { code: 'ENOENT' }),
      { kind: 'certificate', tenant: 't', client: 'c', file: '/c.pem' },
      'bad-key-file: AZURE_CLIENT_CERTIFICATE_PATH names /c.pem, which cannot be read (ENOENT); ls -l "$AZURE_CLIENT_CERTIFICATE_PATH"',
    ],
    [login("Please run 'az login' from a command prompt"), person, 'expired-login: the login of az has run out; az login'],
    [login('AADSTS50173: The grant has expired'), person, 'expired-login: the login of az has run out; az login'],
    [login('secret'), person, 'denied: az gave no token; az account get-access-token --resource https://vault.azure.net --query expiresOn'],
    [
      login('secret'),
      machine,
      'no-key: this machine has no such managed identity; give it one with: az vm identity assign, or az webapp identity assign',
    ],
    [
      notSent('ECONNREFUSED'),
      application,
      'unreachable: nothing answers at Microsoft Entra; check AZURE_AUTHORITY_HOST, if it is set: echo "$AZURE_AUTHORITY_HOST"',
    ],
  ])('%s', (cause, identity, words) => {
    expect(told('identity', cause, { identity })).toBe(words);
  });
});

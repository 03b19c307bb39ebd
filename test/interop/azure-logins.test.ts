import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startFakeAzure, tenant, type FakeAzure } from '../helpers/fake-azure.ts';
import { lockedFolder, opened, type LockedFolder } from '../helpers/locked-folder.ts';

const team = 'https://team.vault.azure.net';
const client = '11111111-2222-3333-4444-555555555555';

describe('before a server with the protocol of Key Vault', () => {
  let azure: FakeAzure;
  let key: string;
  beforeAll(async () => {
    azure = await startFakeAzure();
    key = azure.makeKey('app');
  });
  afterAll(() => azure.stop());
  afterEach(() => {
    azure.fault = () => null;
    azure.delay = 0;
    azure.resource = 'https://vault.azure.net';
  });

  /** A locked file, before somebody with no login but that of `env`. */
  async function before(env: Readonly<Record<string, string>>): Promise<LockedFolder> {
    const here = lockedFolder({ ...azure.env, AZURE_AUTHORITY_HOST: azure.url, IDENTITY_ENDPOINT: '', IDENTITY_HEADER: '', ...env });
    await here.lock(['--azure-kv', key], { ...azure.env, AZURE_TENANT_ID: '', AZURE_CLIENT_ID: '' });
    return here;
  }
  const application = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client };

  test('an application is let in by its secret, without asking whether its cloud is one', async () => {
    const here = await before(application);

    expect(await here.sec(['decrypt', 'locked.yaml'], { AZURE_CLIENT_SECRET: 'all' })).toEqual(opened);
    expect(await here.why({ AZURE_CLIENT_SECRET: 'wrong' })).toEqual([
      `refused: Microsoft Entra does not take the application ${client}`,
      `try: see its secrets with: az ad app credential list --id ${client}`,
    ]);
    expect(await here.why({ AZURE_CLIENT_SECRET: 'expired' })).toEqual([
      `your login has expired: the secret of the application ${client} has run out`,
      `try: az ad app credential reset --id ${client}`,
    ]);
    expect(await here.why({ AZURE_CLIENT_SECRET: 'all', AZURE_TENANT_ID: '' })).toEqual([
      'your key file cannot be read: AZURE_CLIENT_SECRET is set without AZURE_TENANT_ID and AZURE_CLIENT_ID',
      'try: export AZURE_TENANT_ID=TENANT AZURE_CLIENT_ID=APPLICATION',
    ]);
  });

  test('a job is let in by the token that another issuer gave it', async () => {
    const here = await before(application);
    const env = { AZURE_FEDERATED_TOKEN_FILE: here.write('token', 'all') };

    expect(await here.sec(['decrypt', 'locked.yaml'], env)).toEqual(opened);
    expect(await here.why({ AZURE_FEDERATED_TOKEN_FILE: here.at('none') })).toEqual([
      `your key file cannot be read: AZURE_FEDERATED_TOKEN_FILE names ${here.at('none')}, which cannot be read (ENOENT)`,
      'try: ls -l "$AZURE_FEDERATED_TOKEN_FILE"',
    ]);
  });

  test('a person is let in by the login of az', async () => {
    const here = await before({});
    const path = `${here.at('bin')}:${process.env['PATH'] ?? ''}`;
    const expires = Math.floor(Date.now() / 1000) + 3600;
    here.write('.azure/azureProfile.json', '{}');
    const az = (script: string): string => here.write('bin/az', `#!/bin/sh\n${script}\n`, 0o700);
    az(`echo '{"accessToken": "all", "expires_on": ${expires}, "expiresOn": "2099-01-01 00:00:00.000000", "tokenType": "Bearer"}'`);

    expect(await here.sec(['decrypt', 'locked.yaml'], { PATH: path })).toEqual(opened);
    az('echo "ERROR: AADSTS700082: The refresh token has expired due to inactivity. secret" >&2; exit 1');
    expect(await here.why({ PATH: path })).toEqual(['your login has expired: the login of az has run out', 'try: az login']);
    az('echo "ERROR: secret" >&2; exit 1');
    expect(await here.why({ PATH: path })).toEqual([
      'refused: az gave no token',
      'try: az account get-access-token --resource https://vault.azure.net --query expiresOn',
    ]);
  });

  test('a machine is let in by its identity, where it has one', async () => {
    const here = await before({ ...azure.env });

    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
    expect(await here.why({ IDENTITY_HEADER: 'nobody' })).toEqual([
      'not one of yours: this machine has no such managed identity',
      'try: give it one with: az vm identity assign, or az webapp identity assign',
    ]);
    expect(await here.why({ IDENTITY_HEADER: 'unknown' })).toEqual([
      `refused: ${team} does not take the managed identity of this machine`,
      'try: az account show',
    ]);
  });

  test('nobody is told to log in', async () => {
    const here = await before({});

    expect(await here.why()).toEqual(['not one of yours: this machine has no login of Azure', 'try: az login']);
  });

  test.each([
    [403, 'Forbidden', 'ForbiddenByFirewall', `refused: the firewall of ${team} lets nobody in from here`],
    [403, 'Forbidden', 'KeyDisabled', 'refused: the key app is disabled'],
    [429, 'Throttled', undefined, `out of reach: ${team} takes no more calls for now`],
    [500, 'InternalServerError', undefined, `out of reach: ${team} has a failure of its own (status 500)`],
  ])('a vault that answers %i %s %s is told so', async (status, code, inner, reason) => {
    const here = await before({ ...azure.env, SEC_UNLOCK_TIMEOUT: '20' });
    azure.fault = () => ({ status, code, ...(inner === undefined ? {} : { inner }) });

    expect((await here.why())[0]).toBe(reason);
  });

  test('a vault that is slow opens a file all the same', async () => {
    const here = await before(azure.env);
    azure.delay = 300;

    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
  });

  test('a vault that takes no more calls for a moment is asked again', async () => {
    const here = await before(azure.env);
    let calls = 0;
    azure.fault = () => (calls++ === 0 ? { status: 429, code: 'Throttled' } : null);

    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
  });

  test('a vault beyond a proxy that is down is told so', async () => {
    const here = await before(azure.env);

    expect(await here.why({ HTTPS_PROXY: 'http://127.0.0.1:1' })).toEqual([
      'out of reach: the proxy is out of reach (ECONNREFUSED)',
      'try: check HTTPS_PROXY, and HTTP_PROXY for http: env | grep -i _proxy',
    ]);
  });

  test('a vault of another domain gets no token that is good for more than vaults', async () => {
    const here = lockedFolder({ ...azure.env, SEC_AZURE_KEYVAULT_ALLOWLIST: azure.url });
    await here.lock(['--azure-kv', azure.makeKey('app', azure.url)]);
    azure.resource = 'https://management.azure.com';
    azure.seen.length = 0;

    expect(await here.why()).toEqual([
      `refused: ${azure.url} asks for a token of another service, and gets none`,
      'try: see who changed its entry with: git log -p',
    ]);
    expect(azure.seen.filter((line) => !line.endsWith(' by nobody'))).toEqual([]);
  });

  test('a vault of another domain, which only the file names, is sent nothing', async () => {
    const here = lockedFolder(azure.env);
    const foreign = azure.makeKey('app', azure.url);
    await here.lock(['--azure-kv', foreign]);
    azure.seen.length = 0;

    expect(await here.why()).toEqual([
      `refused: nothing is sent to ${azure.url}: it is in no cloud of Microsoft's, and only the file names it`,
      `try: if you know that server: export SEC_AZURE_KEYVAULT_ALLOWLIST=${azure.url}`,
    ]);
    expect(azure.seen).toEqual([]);
    expect(await here.sec(['decrypt', 'locked.yaml'], { SEC_AZURE_KEYVAULT_ALLOWLIST: `https://a.test, ${azure.url}/` })).toEqual(opened);
    here.write('.secretsrc.yaml', JSON.stringify({ creation_rules: [{ path_regex: 'other', azure_keyvault: foreign }] }));
    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
  });
});

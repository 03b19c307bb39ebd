import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsFolder } from '../helpers/aws-folder.ts';
import { startFakeAzure } from '../helpers/fake-azure.ts';
import { startFakeGcp } from '../helpers/fake-gcp.ts';
import { lockedFolder, opened } from '../helpers/locked-folder.ts';
import { accessKeyIn, startMoto, type AccessKey, type Moto } from '../helpers/moto.ts';
import { need } from '../helpers/need.ts';
import { startOpenBao, type OpenBao } from '../helpers/openbao.ts';

/** The policies to paste of `docs/keys/`, as they stand there, before servers that go by them: where those are ours, by the names in them. */

/** The first example of that language on a page. */
function exampleOf(page: string, language: string): string {
  const text = readFileSync(new URL(`../../docs/keys/${page}`, import.meta.url), 'utf8');
  const example = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(text)?.[1];
  if (example === undefined) throw new Error(`${page} has no example of ${language}`);
  return example;
}

describe.skipIf(!need('moto-5.2.5'))('the policy of the page on AWS', () => {
  let moto: Moto;
  let key: string;
  let owner: AccessKey;
  beforeAll(async () => {
    moto = await startMoto();
    key = await moto.makeKey({ region: 'eu-west-1' });
    owner = await userWith(JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] }));
  });
  afterAll(() => moto.stop());

  async function userWith(policy: string): Promise<AccessKey> {
    const UserName = `user${policy.length}`;
    await moto.query('iam', { Action: 'CreateUser', UserName });
    await moto.query('iam', { Action: 'PutUserPolicy', UserName, PolicyName: 'may', PolicyDocument: policy });
    return accessKeyIn(await moto.query('iam', { Action: 'CreateAccessKey', UserName }));
  }

  test('is enough to read and change files, and for nothing else', async () => {
    const placeholder = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const policy = exampleOf('aws-kms.md', 'json');
    expect(policy).toContain(`"Resource": "${placeholder}"`);
    // moto looks at the action alone: to it, a policy for one key allows none.
    const reader = await userWith(policy.replace(placeholder, '*'));
    await moto.setPolicies(true);
    const here = awsFolder({ AWS_ENDPOINT_URL: moto.url, ...owner });
    here.write('own.yaml', (await here.sec(['encrypt', '--kms', key, here.write('plain.yaml', 'a: hunter2\n')])).out);
    const read = await here.sec(['decrypt', 'own.yaml'], reader);
    const written = await here.sec(['rotate', '-i', 'own.yaml'], reader);
    const changed = await here.sec(['set', 'own.yaml', '["a"]', '"other"'], reader);
    here.remove();

    expect(read).toEqual({ status: 0, out: 'a: hunter2\n', err: '' });
    expect(written.status).toBe(1);
    expect(written.err).toContain('is not allowed kms:Encrypt');
    expect(changed.status).toBe(0);
  });
});

describe('the policies of the pages on Google and Azure, by what they name', () => {
  test('each role of Google is enough for what it is said to be for', async () => {
    const page = readFileSync(new URL('../../docs/keys/gcp-kms.md', import.meta.url), 'utf8');
    const roles = {
      cryptoKeyDecrypter: ['decrypt'],
      cryptoKeyEncrypter: ['encrypt'],
      cryptoKeyEncrypterDecrypter: ['encrypt', 'decrypt'],
    } as const;
    expect([...new Set([...page.matchAll(/roles\/cloudkms\.(\w+)/g)].map(([, role]) => role))]).toEqual(Object.keys(roles));
    const gcp = await startFakeGcp();
    for (const [role, actions] of Object.entries(roles)) gcp.tokens.set(role, actions);
    const here = lockedFolder({ SOPS_GCP_KMS_ENDPOINT: gcp.url });
    const as = (GOOGLE_OAUTH_ACCESS_TOKEN: string) => ({ GOOGLE_OAUTH_ACCESS_TOKEN });
    await here.lock(['--gcp-kms', 'projects/p/locations/global/keyRings/r/cryptoKeys/k'], as('cryptoKeyEncrypter'));

    expect(await here.sec(['decrypt', 'locked.yaml'], as('cryptoKeyDecrypter'))).toEqual(opened);
    expect((await here.sec(['set', 'locked.yaml', '["db"]["password"]', '"other"'], as('cryptoKeyDecrypter'))).status).toBe(0);
    expect((await here.sec(['rotate', '-i', 'locked.yaml'], as('cryptoKeyDecrypter'))).status).toBe(1);
    expect((await here.sec(['rotate', '-i', 'locked.yaml'], as('cryptoKeyEncrypterDecrypter'))).status).toBe(0);
    await gcp.stop();
  });

  test('the role of your own for Azure is enough', async () => {
    const { DataActions } = JSON.parse(exampleOf('azure-kv.md', 'json')) as { readonly DataActions: readonly string[] };
    const rights = { read: 'get', 'decrypt/action': 'decrypt', 'encrypt/action': 'encrypt' } as const;
    const names = DataActions.map((action) => action.replace('Microsoft.KeyVault/vaults/keys/', ''));
    expect(names).toEqual(Object.keys(rights));
    const azure = await startFakeAzure();
    azure.makeKey('app');
    azure.tokens.set('role', Object.values(rights)).set('reader', ['decrypt']);
    const here = lockedFolder({ ...azure.env, IDENTITY_HEADER: 'role' });
    await here.lock(['--azure-kv', 'https://team.vault.azure.net/keys/app']);

    expect((await here.sec(['rotate', '-i', 'locked.yaml'])).status).toBe(0);
    expect(await here.sec(['decrypt', 'locked.yaml'], { IDENTITY_HEADER: 'reader' })).toEqual(opened);
    await azure.stop();
  });
});

describe.skipIf(!need('openbao-2.7.2'))('the policy of the page on Vault', () => {
  let bao: OpenBao;
  beforeAll(async () => {
    bao = await startOpenBao();
  });
  afterAll(() => bao.stop());

  test('is enough to read files of that key, to make them, and for no other key', async () => {
    const [key, other] = [await bao.makeKey('app'), await bao.makeKey('other')];
    await bao.call('PUT', 'sys/policies/acl/secrets-app', { policy: exampleOf('hc-vault.md', 'hcl') });
    const { auth } = await bao.call('PUT', 'auth/token/create', { policies: ['secrets-app'], ttl: '1h' });
    const token = (auth as { readonly client_token: string }).client_token;
    const here = lockedFolder({ VAULT_ADDR: bao.url, VAULT_TOKEN: token });
    await here.lock(['--hc-vault-transit', key]);

    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
    expect((await here.sec(['rotate', '-i', 'locked.yaml'])).status).toBe(0);
    await here.lock(['--hc-vault-transit', other], { VAULT_TOKEN: bao.root });
    expect((await here.why())[0]).toBe('refused: the token of VAULT_TOKEN is not allowed update on transit/decrypt/other');
  });
});

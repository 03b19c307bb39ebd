import { describe, expect, onTestFinished, test } from 'vitest';
import { findIdentity, nameOf, type FoundIdentity } from '../../src/keys/gcp-identity.ts';
import { transportFor } from '../../src/keys/gcp-transport.ts';
import { FakeNetwork } from '../helpers/fake-network.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { tempFolder, type TempFolder } from '../helpers/temp-folder.ts';

const account = { type: 'service_account', client_email: 'ci@team.test' };
const person = { type: 'authorized_user', refresh_token: 'secret' };
const nowhere = new FakeNetwork(() => 'ENETUNREACH');

function home(): TempFolder {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  return folder;
}

function found(folder: TempFolder, env: Readonly<Record<string, string>>, { network } = nowhere): Promise<FoundIdentity> {
  return findIdentity({ ...keyWorld({ env, home: folder.path }), network });
}

/** Who it is, or why nobody. */
async function told(folder: TempFolder, env: Readonly<Record<string, string>>, network = nowhere): Promise<string> {
  const result = await found(folder, env, network);
  return 'identity' in result ? nameOf(result.identity) : `${result.failure.reason}: ${result.failure.detail}; ${result.failure.hint}`;
}

test('the first counts that is there', async () => {
  const folder = home();
  const [file, login] = [folder.write('account.json', JSON.stringify(account)), '.config/gcloud/application_default_credentials.json'];
  const metadata = new FakeNetwork(() => ({ headers: { 'metadata-flavor': 'Google' } }));
  folder.write(login, JSON.stringify(person));
  folder.write('other/application_default_credentials.json', JSON.stringify(person));
  const names = [
    ['the service account ci@team.test', { GOOGLE_CREDENTIALS: file, GOOGLE_OAUTH_ACCESS_TOKEN: 'x' }],
    ['the service account ci@team.test', { GOOGLE_CREDENTIALS: ` ${JSON.stringify(account)}`, GOOGLE_OAUTH_ACCESS_TOKEN: 'x' }],
    ['the token of GOOGLE_OAUTH_ACCESS_TOKEN', { GOOGLE_OAUTH_ACCESS_TOKEN: 'x', GOOGLE_APPLICATION_CREDENTIALS: file }],
    ['the service account ci@team.test', { GOOGLE_APPLICATION_CREDENTIALS: file }],
    [`the login in ${folder.at(login)}`, {}],
    [`the login in ${folder.at('other/application_default_credentials.json')}`, { CLOUDSDK_CONFIG: folder.at('other') }],
  ] as const;
  for (const [name, env] of names) expect(await told(folder, env, metadata)).toBe(name);

  expect(await told(home(), {}, metadata)).toBe('the service account of this machine');
  expect(metadata.asked.map(({ url, headers }) => [url, headers])).toEqual([['http://169.254.169.254/', { 'metadata-flavor': 'Google' }]]);
});

describe('there is nobody', () => {
  test('where nothing is found', async () => {
    const folder = home();
    const file = folder.at('.config/gcloud/application_default_credentials.json');
    const stranger = new FakeNetwork(() => ({ body: 'welcome to this hotel' }));
    const nobody = `no-key: this machine has no credentials of Google, neither in a variable nor in ${file}; gcloud auth application-default login`;

    expect(await told(folder, {})).toBe(nobody);
    expect(await told(folder, { GCE_METADATA_HOST: '127.0.0.1:1' }, stranger)).toBe(nobody);
    expect(stranger.asked[0]?.url).toBe('http://127.0.0.1:1/');
  });

  test('where a file is none', async () => {
    const folder = home();
    const broken = folder.write('broken.json', '{"type": ');
    const [gone, cannot] = [folder.at('gone.json'), 'which cannot be read (ENOENT)'];

    expect(await told(folder, { GOOGLE_CREDENTIALS: gone })).toBe(
      `bad-key-file: GOOGLE_CREDENTIALS names ${gone}, ${cannot}; ls -l "$GOOGLE_CREDENTIALS"`,
    );
    expect(await told(folder, { GOOGLE_APPLICATION_CREDENTIALS: gone })).toBe(
      `bad-key-file: GOOGLE_APPLICATION_CREDENTIALS names ${gone}, ${cannot}; ls -l "$GOOGLE_APPLICATION_CREDENTIALS"`,
    );
    expect(await told(folder, { GOOGLE_APPLICATION_CREDENTIALS: broken })).toBe(
      `bad-key-file: there are no credentials of Google in ${broken}; ls -l "$GOOGLE_APPLICATION_CREDENTIALS"`,
    );
    expect(await told(folder, { GOOGLE_CREDENTIALS: '{"private_key": "secret"}' })).toBe(
      'bad-key-file: there are no credentials of Google in GOOGLE_CREDENTIALS; unset GOOGLE_CREDENTIALS',
    );
  });
});

describe('Google is reached', () => {
  const way = (env: Readonly<Record<string, string>>): unknown => transportFor(keyWorld({ env }));

  test.each([
    [{}, { isGrpc: false, endpoint: null, universe: null }],
    [
      { SOPS_GCP_KMS_CLIENT_TYPE: 'grpc', SEC_GCP_KMS_CLIENT_TYPE: 'rest' },
      { isGrpc: false, endpoint: null, universe: null },
    ],
    [
      { SOPS_GCP_KMS_CLIENT_TYPE: 'grpc', SOPS_GCP_KMS_UNIVERSE_DOMAIN: 'cloud.test' },
      { isGrpc: true, endpoint: null, universe: 'cloud.test' },
    ],
    [{ SOPS_GCP_KMS_ENDPOINT: 'kms.test' }, { isGrpc: false, endpoint: { host: 'kms.test', port: 443, isPlain: false }, universe: null }],
    [
      { SOPS_GCP_KMS_ENDPOINT: 'kms.test:8443' },
      { isGrpc: false, endpoint: { host: 'kms.test', port: 8443, isPlain: false }, universe: null },
    ],
    [
      { SOPS_GCP_KMS_ENDPOINT: 'http://kms.test/' },
      { isGrpc: false, endpoint: { host: 'kms.test', port: 80, isPlain: true }, universe: null },
    ],
  ])('%j', (env, transport) => {
    expect(way(env)).toEqual({ transport });
  });

  test.each([['ftp://kms.test'], ['https://kms.test/path'], ['https://'], ['a b']])('not at %s', (value) => {
    expect(way({ SOPS_GCP_KMS_ENDPOINT: value })).toEqual({
      failure: {
        reason: 'bad-key-file',
        detail: 'SOPS_GCP_KMS_ENDPOINT is no address, as in https://HOST:PORT',
        hint: 'unset SOPS_GCP_KMS_ENDPOINT',
      },
    });
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectProxy } from '../helpers/connect-proxy.ts';
import { loopbackCertificate } from '../helpers/fake-gcp-grpc.ts';
import { startFakeGcp, type FakeGcp } from '../helpers/fake-gcp.ts';
import { faultProxy, type Fault, type Seen } from '../helpers/fault-proxy.ts';
import { lockedFolder, opened } from '../helpers/locked-folder.ts';
import { need } from '../helpers/need.ts';

const key = 'projects/team/locations/global/keyRings/apps/cryptoKeys/web';
const account = 'ci@team.iam.gserviceaccount.com';
const trusting = { SSL_CERT_FILE: loopbackCertificate, NODE_EXTRA_CA_CERTS: loopbackCertificate };

function serviceAccount(): object {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { type: 'service_account', client_email: account, private_key: privateKey, private_key_id: '1', project_id: 'team' };
}

/** Logins of Google as far as sec and sops use them: each is ours, by the published protocol. */
describe.skipIf(!need('sops-3.13.3'))('the real sops and we are let in by Google alike', () => {
  let gcp: FakeGcp;
  beforeAll(async () => {
    gcp = await startFakeGcp();
    gcp.tokens.set('all', ['encrypt', 'decrypt']).set('person', []);
  });
  afterAll(() => gcp.stop());

  function given(body: object): Fault {
    return {
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json', 'metadata-flavor': 'Google' },
      body: JSON.stringify(body),
    };
  }

  /** Tokens of people, and of accounts that a person may act as. */
  function answer({ path, headers }: Seen): Fault {
    if (path === '/token') return given({ access_token: 'person', expires_in: 600, token_type: 'Bearer' });
    const mayAct = path.endsWith(`/serviceAccounts/${account}:generateAccessToken`) && headers.authorization === 'Bearer person';
    return mayAct ? given({ accessToken: 'all', expireTime: '2099-01-01T00:00:00Z' }) : { kind: 'answer', status: 403, body: '{}' };
  }

  test('as a service account that a person may act as', async () => {
    const logins = await faultProxy('http://127.0.0.1:1', answer);
    const hosts = ['oauth2.googleapis.com', 'iamcredentials.googleapis.com'].map((host) => [host, logins.url] as const);
    const proxy = await connectProxy({ ...Object.fromEntries(hosts), 'cloudkms.googleapis.com': gcp.url });
    const here = lockedFolder({ ...trusting, HTTPS_PROXY: proxy.url, SOPS_GCP_KMS_CLIENT_TYPE: 'rest' });
    const GOOGLE_APPLICATION_CREDENTIALS = here.write(
      'login.json',
      JSON.stringify({
        type: 'impersonated_service_account',
        delegates: [],
        service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
        source_credentials: { type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' },
      }),
    );
    await here.lock(['--gcp-kms', key], { GOOGLE_APPLICATION_CREDENTIALS });

    expect(await here.sec(['decrypt', 'locked.yaml'], { GOOGLE_APPLICATION_CREDENTIALS })).toEqual(opened);
    expect((await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'], { GOOGLE_APPLICATION_CREDENTIALS })).status).toBe(0);
    expect(await here.why({ GOOGLE_OAUTH_ACCESS_TOKEN: 'person' })).toEqual([
      'refused: the token of GOOGLE_OAUTH_ACCESS_TOKEN is not allowed to decrypt with the key, or there is no such key',
      'try: gcloud kms keys add-iam-policy-binding web --keyring apps --location global --project team --role roles/cloudkms.cryptoKeyDecrypter --member MEMBER',
    ]);
  });

  test('as the machine', async () => {
    const metadata = await faultProxy('http://127.0.0.1:1', ({ path }) => {
      if (path.includes('/token')) return given({ access_token: 'all', expires_in: 600, token_type: 'Bearer' });
      return { kind: 'answer', status: path.includes('universe') ? 404 : 200, headers: { 'metadata-flavor': 'Google' }, body: 'team' };
    });
    const here = lockedFolder({
      SOPS_GCP_KMS_ENDPOINT: gcp.url,
      SOPS_GCP_KMS_CLIENT_TYPE: 'rest',
      GCE_METADATA_HOST: metadata.url.replace('http://', ''),
    });
    await here.lock(['--gcp-kms', key]);

    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
    expect((await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'])).status).toBe(0);
  });

  test('in another cloud with the software of Google', async () => {
    const proxy = await connectProxy({});
    const here = lockedFolder({ ...trusting, HTTPS_PROXY: proxy.url, SOPS_GCP_KMS_CLIENT_TYPE: 'rest' });
    const encrypt = ['encrypt', '--gcp-kms', key, 'plain.yaml'];
    const GOOGLE_CREDENTIALS = JSON.stringify({ ...serviceAccount(), universe_domain: 'cloud.test' });
    const cloud = { SOPS_GCP_KMS_UNIVERSE_DOMAIN: 'cloud.test' };
    await here.sec(encrypt, { ...cloud, GOOGLE_CREDENTIALS });
    await here.sec(encrypt, { ...cloud, GOOGLE_OAUTH_ACCESS_TOKEN: 'all' });
    expect(proxy.tunnels.splice(0)).toEqual(['cloudkms.cloud.test:443', 'cloudkms.cloud.test:443']);
    await here.sops('sops-3.13.3', encrypt, { ...cloud, GOOGLE_CREDENTIALS });
    expect(new Set(proxy.tunnels.splice(0))).toEqual(new Set(['cloudkms.cloud.test:443']));

    expect((await here.sops('sops-3.13.3', encrypt, { GOOGLE_CREDENTIALS })).err).toContain('does not match the universe domain');
    expect((await here.sec(encrypt, { GOOGLE_CREDENTIALS })).err).toBe(
      [
        `sec: the data key cannot be encrypted for ${key}: the service account ${account} is for another cloud than SOPS_GCP_KMS_UNIVERSE_DOMAIN says`,
        'hint: see universe_domain in its JSON, and: echo "$SOPS_GCP_KMS_UNIVERSE_DOMAIN"',
        '',
      ].join('\n'),
    );
    expect(proxy.tunnels).toEqual([]);
  });
});

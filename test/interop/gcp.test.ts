import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loopbackCertificate } from '../helpers/fake-gcp-grpc.ts';
import { startFakeGcp, type FakeGcp } from '../helpers/fake-gcp.ts';
import { faultProxy } from '../helpers/fault-proxy.ts';
import { expectExchange, lockedFolder, opened, withOtherEnc, type LockedFolder } from '../helpers/locked-folder.ts';
import { need } from '../helpers/need.ts';

const key = 'projects/team/locations/global/keyRings/apps/cryptoKeys/web';
const other = key.replace('web', 'other');
const who = 'the token of GOOGLE_OAUTH_ACCESS_TOKEN';

/** Only this release can be told another address than Google's. */
describe.skipIf(!need('sops-3.13.3'))('the real sops and we, before the same server with the protocol of Cloud KMS', () => {
  let gcp: FakeGcp;
  beforeAll(async () => {
    gcp = await startFakeGcp();
    gcp.tokens.set('all', ['encrypt', 'decrypt']).set('writes', ['encrypt']).set('reads', ['decrypt']);
  });
  afterAll(() => gcp.stop());

  const rest = (url = gcp.url): Readonly<Record<string, string>> => ({
    SOPS_GCP_KMS_ENDPOINT: url,
    SOPS_GCP_KMS_CLIENT_TYPE: 'rest',
    GOOGLE_OAUTH_ACCESS_TOKEN: 'all',
  });
  const grpc = (): Readonly<Record<string, string>> => ({
    SOPS_GCP_KMS_ENDPOINT: gcp.grpc,
    SOPS_GCP_KMS_CLIENT_TYPE: 'grpc',
    GOOGLE_OAUTH_ACCESS_TOKEN: 'all',
    SSL_CERT_FILE: loopbackCertificate,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: loopbackCertificate,
  });

  describe.each<readonly [string, () => Readonly<Record<string, string>>, readonly ('yaml' | 'json' | 'env')[]]>([
    ['REST', rest, ['yaml', 'json', 'env']],
    ['gRPC', grpc, ['yaml']],
  ])('over %s', (_, way, endings) => {
    test.each([
      ['a key', key],
      ['two keys', `${key},${other}`],
    ])('sops reads what we lock for %s, and we read what it locks', async (__, list) => {
      const here = lockedFolder(way());
      await expectExchange(here, 'sops-3.13.3', Object.fromEntries(endings.map((ending) => [ending, ['--gcp-kms', list]])));
    });

    test('sops and we refuse another key, a changed data key, a key that is gone or disabled, and a token that may not', async () => {
      const here = lockedFolder(way());
      const locked = await here.lock(['--gcp-kms', key]);
      const [gone, disabled] = [key.replace('web', 'gone'), key.replace('web', 'disabled')];
      gcp.states.set(gone, 'gone').set(disabled, 'disabled');
      const describeGone = 'try: gcloud kms keys describe gone --keyring apps --location global --project team';
      const cases = [
        [
          locked.replace(key, other),
          {},
          'damaged in the file: the encrypted data key does not fit the key',
          'try: see who changed its entry with: git log -p',
        ],
        [
          withOtherEnc(locked),
          {},
          'damaged in the file: the encrypted data key does not fit the key',
          'try: see who changed its entry with: git log -p',
        ],
        [locked.replace(key, gone), {}, 'out of reach: the project team has no such key in global', describeGone],
        [
          locked.replace(key, disabled),
          {},
          'refused: the key is disabled or destroyed, or is none for encryption',
          'try: gcloud kms keys versions list --key disabled --keyring apps --location global --project team',
        ],
        [
          locked,
          { GOOGLE_OAUTH_ACCESS_TOKEN: 'writes' },
          `refused: ${who} is not allowed to decrypt with the key, or there is no such key`,
          'try: gcloud kms keys add-iam-policy-binding web --keyring apps --location global --project team --role roles/cloudkms.cryptoKeyDecrypter --member MEMBER',
        ],
        [
          locked,
          { GOOGLE_OAUTH_ACCESS_TOKEN: 'expired' },
          `your login has expired: ${who} has run out`,
          'try: export GOOGLE_OAUTH_ACCESS_TOKEN="$(gcloud auth print-access-token)"',
        ],
      ] as const;
      for (const [text, env, reason, help] of cases) {
        here.write('locked.yaml', text);

        expect(await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'], env)).toMatchObject({ status: 128, out: '' });
        expect(await here.why(env)).toEqual([reason, help]);
      }
    });

    test('a service account signs its own token, for sops and for us', async () => {
      const pair = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      });
      const account = {
        type: 'service_account',
        client_email: 'ci@team.test',
        private_key: pair.privateKey,
        private_key_id: '1',
        project_id: 'team',
      };
      const here = lockedFolder({ ...way(), GOOGLE_OAUTH_ACCESS_TOKEN: '' });
      const file = here.write('account.json', JSON.stringify({ ...account, token_uri: `${gcp.url}/token` }));
      gcp.accounts.set('ci@team.test', pair.publicKey);
      await here.lock(['--gcp-kms', key], { GOOGLE_APPLICATION_CREDENTIALS: file });

      for (const env of [
        { GOOGLE_APPLICATION_CREDENTIALS: file },
        { GOOGLE_CREDENTIALS: file },
        { GOOGLE_CREDENTIALS: JSON.stringify(account) },
      ]) {
        expect(await here.sec(['decrypt', 'locked.yaml'], env)).toEqual(opened);
      }
      gcp.accounts.delete('ci@team.test');
      expect(await here.why({ GOOGLE_CREDENTIALS: file })).toEqual([
        'refused: Google does not take the key of the service account ci@team.test',
        'try: gcloud iam service-accounts keys list --iam-account ci@team.test',
      ]);
    });
  });

  test('recipients come from the variable and from rules, are added, and are taken out', async () => {
    const here = lockedFolder(rest());
    await here.lock([], { SOPS_GCP_KMS_IDS: ` projects/team /locations/global/keyRings/apps/cryptoKeys/other` });
    here.write('.secretsrc.yaml', JSON.stringify({ creation_rules: [{ gcp_kms: key }] }));

    expect((await here.sec(['updatekeys', '-y', 'locked.yaml'])).status).toBe(0);
    expect((await here.sec(['rotate', '-i', '--add-gcp-kms', other, '--rm-gcp-kms', key, 'locked.yaml'])).err).toBe(
      `sec: locked.yaml: now locked for ${other}\n`,
    );
    expect((await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'])).status).toBe(0);
  });

  test('groups of a rule are locked for', async () => {
    const here = lockedFolder(rest());
    const group = (id: string): object => ({ gcp_kms: [{ resource_id: id }] });
    here.write('config.json', JSON.stringify({ creation_rules: [{ shamir_threshold: 2, key_groups: [group(key), group(other)] }] }));
    await here.lock(['--config', 'config.json']);

    expect((await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'])).status).toBe(0);
    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
  });

  test('a token that may only encrypt locks, and one that may only decrypt opens', async () => {
    const here = lockedFolder(rest());
    await here.lock(['--gcp-kms', key], { GOOGLE_OAUTH_ACCESS_TOKEN: 'writes' });

    expect(await here.sec(['decrypt', 'locked.yaml'], { GOOGLE_OAUTH_ACCESS_TOKEN: 'reads' })).toEqual(opened);
    expect((await here.sec(['encrypt', '--gcp-kms', key, 'plain.yaml'], { GOOGLE_OAUTH_ACCESS_TOKEN: 'reads' })).err).toContain(
      `sec: the data key cannot be encrypted for ${key}: ${who} is not allowed to encrypt with the key, or there is no such key\n`,
    );
  });

  describe('a server', () => {
    test('that is slow, takes no more calls or breaks the connection opens a file all the same', async () => {
      const faults = [{ kind: 'delay', ms: 300 }, { kind: 'answer', status: 429, body: '{}' }, { kind: 'cut' }] as const;
      let calls = 0;
      const proxy = await faultProxy(gcp.url, () => faults[calls++] ?? null);
      const here = lockedFolder(rest(proxy.url));
      await here.lock(['--gcp-kms', key]);

      expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
      expect(calls).toBe(4);
    });

    test('that is down is told so', async () => {
      const here = lockedFolder(rest());
      const proxy = await faultProxy(gcp.url);
      await here.lock(['--gcp-kms', key]);
      await proxy.stop();

      expect(await here.sec(['decrypt', 'locked.yaml'], rest(proxy.url))).toEqual({
        status: 128,
        out: '',
        err: [
          'sec: none of your keys opens locked.yaml',
          `  your keys: ${who}`,
          '  the file wants this key:',
          `    ${key}: out of reach: nothing answers at the address of Google`,
          '      try: check SOPS_GCP_KMS_ENDPOINT, if it is set: echo "$SOPS_GCP_KMS_ENDPOINT"',
          'hint: put that right, and run the same command again',
          '',
        ].join('\n'),
      });
    });
  });

  test('a job that another issuer vouches for is let in, and told why where it is not', async () => {
    const tokens = await faultProxy(gcp.url, ({ body }) => {
      const form = new URLSearchParams(body);
      if (form.get('subject_token') !== 'signed by ci') return { kind: 'answer', status: 400, body: '{"error":"invalid_grant"}' };
      const given = {
        access_token: 'all',
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 600,
      };
      return { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(given) };
    });
    const here = jobFolder(tokens.url);
    here.write('token', 'signed by ci');
    await here.lock(['--gcp-kms', key]);

    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
    here.write('token', 'signed by another');
    expect((await here.why())[0]).toBe('refused: Google takes no such token of a job by workloadIdentityPools/ci/providers/ci');
    here.write('token', '');
    expect((await here.why())[0]).toBe(
      `your key file cannot be read: the token cannot be read that the login in ${here.at('job.json')} names`,
    );
  });

  function jobFolder(tokens: string): LockedFolder {
    const folder = lockedFolder({ ...rest(), GOOGLE_OAUTH_ACCESS_TOKEN: '' });
    const job = {
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/ci',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${tokens}/v1/token`,
      credential_source: { file: folder.at('token') },
    };
    const file = folder.write('job.json', JSON.stringify(job));
    return {
      ...folder,
      sec: (args, env = {}) => folder.sec(args, { GOOGLE_APPLICATION_CREDENTIALS: file, ...env }),
      lock: (args) => folder.lock(args, { GOOGLE_APPLICATION_CREDENTIALS: file }),
      why: (env = {}) => folder.why({ GOOGLE_APPLICATION_CREDENTIALS: file, ...env }),
    };
  }
});

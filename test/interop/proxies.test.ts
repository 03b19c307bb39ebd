import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectProxy } from '../helpers/connect-proxy.ts';
import { startFakeAzure, type FakeAzure } from '../helpers/fake-azure.ts';
import { loopbackCertificate } from '../helpers/fake-gcp-grpc.ts';
import { startFakeGcp, type FakeGcp } from '../helpers/fake-gcp.ts';
import { lockedFolder, opened } from '../helpers/locked-folder.ts';
import { anybody, motoAccount, startMoto, type Moto } from '../helpers/moto.ts';
import { need } from '../helpers/need.ts';
import { startOpenBao, type OpenBao } from '../helpers/openbao.ts';

const awsHosts = ['kms.eu-west-1.amazonaws.com', 'sts.eu-west-1.amazonaws.com'];
const gcpKey = 'projects/team/locations/global/keyRings/apps/cryptoKeys/web';
const vaultHost = 'vault.test:8200';
const trusting = { SSL_CERT_FILE: loopbackCertificate, NODE_EXTRA_CA_CERTS: loopbackCertificate };

type Variables = Readonly<Record<string, string>>;

describe.skipIf(!need('moto-5.2.5', 'openbao-2.7.2', 'sops-3.13.3'))('the real sops and we, behind the same proxy', () => {
  let moto: Moto;
  let bao: OpenBao;
  let gcp: FakeGcp;
  let azure: FakeAzure;
  let servers: Readonly<Record<string, string>>;
  let keys: Readonly<Record<string, readonly [option: string, key: string, env: Variables, tunnels: readonly string[]]>>;
  beforeAll(async () => {
    [moto, bao, gcp, azure] = await Promise.all([startMoto(), startOpenBao(), startFakeGcp(), startFakeAzure()]);
    gcp.tokens.set('all', ['encrypt', 'decrypt']);
    servers = { ...Object.fromEntries(awsHosts.map((host) => [host, moto.url])), 'cloudkms.googleapis.com': gcp.url, [vaultHost]: bao.url };
    const awsKey = await moto.makeKey({ region: 'eu-west-1' });
    const vaultKey = (await bao.makeKey('app')).replace(bao.url, `https://${vaultHost}`);
    const vaultEnv = { VAULT_TOKEN: bao.root, VAULT_ADDR: `https://${vaultHost}`, VAULT_CACERT: loopbackCertificate };
    const role = `${awsKey}+arn:aws:iam::${motoAccount}:role/app`;
    keys = {
      AWS: ['--kms', awsKey, { ...anybody }, ['kms.eu-west-1.amazonaws.com:443']],
      'the roles of AWS': ['--kms', role, { ...anybody }, awsHosts.toReversed().map((host) => `${host}:443`)],
      Google: [
        '--gcp-kms',
        gcpKey,
        { GOOGLE_OAUTH_ACCESS_TOKEN: 'all', SOPS_GCP_KMS_CLIENT_TYPE: 'rest' },
        ['cloudkms.googleapis.com:443'],
      ],
      Vault: ['--hc-vault-transit', vaultKey, vaultEnv, [vaultHost]],
    };
  });
  afterAll(() => Promise.all([moto, bao, gcp, azure].map((server) => server.stop())));

  test.each(['AWS', 'the roles of AWS', 'Google', 'Vault'])('%s is reached by HTTPS_PROXY', async (name) => {
    const [option, key, env, tunnels] = keys[name] ?? ['', '', {}, []];
    const proxy = await connectProxy(servers);
    const here = lockedFolder({ ...trusting, ...env });
    await here.lock([option, key], { HTTPS_PROXY: proxy.url });
    expect(proxy.tunnels.splice(0)).toEqual(tunnels);

    expect(await here.sec(['decrypt', 'locked.yaml'], { https_proxy: proxy.url.replace('//', '//me:my%40word@') })).toEqual(opened);
    expect(proxy.tunnels.splice(0)).toEqual(tunnels);
    expect(proxy.logins.at(-1)).toBe(`Basic ${Buffer.from('me:my@word').toString('base64')}`);
    expect((await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'], { HTTPS_PROXY: proxy.url })).status).toBe(0);
    expect(proxy.tunnels.splice(0)).toEqual(tunnels);
    // Of these, sops takes no notice, and some packages would.
    const nowhere = { AWS_ENDPOINT_URL: `https://${vaultHost}`, SOPS_GCP_KMS_ENDPOINT: `https://${vaultHost}` };
    const others = { ...nowhere, ALL_PROXY: proxy.url, HTTP_PROXY: proxy.url };
    expect((await here.why({ ...others, HTTPS_PROXY: '' }))[0]).toContain('out of reach: no address is known for');
    expect((await here.why({ ...others, HTTPS_PROXY: proxy.url, NO_PROXY: 'test' }))[0]).toContain('out of reach: no address is known for');
    expect(proxy.tunnels).toEqual([]);
  });

  test('a managed identity of Azure needs no proxy, and its vault does', async () => {
    const proxy = await connectProxy({});
    const here = lockedFolder(azure.env);
    await here.lock(['--azure-kv', azure.makeKey('app')]);
    const [reason, help] = await here.why({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url });

    expect([reason, help]).toEqual([
      'out of reach: the proxy lets nobody through to there (status 403)',
      'try: name what needs no proxy in NO_PROXY',
    ]);
    expect(new Set(proxy.tunnels)).toEqual(new Set(['team.vault.azure.net:443']));
  });

  test.each<readonly [string, Variables, readonly [string, string]]>([
    [
      'is not there',
      { HTTPS_PROXY: 'http://127.0.0.1:1' },
      ['out of reach: the proxy is out of reach (ECONNREFUSED)', 'try: check HTTPS_PROXY, and HTTP_PROXY for http: env | grep -i _proxy'],
    ],
    [
      'speaks another protocol',
      { HTTPS_PROXY: 'socks5://127.0.0.1:1' },
      [
        'out of reach: HTTPS_PROXY is no address of a proxy, as in http://HOST:PORT',
        'try: check HTTPS_PROXY, and HTTP_PROXY for http: env | grep -i _proxy',
      ],
    ],
  ])('a proxy that %s is told so', async (_, env, why) => {
    for (const name of ['AWS', 'Google', 'Vault']) {
      const [option, key, more] = keys[name] ?? ['', '', {}];
      const here = lockedFolder({ ...trusting, ...more });
      await here.lock([option, key], { HTTPS_PROXY: (await connectProxy(servers)).url });

      expect([name, ...(await here.why(env))]).toEqual([name, ...why]);
    }
  });
});

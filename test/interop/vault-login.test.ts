import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockedFolder, opened, type LockedFolder } from '../helpers/locked-folder.ts';
import { need } from '../helpers/need.ts';
import { startOpenBao, type OpenBao } from '../helpers/openbao.ts';

const claims = { sub: 'project:app', aud: 'https://vault.test' };

describe.skipIf(!need('openbao-2.7.2'))('OpenBao takes the token of a job for a role', () => {
  const issuer = new OAuth2Server();
  let bao: OpenBao;
  let key: string;
  beforeAll(async () => {
    await issuer.issuer.keys.generate('RS256');
    await issuer.start(0, '127.0.0.1');
    bao = await startOpenBao();
    key = await bao.makeKey('app');
    await bao.call('PUT', 'sys/policies/acl/app', { policy: 'path "transit/decrypt/app" { capabilities = ["update"] }' });
    await bao.call('PUT', 'sys/auth/ci/jwt', { type: 'jwt' });
    await bao.call('PUT', 'auth/ci/jwt/config', { jwks_url: `${issuer.issuer.url}/jwks`, bound_issuer: issuer.issuer.url });
    const role = { role_type: 'jwt', user_claim: 'sub', bound_audiences: [claims.aud], token_policies: ['app'] };
    await bao.call('PUT', 'auth/ci/jwt/role/deploy', role);
  });
  afterAll(() => Promise.all([bao.stop(), issuer.stop()]));

  function token(changes: Readonly<Record<string, string | number>> = {}): Promise<string> {
    return issuer.issuer.buildToken({ scopesOrTransform: (_, payload) => void Object.assign(payload, claims, changes) });
  }

  /** Locked by somebody else, and before a job with that token. */
  async function job(jwt: string): Promise<LockedFolder> {
    const here = lockedFolder({ VAULT_ADDR: bao.url, SEC_VAULT_AUTH: 'ci/jwt' });
    await here.lock(['--hc-vault-transit', key], { VAULT_TOKEN: bao.root });
    here.write('token', `${jwt}\n`);
    return here;
  }
  const asRole = (here: LockedFolder): Readonly<Record<string, string>> => ({
    SEC_VAULT_ROLE: 'deploy',
    SEC_VAULT_JWT_FILE: here.at('token'),
  });

  test('and opens the file with what that may', async () => {
    const here = await job(await token());

    expect(await here.sec(['decrypt', 'locked.yaml'], asRole(here))).toEqual(opened);
    expect((await here.sec(['encrypt', '--hc-vault-transit', key, 'plain.yaml'], asRole(here))).err).toBe(
      [
        `sec: the data key cannot be encrypted for ${key}: the role deploy of this job is not allowed update on transit/encrypt/app`,
        'hint: see what it may do, and have that allowed: vault token capabilities transit/encrypt/app',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['for somebody else', () => token({ aud: 'https://other.test' })],
    ['of another issuer', () => token({ iss: 'https://other.test' })],
    ['that somebody changed', async () => (await token()).replace(/.{8}$/, 'AAAAAAAA')],
  ])('but none %s', async (_, make) => {
    const here = await job(await make());

    expect(await here.why(asRole(here))).toEqual([
      `refused: ${bao.url} takes no such token for the role deploy`,
      'try: compare the claims of the token with the role: vault read auth/ci/jwt/role/deploy',
    ]);
  });

  test('but none that has run out', async () => {
    const now = Math.floor(Date.now() / 1000);
    const here = await job(await token({ iat: now - 6600, exp: now - 6000 }));

    expect(await here.why(asRole(here))).toEqual([
      'your login has expired: the token of this job has run out',
      'try: run the job again: it is given a new token',
    ]);
  });

  test('only where the login is, and where there is a token', async () => {
    const here = await job(await token());

    expect(await here.why({ ...asRole(here), SEC_VAULT_AUTH: 'gone' })).toEqual([
      `refused: ${bao.url} takes no such token for the role deploy`,
      'try: compare the claims of the token with the role: vault read auth/gone/role/deploy',
    ]);
    expect(await here.why({ ...asRole(here), SEC_VAULT_JWT_FILE: here.at('none') })).toEqual([
      `your key file cannot be read: the token for the login cannot be read from ${here.at('none')} (ENOENT)`,
      'try: export SEC_VAULT_JWT_FILE=FILE, with the token of this job',
    ]);
  });
});

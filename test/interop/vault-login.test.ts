import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockedFolder, opened, type LockedFolder } from '../helpers/locked-folder.ts';
import { need } from '../helpers/need.ts';
import { startOpenBao, type OpenBao } from '../helpers/openbao.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const now = Math.floor(Date.now() / 1000);
const claims = { iss: 'https://ci.test', sub: 'project:app', aud: 'https://vault.test', iat: now - 10, exp: now + 600 };

function token(changes: Readonly<Record<string, string | number>> = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ ...claims, ...changes })}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}

describe.skipIf(!need('openbao-2.7.2'))('OpenBao takes the token of a job for a role', () => {
  let bao: OpenBao;
  let key: string;
  beforeAll(async () => {
    bao = await startOpenBao();
    key = await bao.makeKey('app');
    await bao.call('PUT', 'sys/policies/acl/app', { policy: 'path "transit/decrypt/app" { capabilities = ["update"] }' });
    await bao.call('PUT', 'sys/auth/ci/jwt', { type: 'jwt' });
    await bao.call('PUT', 'auth/ci/jwt/config', { jwt_validation_pubkeys: [publicKey.export({ type: 'spki', format: 'pem' })] });
    const role = { role_type: 'jwt', user_claim: 'sub', bound_audiences: [claims.aud], token_policies: ['app'] };
    await bao.call('PUT', 'auth/ci/jwt/role/deploy', role);
  });
  afterAll(() => bao.stop());

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
    const here = await job(token());

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
    ['for somebody else', token({ aud: 'https://other.test' })],
    ['that somebody changed', token().replace(/.{8}$/, 'AAAAAAAA')],
  ])('but none %s', async (_, jwt) => {
    const here = await job(jwt);

    expect(await here.why(asRole(here))).toEqual([
      `refused: ${bao.url} takes no such token for the role deploy`,
      'try: compare the claims of the token with the role: vault read auth/ci/jwt/role/deploy',
    ]);
  });

  test('but none that has run out', async () => {
    const here = await job(token({ iat: now - 6600, exp: now - 6000 }));

    expect(await here.why(asRole(here))).toEqual([
      'your login has expired: the token of this job has run out',
      'try: run the job again: it is given a new token',
    ]);
  });

  test('only where the login is, and where there is a token', async () => {
    const here = await job(token());

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

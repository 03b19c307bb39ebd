import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { assumed, failure, isSts, json, nowhere, plaintext, refused, role, sdkWorld, signers, xml } from '../helpers/aws-server.ts';
import { fakeTerminal } from '../helpers/fake-terminal.ts';
import { faultProxy, type Fault } from '../helpers/fault-proxy.ts';

const aws = sdkWorld();

describe('an identity', () => {
  test('may be a token of this machine, which is given for a role', async () => {
    const tokenFile = aws.home.write('token', 'a.b.c');
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ROLE_ARN: role };
    const { proxy, result } = await aws.opened((seen) => (isSts(seen) ? assumed('AssumeRoleWithWebIdentity') : plaintext), { env });

    expect(result.opened).toBe(true);
    expect(signers(proxy)).toEqual(['AssumeRoleWithWebIdentity by nobody in no region', 'Decrypt by ASIAROLE in eu-west-1']);
    expect(Object.fromEntries(new URLSearchParams(proxy.seen[0]?.body))).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: 'sops@testhost',
      WebIdentityToken: 'a.b.c',
    });
  });

  test('may be a container, whose doubtful variables the SDK warns of to nobody', async () => {
    const session = { AccessKeyId: 'ASIACONTAINER', SecretAccessKey: 'y', Token: 'z', Expiration: '2099-01-01T00:00:00Z' };
    const container = await faultProxy(nowhere, () => json(200, session));
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/creds`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'one',
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: aws.home.write('token', 'other'),
    };
    const { proxy, result } = await aws.opened(() => plaintext, { env });

    expect(result.opened).toBe(true);
    expect(container.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/creds', 'other']]);
    expect(signers(proxy)).toEqual(['Decrypt by ASIACONTAINER in eu-west-1']);
  });

  test('may be the role of this machine', async () => {
    const machine = await faultProxy(nowhere, ({ method, path }) => {
      if (method === 'PUT') return { kind: 'answer', status: 200, body: 'imds-token' };
      if (path.endsWith('/security-credentials/')) return { kind: 'answer', status: 200, body: 'app' };
      return json(200, {
        Code: 'Success',
        AccessKeyId: 'ASIAMACHINE',
        SecretAccessKey: 'y',
        Token: 'z',
        Expiration: '2099-01-01T00:00:00Z',
      });
    });
    const env = { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: machine.url };
    const { proxy, result } = await aws.opened(() => plaintext, { env });

    expect(failure(result)).toBe('opened');
    expect(signers(proxy)).toEqual(['Decrypt by ASIAMACHINE in eu-west-1']);
  });

  test('may be a profile with a role, behind an MFA code that a person types', async () => {
    aws.home.write(
      '.aws/config',
      `[profile dev]\nrole_arn = ${role}\nsource_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/me\n`,
    );
    aws.home.write('.aws/credentials', '[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = x\n');
    const terminal = fakeTerminal('123456');
    const { proxy, result } = await aws.opened((seen) => (isSts(seen) ? assumed('AssumeRole') : plaintext), {
      env: { AWS_PROFILE: 'dev' },
      terminal,
    });

    expect(failure(result)).toBe('opened');
    expect(terminal.asked).toEqual(['MFA code of arn:aws:iam::111122223333:mfa/me']);
    expect(signers(proxy)).toEqual(['AssumeRole by AKIABASE in eu-west-1', 'Decrypt by ASIAROLE in eu-west-1']);
    expect(new URLSearchParams(proxy.seen[0]?.body).get('TokenCode')).toBe('123456');
  });

  test('may be a login of the AWS command line', async () => {
    aws.home.write(
      '.aws/config',
      '[profile dev]\nsso_session = x\nsso_account_id = 111122223333\nsso_role_name = Reader\n[sso-session x]\nsso_region = us-east-1\nsso_start_url = https://x.example/start\n',
    );
    const name = createHash('sha1').update('x').digest('hex');
    aws.home.write(`.aws/sso/cache/${name}.json`, JSON.stringify({ accessToken: 't', expiresAt: '2099-01-01T00:00:00Z' }));
    const session = { roleCredentials: { accessKeyId: 'ASIASSO', secretAccessKey: 'y', sessionToken: 'z', expiration: 4_070_908_800_000 } };
    const { proxy, result } = await aws.opened((seen) => (seen.path.startsWith('/federation/') ? json(200, session) : plaintext), {
      env: { AWS_PROFILE: 'dev' },
    });

    expect(failure(result)).toBe('opened');
    expect(proxy.seen.map(({ path }) => path)).toEqual(['/federation/credentials?account_id=111122223333&role_name=Reader', '/']);
  });

  test('may be what a program gives', async () => {
    aws.home.write(
      '.aws/config',
      `[default]\ncredential_process = echo '{"Version":1,"AccessKeyId":"AKIAPROGRAM","SecretAccessKey":"x"}'\n`,
    );
    const { proxy, result } = await aws.opened(() => plaintext);

    expect(failure(result)).toBe('opened');
    expect(signers(proxy)).toEqual(['Decrypt by AKIAPROGRAM in eu-west-1']);
  });
});

describe('a login that is missing or has run out', () => {
  const sso = '[profile dev]\nsso_account_id = 1\nsso_role_name = R\n';
  const session = `${sso}sso_session = x\n[sso-session x]\nsso_region = us-east-1\nsso_start_url = https://x.example/start\n`;
  const legacy = `${sso}sso_region = us-east-1\nsso_start_url = https://x.example/start\n`;
  const dev = { AWS_PROFILE: 'dev' };
  const runOut = 'expired-login: the session of the AWS profile dev has run out; aws sso login --profile dev';
  const cache = (of: string): string => `.aws/sso/cache/${createHash('sha1').update(of).digest('hex')}.json`;
  const old = JSON.stringify({ accessToken: 't', expiresAt: '2001-01-01T00:00:00Z' });

  test.each([
    ['nothing at all', {}, {}, 'no-key: this machine has no AWS credentials; aws configure, or aws configure sso'],
    ['an SSO session that was never opened', { '.aws/config': session }, dev, runOut],
    ['an SSO session', { '.aws/config': session, [cache('x')]: old }, dev, runOut],
    ['an SSO login of older tools', { '.aws/config': legacy, [cache('https://x.example/start')]: old }, dev, runOut],
    ['an SSO login of older tools that never was', { '.aws/config': legacy }, dev, runOut],
    [
      'a login by browser',
      { '.aws/config': '[profile dev]\nlogin_session = arn:aws:iam::1:user/u\n' },
      dev,
      'expired-login: the session of the AWS profile dev has run out; aws login --profile dev',
    ],
    [
      'a profile that says nothing',
      { '.aws/config': '[profile dev]\nregion = eu-west-1\n' },
      dev,
      'no-key: the AWS profile dev has no credentials; aws configure --profile dev',
    ],
    [
      'a program that fails, which said a secret',
      { '.aws/config': '[profile dev]\ncredential_process = echo hunter2 && false\n' },
      dev,
      'denied: the credential_process of the AWS profile dev failed; aws configure export-credentials --profile dev',
    ],
    [
      'an MFA code with nobody to ask',
      {
        '.aws/config': `[profile dev]\nrole_arn = ${role}\nsource_profile = base\nmfa_serial = me\n`,
        '.aws/credentials': '[base]\naws_access_key_id = A\naws_secret_access_key = x\n',
      },
      dev,
      'denied: the AWS profile dev wants an MFA code, and nobody is here to give one; run it at a terminal, or before it: eval "$(aws configure export-credentials --format env --profile dev)"',
    ],
    [
      'a token that is not there',
      {},
      { AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent/token', AWS_ROLE_ARN: role },
      'bad-key-file: AWS_WEB_IDENTITY_TOKEN_FILE names /nonexistent/token, which cannot be read (ENOENT); ls -l "$AWS_WEB_IDENTITY_TOKEN_FILE"',
    ],
  ])('%s', async (_, files, env, told) => {
    for (const [name, text] of Object.entries(files)) aws.home.write(name, text);
    const { proxy, result } = await aws.opened(() => plaintext, { env });

    expect(failure(result)).toBe(told);
    expect(proxy.seen).toEqual([]);
  });

  test.each([
    ['UnauthorizedException', 401, runOut],
    [
      'ForbiddenException',
      403,
      'denied: the AWS profile dev may not take on its role R; see who you are, and have the role trust that: aws sts get-caller-identity --profile dev',
    ],
  ])('an SSO login that the server answers with %s', async (name, status, told) => {
    aws.home.write('.aws/config', session);
    aws.home.write(cache('x'), JSON.stringify({ accessToken: 't', expiresAt: '2099-01-01T00:00:00Z' }));
    const answer: Fault = { kind: 'answer', status, headers: { 'x-amzn-errortype': name }, body: JSON.stringify({ message: 'No access' }) };
    const { result } = await aws.opened(() => answer, { env: dev });

    expect(failure(result)).toBe(told);
  });

  test.each([
    [
      refused('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'),
      `denied: AWS takes no such token for the role ${role}; compare the claims of the token with what the role trusts: aws iam get-role --role-name app`,
    ],
    [
      xml(400, '<ErrorResponse><Error><Code>ExpiredTokenException</Code><Message>Token expired</Message></Error></ErrorResponse>'),
      `expired-login: the session of the web identity for ${role} has run out; run the job again: it is given a new token`,
    ],
    [
      xml(400, '<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>no</Message></Error></ErrorResponse>'),
      `denied: AWS takes no such token for the role ${role}; compare the claims of the token with what the role trusts: aws iam get-role --role-name app`,
    ],
  ])('a token that AWS does not take', async (answer, told) => {
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: aws.home.write('token', 'a.b.c'), AWS_ROLE_ARN: role };
    const { result } = await aws.opened(() => answer, { env });

    expect(failure(result)).toBe(told);
  });
});

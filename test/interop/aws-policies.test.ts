import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { awsFolder, type AwsFolder } from '../helpers/aws-folder.ts';
import { faultProxy, type Fault } from '../helpers/fault-proxy.ts';
import { accessKeyIn, motoAccount, startMoto, type AccessKey, type Moto } from '../helpers/moto.ts';
import { need } from '../helpers/need.ts';

const role = (name: string): string => `arn:aws:iam::${motoAccount}:role/${name}`;

/** Here signatures and policies count. */
describe.skipIf(!need('moto-5.2.5', 'sops-3.12.2', 'sops-3.13.3'))('AWS with policies', () => {
  let moto: Moto;
  let key: string;
  let dev: AccessKey;
  let writing: AccessKey;
  let reading: AccessKey;
  let here: AwsFolder;
  beforeAll(async () => {
    moto = await startMoto();
    key = await moto.makeKey({ region: 'eu-west-1' });
    dev = await makeUser(moto, 'dev', ['sts:AssumeRole']);
    await makeRole(moto, 'writer', ['kms:Encrypt']);
    await makeRole(moto, 'reader', ['kms:Decrypt']);
    writing = await moto.assume(role('writer'), dev);
    reading = await moto.assume(role('reader'), dev);
    await moto.setPolicies(true);
  });
  afterAll(() => moto.stop());
  beforeEach(() => {
    here = awsFolder({ AWS_ENDPOINT_URL: moto.url, ...dev });
    here.write('plain.yaml', 'password: hunter2\n');
  });
  afterEach(() => here.remove());

  const lockedBy = async (name: string, env = {}): Promise<string> => {
    const { out, err } = await here.sec(['encrypt', '--kms', `${key}+${role(name)}`, 'plain.yaml'], env);
    return err === '' ? here.write('locked.yaml', out) : err;
  };
  const report = (why: readonly string[]): string =>
    [
      'sec: none of your keys opens locked.yaml',
      '  your keys: the access key of AWS_ACCESS_KEY_ID',
      '  the file wants this key:',
      ...why,
      'hint: put that right, and run the same command again',
      '',
    ].join('\n');

  test('a role that may only encrypt locks and does not open, for us as for sops', async () => {
    await lockedBy('writer');
    const ours = await here.sec(['decrypt', 'locked.yaml']);
    const theirs = await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml']);

    expect(ours).toEqual({
      status: 128,
      out: '',
      err: report([
        `    ${key}+${role('writer')}: refused: the role ${role('writer')} is not allowed kms:Decrypt`,
        '      try: see what the role may do, and have that allowed: aws iam list-attached-role-policies --role-name writer',
      ]),
    });
    expect(theirs).toMatchObject({ status: 128, out: '' });
  });

  test('a role that may only decrypt opens and does not lock', async () => {
    await lockedBy('writer');

    expect(await here.sec(['decrypt', 'locked.yaml'], { SEC_AWS_ROLE: role('reader') })).toEqual({
      status: 0,
      out: 'password: hunter2\n',
      err: '',
    });
    expect(await lockedBy('reader')).toBe(
      [
        `sec: the data key cannot be encrypted for ${key}+${role('reader')}: the role ${role('reader')} is not allowed kms:Encrypt`,
        'hint: see what the role may do, and have that allowed: aws iam list-attached-role-policies --role-name reader',
        '',
      ].join('\n'),
    );
  });

  test('what sops wrote in a role we open in it, and the other way round', async () => {
    const opens = { SEC_AWS_ROLE: role('reader') };
    for (const release of ['sops-3.12.2', 'sops-3.13.3'] as const) {
      const { out } = await here.sops(release, ['encrypt', '--kms', `${key}+${role('writer')}`, 'plain.yaml']);
      here.write('theirs.yaml', out);
      const ours = await here.sec(['encrypt', '--kms', `${key}+${role('writer')}`, 'plain.yaml']);
      here.write('ours.yaml', ours.out.replace('role/writer', 'role/reader'));

      expect((await here.sec(['decrypt', 'theirs.yaml'], opens)).out).toBe('password: hunter2\n');
      expect((await here.sops(release, ['decrypt', 'ours.yaml'])).out).toContain('password: hunter2');
    }
  });

  test('one who is in the role already needs not be allowed to take it on', async () => {
    expect(await lockedBy('writer', writing)).toBe(here.at('locked.yaml'));
    expect(await lockedBy('reader', writing)).toBe(
      [
        `sec: the data key cannot be encrypted for ${key}+${role('reader')}: the access key of AWS_ACCESS_KEY_ID may not take on the role ${role('reader')}`,
        'hint: see who you are, and have the role trust that: aws sts get-caller-identity',
        '',
      ].join('\n'),
    );
  });

  test('a token of the machine is what its role is allowed', async () => {
    await lockedBy('writer');
    const sessions = { [role('reader')]: reading, [role('writer')]: writing };
    const proxy = await faultProxy(moto.url, ({ body }) => {
      // Where policies count, moto fails at a call that nobody signed, as this one is by design.
      const form = new URLSearchParams(body);
      return form.get('Action') === 'AssumeRoleWithWebIdentity' ? sessionFor(sessions[form.get('RoleArn') ?? ''] ?? dev) : null;
    });
    const token = { AWS_ENDPOINT_URL: proxy.url, AWS_ACCESS_KEY_ID: '', AWS_WEB_IDENTITY_TOKEN_FILE: here.write('token', 'a.b.c') };
    const reader = await here.sec(['decrypt', 'locked.yaml'], { ...token, SEC_AWS_ROLE: 'none', AWS_ROLE_ARN: role('reader') });
    const writer = await here.sec(['decrypt', 'locked.yaml'], { ...token, AWS_ROLE_ARN: role('writer') });

    expect(reader).toEqual({ status: 0, out: 'password: hunter2\n', err: '' });
    expect(writer.status).toBe(128);
    expect(writer.err).toContain(`refused: the web identity for ${role('writer')} is not allowed kms:Decrypt\n`);
  });

  test('a wrong secret is told apart from a policy', async () => {
    expect(await lockedBy('writer', { AWS_SECRET_ACCESS_KEY: 'wrong' })).toBe(
      [
        `sec: the data key cannot be encrypted for ${key}+${role('writer')}: AWS does not take the credentials of the access key of AWS_ACCESS_KEY_ID`,
        'hint: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew, or unset them',
        '',
      ].join('\n'),
    );
  });

  test('where the environment is not allowed, the profile that the file names may be', async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = dev;
    here.write('.aws/credentials', `[base]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`);
    here.write('.aws/config', `[profile read]\nrole_arn = ${role('reader')}\nsource_profile = base\n`);
    const { out } = await here.sec(['encrypt', '--kms', key, 'plain.yaml'], writing);
    here.write('locked.yaml', out.replace('aws_profile: ""', 'aws_profile: read'));

    expect(await here.sec(['decrypt', 'locked.yaml'], writing)).toEqual({ status: 0, out: 'password: hunter2\n', err: '' });
  });
});

async function makeUser(moto: Moto, name: string, actions: readonly string[]): Promise<AccessKey> {
  await moto.query('iam', { Action: 'CreateUser', UserName: name });
  await moto.query('iam', { Action: 'PutUserPolicy', UserName: name, PolicyName: 'may', PolicyDocument: policy(actions) });
  return accessKeyIn(await moto.query('iam', { Action: 'CreateAccessKey', UserName: name }));
}

async function makeRole(moto: Moto, name: string, actions: readonly string[]): Promise<void> {
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }] };
  await moto.query('iam', { Action: 'CreateRole', RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) });
  await moto.query('iam', { Action: 'PutRolePolicy', RoleName: name, PolicyName: 'may', PolicyDocument: policy(actions) });
}

function policy(actions: readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
}

function sessionFor({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN }: AccessKey): Fault {
  const fields = { AccessKeyId: AWS_ACCESS_KEY_ID, SecretAccessKey: AWS_SECRET_ACCESS_KEY, SessionToken: AWS_SESSION_TOKEN ?? '' };
  const inside = Object.entries({ ...fields, Expiration: '2099-01-01T00:00:00Z' }).map(([tag, text]) => `<${tag}>${text}</${tag}>`);
  const call = 'AssumeRoleWithWebIdentity';
  const body = `<${call}Response><${call}Result><Credentials>${inside.join('')}</Credentials></${call}Result></${call}Response>`;
  return { kind: 'answer', status: 200, headers: { 'content-type': 'text/xml' }, body };
}

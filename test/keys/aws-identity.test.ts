import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRole, identitiesFor, nameOf, profileFlag, roleFor, type AwsIdentity } from '../../src/keys/aws-identity.ts';
import { keyWorld, type TestKeyWorld } from '../helpers/key-world.ts';
import { tempFolder, type TempFolder } from '../helpers/temp-folder.ts';

const role = 'arn:aws:iam::111122223333:role/app';
const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x' };
const token = { AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: role };
const container = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/creds' };

let home: TempFolder;
beforeAll(() => {
  home = tempFolder();
  home.write(
    '.aws/config',
    [
      '[default]',
      'region = eu-west-1',
      '[profile dev] ; ours',
      `role_arn=${role}`,
      'source_profile = base',
      '# [profile gone]',
      '[profile "with space"]',
      'sso_session = x',
      '[sso-session x]',
      'sso_region = eu-west-1',
      '[base]',
      'region = in-no-profile',
      '[profile empty]',
      '',
    ].join('\r\n'),
  );
  home.write('.aws/credentials', '[base]\naws_access_key_id = AKIA\n[dev]\naws_access_key_id = AKIB\n');
});
afterAll(() => home.remove());

const world = (env: Readonly<Record<string, string>> = {}): TestKeyWorld => keyWorld({ env, home: home.path });

async function namesFor(profile: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await identitiesFor(profile, world(env))).map(nameOf);
}

describe('who asks', () => {
  test.each([
    ['nothing is said', '', {}, ['the default AWS identity of this machine']],
    ['the variables hold keys', '', keys, ['the access key of AWS_ACCESS_KEY_ID']],
    ['they hold half of one', '', { AWS_ACCESS_KEY_ID: 'AKIA' }, ['the default AWS identity of this machine']],
    ['keys and a profile', '', { ...keys, AWS_PROFILE: 'dev' }, ['the access key of AWS_ACCESS_KEY_ID']],
    ['a profile', '', { AWS_PROFILE: 'dev', ...token }, ['the AWS profile dev']],
    ['the profile of older tools', '', { AWS_DEFAULT_PROFILE: 'dev' }, ['the AWS profile dev']],
    ['a token', '', { ...token, ...container }, [`the web identity for ${role}`]],
    ['a token without a role', '', { AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, ['the default AWS identity of this machine']],
    ['a container', '', container, ['the AWS role of this container']],
    ['a container with an address', '', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://x' }, ['the AWS role of this container']],
    ['the file names a profile that is here', 'dev', {}, ['the AWS profile dev']],
    ['and the variables hold keys', 'dev', keys, ['the access key of AWS_ACCESS_KEY_ID', 'the AWS profile dev']],
    ['and the variables name the same', 'dev', { AWS_PROFILE: 'dev' }, ['the AWS profile dev']],
    ['and the variables name another', 'dev', { AWS_PROFILE: 'base' }, ['the AWS profile base', 'the AWS profile dev']],
    ['and the variables hold keys, but it is not here', 'gone', keys, ['the access key of AWS_ACCESS_KEY_ID']],
    ['SEC_AWS_PROFILE stands before all', 'dev', { ...keys, SEC_AWS_PROFILE: 'base' }, ['the AWS profile base']],
  ])('where %s', async (_, profile, env, names) => {
    expect(await namesFor(profile, env)).toEqual(names);
  });

  test('is the default where the file names a profile that is not here, with a warning', async () => {
    const here = world();
    const both = await Promise.all([identitiesFor('gone', here), identitiesFor('gone', here)]);

    expect(both.flat().map(nameOf)).toEqual(['the default AWS identity of this machine', 'the default AWS identity of this machine']);
    expect(here.warnings).toEqual([
      `the AWS profile gone, which a file names, is not in ${home.at('.aws/config')} or ${home.at('.aws/credentials')}: going on with the default identity`,
    ]);
  });

  test('is said without a warning where the variables name somebody', async () => {
    const here = world(keys);
    await identitiesFor('gone', here);

    expect(here.warnings).toEqual([]);
  });
});

describe('a profile', () => {
  const settingsOf = async (name: string, env = {}): Promise<unknown> => {
    const [identity] = await identitiesFor('', world({ ...env, SEC_AWS_PROFILE: name }));
    return identity?.kind === 'profile' ? identity.settings && Object.fromEntries(identity.settings) : identity;
  };

  test.each([
    ['dev', { role_arn: role, source_profile: 'base', aws_access_key_id: 'AKIB' }],
    ['base', { aws_access_key_id: 'AKIA' }],
    ['default', { region: 'eu-west-1' }],
    ['with space', { sso_session: 'x' }],
    ['gone', null],
    ['empty', null],
    ['x', null],
  ])('is read from both files: %s', async (name, settings) => {
    expect(await settingsOf(name)).toEqual(settings);
  });

  test('is read from the files that the variables name', async () => {
    home.write('elsewhere', '[profile other]\nregion = a\n');
    const env = { AWS_CONFIG_FILE: '~/elsewhere', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' };

    expect(await settingsOf('other', env)).toEqual({ region: 'a' });
    expect(await settingsOf('base', env)).toBeNull();
  });
});

describe('the role', () => {
  test.each([
    ['of the file', role, {}, role],
    ['of nobody', '', {}, ''],
    ['of SEC_AWS_ROLE', role, { SEC_AWS_ROLE: 'arn:aws:iam::111122223333:role/ci' }, 'arn:aws:iam::111122223333:role/ci'],
    ['of SEC_AWS_ROLE where the file has none', '', { SEC_AWS_ROLE: role }, role],
    ['is put off by SEC_AWS_ROLE=none', role, { SEC_AWS_ROLE: 'none' }, ''],
  ])('is that %s', (_, fileRole, env, wanted) => {
    expect(roleFor(fileRole, world(env))).toBe(wanted);
  });

  test.each([
    ['a web identity for it', token, true],
    ['a profile with it', { AWS_PROFILE: 'dev' }, true],
    ['a profile without one', { AWS_PROFILE: 'base' }, false],
    ['keys', keys, false],
  ])('comes with %s: %s', async (_, env, comes) => {
    const [identity] = await identitiesFor('', world(env));

    expect(identity !== undefined && hasRole(identity, role)).toBe(comes);
  });
});

test('the AWS command line is told the profile', () => {
  const profile: AwsIdentity = { kind: 'profile', name: 'dev', chosenBy: null, settings: null, files: [] };

  expect(profileFlag(profile)).toBe(' --profile dev');
  expect(profileFlag({ kind: 'keys' })).toBe('');
});

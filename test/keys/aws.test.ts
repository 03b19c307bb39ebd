import { describe, expect, onTestFinished, test } from 'vitest';
import type { MetaValue, StoredKey } from '../../src/core/metadata.ts';
import { SecError } from '../../src/core/problem.ts';
import { awsKms } from '../../src/keys/aws.ts';
import { failed, type MasterKey } from '../../src/keys/key.ts';
import { FakeAws } from '../helpers/fake-aws.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { problemOf, problemOfAsync } from '../helpers/problem.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const arn = 'arn:aws:kms:eu-west-1:111122223333:key/abc';
const role = 'arn:aws:iam::111122223333:role/app';
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x' };
const createdAt = '2026-01-02T03:04:05Z';

/** A key as a file has it, without the wrapped data key. */
function entry(fields: Readonly<Record<string, string | ReadonlyMap<string, string>>>): StoredKey {
  return { kind: 'kms', fields: new Map<string, MetaValue>(Object.entries({ arn, ...fields })) };
}

const context = new Map([
  ['stage', 'prod'],
  ['app', 'web'],
]);

describe('the entry of a key', () => {
  const wrapped = async (key: MasterKey): Promise<readonly (readonly [string, unknown])[]> => [
    ...(await key.wrap(dataKey, createdAt, keyWorld({ env: keys }))).fields,
  ];

  test('has the fields that sops writes, in its order', async () => {
    const provider = awsKms(new FakeAws().connect);
    const enc = Buffer.from(JSON.stringify([arn, [], Buffer.from(dataKey).toString('hex')])).toString('base64');

    expect(await wrapped(provider.parse(`${arn}+${role}`))).toEqual([
      ['arn', arn],
      ['aws_profile', ''],
      ['created_at', createdAt],
      ['enc', enc],
      ['role', role],
    ]);
  });

  test('has the profile and the context, by name, that a rule says', async () => {
    const provider = awsKms(new FakeAws().connect);
    const fields = await wrapped(provider.read(entry({ aws_profile: 'dev', context }), 'a.yaml'));

    expect(fields.map(([name]) => name)).toEqual(['arn', 'aws_profile', 'context', 'created_at', 'enc']);
    expect(fields[1]).toEqual(['aws_profile', 'dev']);
    expect(JSON.stringify(fields[2], (_, value: unknown) => (value instanceof Map ? [...value] : value))).toBe(
      '["context",[["app","web"],["stage","prod"]]]',
    );
  });

  test('opens again, in its role and context', async () => {
    const aws = new FakeAws();
    const world = keyWorld({ env: keys });
    const key = awsKms(aws.connect).read(entry({ role, context }), 'a.yaml');
    const stored = await key.wrap(dataKey, createdAt, world);

    expect(await awsKms(aws.connect).read(stored, 'a.yaml').unwrap(stored, world)).toEqual({ opened: true, dataKey });
    expect(aws.calls).toEqual([
      `encrypt as the access key of AWS_ACCESS_KEY_ID in ${role} at eu-west-1 stage=prod app=web`,
      `decrypt as the access key of AWS_ACCESS_KEY_ID in ${role} at eu-west-1 app=web stage=prod`,
    ]);
    expect(aws.connections.length).toBe(1);
  });
});

describe('a recipient', () => {
  test.each([
    ['alias/app', 'it is no ARN of a key or an alias of AWS KMS, as in arn:aws:kms:REGION:ACCOUNT:key/ID'],
    [`${arn}+arn:aws:iam::1:user/u`, 'its role is no ARN of a role, as in arn:aws:iam::ACCOUNT:role/NAME'],
  ])('is refused by its text: %s', (text, reason) => {
    expect(problemOf(() => awsKms().parse(text))).toEqual({ code: 'bad-recipient', kind: 'kms', text, reason });
  });

  test('of a file that is no ARN opens nothing and is locked for by nobody', async () => {
    const aws = new FakeAws();
    const stored = entry({ arn: 'alias/app', enc: 'AAAA' });
    const key = awsKms(aws.connect).read(stored, 'a.yaml');
    const reason = 'it is no ARN of a key or an alias of AWS KMS, as in arn:aws:kms:REGION:ACCOUNT:key/ID';

    expect(key.label).toBe('alias/app');
    expect(await key.unwrap(stored, keyWorld())).toEqual(failed('malformed', reason));
    expect(await problemOfAsync(() => key.wrap(dataKey, createdAt, keyWorld()))).toEqual({
      code: 'wrap-failed',
      label: 'alias/app',
      reason,
      hint: null,
    });
    expect(aws.calls).toEqual([]);
  });

  test.each([[''], ['not base64'], ['===']])('whose wrapped key is %j is not asked for', async (enc) => {
    const aws = new FakeAws();
    const stored = entry({ enc });

    expect(await awsKms(aws.connect).read(stored, 'a.yaml').unwrap(stored, keyWorld())).toEqual(
      failed('malformed', 'the entry holds no encrypted data key'),
    );
    expect(aws.calls).toEqual([]);
  });
});

describe('who is asked as', () => {
  const home = (): string => {
    const folder = tempFolder();
    onTestFinished(folder.remove);
    folder.write('.aws/credentials', '[dev]\naws_access_key_id = AKIB\n[roled]\nrole_arn = ' + role + '\n');
    return folder.path;
  };
  const asked = async (fields: Parameters<typeof entry>[0], env: Readonly<Record<string, string>>, refused: readonly string[] = []) => {
    const aws = new FakeAws((who) => (refused.some((one) => who.startsWith(one)) ? 'AccessDeniedException' : null));
    const key = awsKms(aws.connect).read(entry(fields), 'a.yaml');
    const problem = await problemOfAsync(() => key.wrap(dataKey, createdAt, keyWorld({ env, home: home() })));
    return { calls: aws.calls, problem };
  };

  test('the profile of the file, where the environment is not let in', async () => {
    expect(await asked({ aws_profile: 'dev' }, keys, ['the access key'])).toEqual({
      calls: ['encrypt as the access key of AWS_ACCESS_KEY_ID at eu-west-1', 'encrypt as the AWS profile dev at eu-west-1'],
      problem: null,
    });
  });

  test('the environment alone, where it is let in', async () => {
    expect((await asked({ aws_profile: 'dev' }, keys)).calls).toEqual(['encrypt as the access key of AWS_ACCESS_KEY_ID at eu-west-1']);
  });

  test('nobody else, where the key is not there', async () => {
    const aws = new FakeAws(() => 'NotFoundException');
    const key = awsKms(aws.connect).read(entry({ aws_profile: 'dev' }), 'a.yaml');
    await problemOfAsync(() => key.wrap(dataKey, createdAt, keyWorld({ env: keys, home: home() })));

    expect(aws.calls.length).toBe(1);
  });

  test('the first is told of where none is let in', async () => {
    const { problem } = await asked({ aws_profile: 'dev' }, keys, ['the']);

    expect(problem).toEqual({
      code: 'wrap-failed',
      label: `${arn}||dev`,
      reason: 'the access key of AWS_ACCESS_KEY_ID is not allowed kms:Encrypt',
      hint: 'see who you are, and have that allowed: aws sts get-caller-identity',
    });
  });

  test('a profile that is not here is nobody', async () => {
    const { calls, problem } = await asked({}, { SEC_AWS_PROFILE: 'gone' });

    expect(calls).toEqual([]);
    expect(problem).toMatchObject({ code: 'wrap-failed', hint: 'aws configure --profile gone' });
  });

  test('in a role only where it is not there already', async () => {
    const roled = { AWS_PROFILE: 'roled' };
    const token = { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: role };

    expect((await asked({ role }, roled)).calls).toEqual(['encrypt as the AWS profile roled at eu-west-1']);
    expect((await asked({ role }, token)).calls).toEqual([`encrypt as the web identity for ${role} at eu-west-1`]);
    expect((await asked({ role }, keys)).calls).toEqual([`encrypt as the access key of AWS_ACCESS_KEY_ID in ${role} at eu-west-1`]);
  });

  test('in the role of SEC_AWS_ROLE, which must be one', async () => {
    const other = 'arn:aws:iam::111122223333:role/ci';

    expect((await asked({ role }, { ...keys, SEC_AWS_ROLE: other })).calls).toEqual([
      `encrypt as the access key of AWS_ACCESS_KEY_ID in ${other} at eu-west-1`,
    ]);
    expect((await asked({ role }, { ...keys, SEC_AWS_ROLE: 'ci' })).problem).toEqual({
      code: 'wrap-failed',
      label: `${arn}+${role}`,
      reason: 'SEC_AWS_ROLE is no ARN of a role, and not none',
      hint: 'unset SEC_AWS_ROLE',
    });
  });
});

describe('in one command', () => {
  test('a client is made for each region, identity and role', async () => {
    const aws = new FakeAws();
    const world = keyWorld({ env: keys });
    const provider = awsKms(aws.connect);
    const first = await provider.parse(arn).wrap(dataKey, createdAt, world);
    const second = await provider.parse(arn).wrap(dataKey.toReversed(), createdAt, world);
    const elsewhere = await provider.parse(arn.replace('eu-west-1', 'eu-central-1')).wrap(dataKey, createdAt, world);
    const inRole = await provider.parse(`${arn}+${role}`).wrap(dataKey, createdAt, world);

    const opened = await Promise.all(
      [first, first, second, elsewhere, inRole, first].map((one) => provider.read(one, 'f').unwrap(one, world)),
    );

    expect(opened.every((one) => one.opened)).toBe(true);
    expect(aws.connections).toEqual([
      'the access key of AWS_ACCESS_KEY_ID at eu-west-1',
      'the access key of AWS_ACCESS_KEY_ID at eu-central-1',
      `the access key of AWS_ACCESS_KEY_ID in ${role} at eu-west-1`,
    ]);
  });
});

describe('without the SDK', () => {
  const missing = new SecError({ code: 'package-missing', name: '@aws-sdk/client-kms', purpose: 'keys of AWS KMS' });
  const provider = awsKms(() => Promise.reject(missing));

  test('another key may open the file', async () => {
    const stored = entry({ enc: 'AAAA' });

    expect(await provider.read(stored, 'a.yaml').unwrap(stored, keyWorld())).toEqual(
      failed('unsupported', 'the package @aws-sdk/client-kms is not installed', 'npm install @aws-sdk/client-kms'),
    );
  });

  test('nothing is locked', async () => {
    expect(await problemOfAsync(() => provider.parse(arn).wrap(dataKey, createdAt, keyWorld()))).toEqual(missing.problem);
  });
});

test('a question that a person ends, ends the command', async () => {
  const provider = awsKms(() => Promise.reject(new SecError({ code: 'interrupted' })));
  const stored = entry({ enc: 'AAAA' });

  expect(await problemOfAsync(() => provider.read(stored, 'a.yaml').unwrap(stored, keyWorld()))).toEqual({ code: 'interrupted' });
});

test('your identities are those that this machine says', async () => {
  const token = { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: role };

  expect(await awsKms().identities(keyWorld({ env: token }))).toEqual([`the web identity for ${role}`]);
  expect(await awsKms().identities(keyWorld())).toEqual([]);
});

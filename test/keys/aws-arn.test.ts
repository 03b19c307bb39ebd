import { describe, expect, test } from 'vitest';
import { faultOf, isInRole, labelOf, parseAwsKey, placeOf, readAwsKey, sessionName } from '../../src/keys/aws-arn.ts';

const arn = 'arn:aws:kms:eu-west-1:111122223333:key/abc';
const role = 'arn:aws:iam::111122223333:role/team/app';

/** As sops takes and refuses them, but for the region, which sops takes as it is. */
test.each([
  [arn, true],
  ['arn:aws:kms:eu-west-1:111122223333:alias/app', true],
  ['arn:aws-cn:kms:cn-north-1:111122223333:key/abc', true],
  ['arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/team/app', true],
  ['arn:aws-iso-b:kms:us-isob-east-1:111122223333:key/mrk-abc', true],
  ['arn:aws:kms:eu-west-1:111122223333:key/', false],
  ['arn:aws:kms:eu-west-1:111122223333:grant/abc', false],
  ['arn:aws:kms::111122223333:key/abc', false],
  ['arn:aws:kms:evil.example/x?:111122223333:key/abc', false],
  ['arn:aws:kms:eu-west-1:team:key/abc', false],
  ['arn:aws:s3:eu-west-1:111122223333:key/abc', false],
  ['xarn:aws:kms:eu-west-1:111122223333:key/abc', false],
  ['alias/app', false],
  ['', false],
])('%s is an ARN of a key: %s', (text, isKey) => {
  const fault = 'it is no ARN of a key or an alias of AWS KMS, as in arn:aws:kms:REGION:ACCOUNT:key/ID';
  expect(faultOf({ arn: text, role: '' })).toBe(isKey ? null : fault);
});

test('a role must be an ARN of a role', () => {
  expect(faultOf({ arn, role })).toBeNull();
  expect(faultOf({ arn, role: 'arn:aws:iam::111122223333:user/app' })).toBe(
    'its role is no ARN of a role, as in arn:aws:iam::ACCOUNT:role/NAME',
  );
});

test('an ARN says the region and the account', () => {
  expect(placeOf(arn)).toEqual({ region: 'eu-west-1', account: '111122223333' });
  expect(placeOf('alias/app')).toEqual({ region: '', account: '' });
});

describe('the name of a key', () => {
  const context = new Map([
    ['stage', 'prod'],
    ['app', 'web'],
  ]);
  test.each([
    [{ arn, role: '', profile: '', context: new Map() }, arn],
    [{ arn, role, profile: '', context: new Map() }, `${arn}+${role}`],
    [{ arn, role: '', profile: '', context }, `${arn}|app:web,stage:prod`],
    [{ arn, role, profile: 'dev', context }, `${arn}+${role}|app:web,stage:prod|dev`],
    [{ arn, role: '', profile: 'dev', context: new Map() }, `${arn}||dev`],
  ])('says all of it, and is read back: %j', (key, label) => {
    expect(labelOf(key)).toBe(label);
    expect(parseAwsKey(label)).toEqual(key);
  });

  test('is read without spaces', () => {
    expect(parseAwsKey(` ${arn} + ${role} `)).toEqual({ arn, role, profile: '', context: new Map() });
  });
});

test('an entry is read with whatever it has', () => {
  const context = new Map<string, string | number>([
    ['app', 'web'],
    ['odd', 7],
  ]);
  const fields = new Map<string, string | typeof context>([
    ['arn', arn],
    ['role', role],
    ['aws_profile', 'dev'],
    ['context', context],
  ]);
  const read = new Map([
    ['app', 'web'],
    ['odd', ''],
  ]);
  expect(readAwsKey({ kind: 'kms', fields })).toEqual({ arn, role, profile: 'dev', context: read });
  expect(readAwsKey({ kind: 'kms', fields: new Map() })).toEqual({ arn: '', role: '', profile: '', context: new Map() });
});

test.each([
  ['arn:aws:sts::111122223333:assumed-role/app/sops@host', role, true],
  ['arn:aws-cn:sts::111122223333:assumed-role/app/any', 'arn:aws-cn:iam::111122223333:role/app', true],
  ['arn:aws:sts::111122223333:assumed-role/application/sops@host', role, false],
  ['arn:aws:sts::444455556666:assumed-role/app/sops@host', role, false],
  ['arn:aws:iam::111122223333:user/app', role, false],
  ['', '', false],
])('%s has taken on %s: %s', (caller, wanted, isIn) => {
  expect(isInRole(caller, wanted)).toBe(isIn);
});

test.each([
  ['vm', 'sops@vm'],
  ['build-7.example.com', 'sops@build7.example.com'],
  ['a_b,c=d', 'sops@a_b,c=d'],
  ['größe host', 'sops@grehost'],
  ['x'.repeat(80), `sops@${'x'.repeat(59)}`],
])('the session on the host %s is called %s', (hostname, name) => {
  expect(sessionName(hostname)).toBe(name);
});

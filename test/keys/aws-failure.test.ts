import { describe, expect, test } from 'vitest';
import { SdkError, type SdkStage } from '../../src/keys/sdk-error.ts';
import { explainAws } from '../../src/keys/aws-failure.ts';
import { type AwsFailure, noSuchProfile } from '../../src/keys/aws-failure-words.ts';
import type { AwsIdentity } from '../../src/keys/aws-identity.ts';

const arn = 'arn:aws:kms:eu-west-1:111122223333:key/abc';
const role = 'arn:aws:iam::111122223333:role/team/app';
const keys: AwsIdentity = { kind: 'keys' };
const machine: AwsIdentity = { kind: 'default' };
const container: AwsIdentity = { kind: 'container' };
const token: AwsIdentity = { kind: 'web-identity', tokenFile: '/run/token', role, session: null };

function profile(settings: Readonly<Record<string, string>>, name = 'dev'): AwsIdentity {
  return { kind: 'profile', name, chosenBy: null, settings: new Map(Object.entries(settings)), files: [] };
}

/** An error as the SDK throws it. Its message must not come out. */
function thrown(name: string, { code, status, message = 'said by AWS' }: { code?: string; status?: number; message?: string } = {}): Error {
  const error = Object.assign(new Error(message), { name });
  return Object.assign(error, code === undefined ? {} : { code }, status === undefined ? {} : { $metadata: { httpStatusCode: status } });
}

type Case = readonly [cause: unknown, identity: AwsIdentity, why: string, hint: string];

function explained(stage: SdkStage, cause: unknown, identity: AwsIdentity, inRole = ''): AwsFailure {
  const key = { arn, role: inRole, profile: '', context: new Map() };
  return explainAws(new SdkError(stage, cause), { key, access: { region: 'eu-west-1', identity, role: inRole }, action: 'kms:Decrypt' });
}

function told({ reason, detail, hint }: AwsFailure): readonly [why: string, hint: string | null] {
  return [`${reason}: ${detail}`, hint];
}

describe('at the key', () => {
  const cases: readonly Case[] = [
    [
      thrown('AccessDeniedException', { status: 400 }),
      keys,
      'denied: the access key of AWS_ACCESS_KEY_ID is not allowed kms:Decrypt',
      'see who you are, and have that allowed: aws sts get-caller-identity',
    ],
    [
      thrown('SyntaxError', { status: 403 }),
      profile({}, 'my own'),
      'denied: the AWS profile my own is not allowed kms:Decrypt',
      `see who you are, and have that allowed: aws sts get-caller-identity --profile 'my own'`,
    ],
    [
      thrown('NotFoundException', { status: 400 }),
      keys,
      'unreachable: the account 111122223333 has no such key in eu-west-1',
      `aws kms describe-key --region eu-west-1 --key-id ${arn}`,
    ],
    [
      thrown('DisabledException', { status: 400 }),
      keys,
      'denied: the key is disabled',
      `aws kms enable-key --region eu-west-1 --key-id ${arn}`,
    ],
    [
      thrown('KMSInvalidStateException', { status: 400 }),
      keys,
      'denied: the key may not be used now; it may be about to be deleted',
      `aws kms describe-key --region eu-west-1 --key-id ${arn}`,
    ],
    [
      thrown('InvalidKeyUsageException', { status: 400 }),
      keys,
      'unsupported: the key is not a symmetric key for encryption',
      `aws kms describe-key --region eu-west-1 --key-id ${arn}`,
    ],
    [
      thrown('InvalidCiphertextException', { status: 400 }),
      keys,
      'malformed: the encrypted data key does not fit the key',
      'see who changed its entry with: git log -p',
    ],
    [
      thrown('IncorrectKeyException', { status: 400 }),
      keys,
      'wrong-key: the data key was encrypted by another key',
      'see who changed its entry with: git log -p',
    ],
    [
      thrown('UnrecognizedClientException', { status: 400 }),
      keys,
      'denied: AWS does not take the credentials of the access key of AWS_ACCESS_KEY_ID',
      'set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew, or unset them',
    ],
    [
      thrown('InvalidSignatureException', { status: 403 }),
      profile({}),
      'denied: AWS does not take the credentials of the AWS profile dev',
      'aws configure --profile dev',
    ],
    [
      thrown('ExpiredTokenException', { status: 400 }),
      keys,
      'expired-login: the session of the access key of AWS_ACCESS_KEY_ID has run out',
      'eval "$(aws configure export-credentials --format env --profile PROFILE)"',
    ],
    [
      thrown('ValidationException', { status: 400 }),
      keys,
      'unreachable: AWS answered with ValidationException (status 400)',
      'look the name up in the API reference of AWS KMS',
    ],
    ['no error at all', keys, 'unreachable: AWS answered with Error', 'look the name up in the API reference of AWS KMS'],
  ];
  test.each(cases)('%s', (cause, identity, why, hint) => {
    expect(told(explained('key', cause, identity))).toEqual([why, hint]);
  });

  test('a role that was taken on is named', () => {
    expect(explained('key', thrown('AccessDeniedException'), keys, role)).toEqual({
      reason: 'denied',
      detail: `the role ${role} is not allowed kms:Decrypt`,
      hint: 'see what the role may do, and have that allowed: aws iam list-attached-role-policies --role-name app',
    });
  });
});

describe('at the role', () => {
  test.each([[thrown('AccessDenied', { status: 403 })], [thrown('SyntaxError', { status: 403 })]])('%s', (cause) => {
    expect(explained('role', cause, profile({}), role)).toEqual({
      reason: 'denied',
      detail: `the AWS profile dev may not take on the role ${role}`,
      hint: 'see who you are, and have the role trust that: aws sts get-caller-identity --profile dev',
    });
  });
});

describe('at the identity', () => {
  const sso = profile({ sso_session: 'x' });
  const cases: readonly Case[] = [
    [
      thrown('CredentialsProviderError', { message: 'Could not load credentials from any providers' }),
      machine,
      'no-key: this machine has no AWS credentials',
      'aws configure, or aws configure sso',
    ],
    [
      thrown('CredentialsProviderError', { message: 'Could not resolve credentials using profile: [dev]' }),
      profile({ region: 'eu-west-1' }),
      'no-key: the AWS profile dev has no credentials',
      'aws configure --profile dev',
    ],
    [
      thrown('CredentialsProviderError', { message: 'AggregateError' }),
      container,
      'no-key: the AWS role of this container has no credentials',
      'aws sts get-caller-identity',
    ],
    [
      thrown('CredentialsProviderError', { message: 'The SSO session associated with this profile has expired.' }),
      sso,
      'expired-login: the session of the AWS profile dev has run out',
      'aws sso login --profile dev',
    ],
    [
      thrown('CredentialsProviderError', { message: 'Token is expired. To refresh …' }),
      sso,
      'expired-login: the session of the AWS profile dev has run out',
      'aws sso login --profile dev',
    ],
    [
      thrown('CredentialsProviderError', { message: 'UnauthorizedException: Session token not found or invalid' }),
      machine,
      'expired-login: the session of the default AWS identity of this machine has run out',
      'aws sso login',
    ],
    [
      thrown('CredentialsProviderError', { message: 'Your session has expired. Please reauthenticate.' }),
      profile({ login_session: 'x' }),
      'expired-login: the session of the AWS profile dev has run out',
      'aws login --profile dev',
    ],
    [
      thrown('CredentialsProviderError', { message: 'ForbiddenException: No access' }),
      profile({ sso_session: 'x', sso_role_name: 'Admin' }),
      'denied: the AWS profile dev may not take on its role Admin',
      'see who you are, and have the role trust that: aws sts get-caller-identity --profile dev',
    ],
    [
      thrown('AccessDenied', { status: 403 }),
      profile({ role_arn: role }),
      `denied: the AWS profile dev may not take on its role ${role}`,
      'see who you are, and have the role trust that: aws sts get-caller-identity --profile dev',
    ],
    [
      thrown('CredentialsProviderError', { message: 'Profile dev requires multi-factor authentication, but …' }),
      profile({ mfa_serial: 'x' }),
      'denied: the AWS profile dev wants an MFA code, and nobody is here to give one',
      'run it at a terminal, or before it: eval "$(aws configure export-credentials --format env --profile dev)"',
    ],
    [
      thrown('CredentialsProviderError', { message: 'Command failed: print-my-secret' }),
      profile({ credential_process: 'print-my-secret' }),
      'denied: the credential_process of the AWS profile dev failed',
      'aws configure export-credentials --profile dev',
    ],
    [
      thrown('Error', { code: 'ENOENT', message: 'ENOENT: no such file' }),
      token,
      'bad-key-file: AWS_WEB_IDENTITY_TOKEN_FILE names /run/token, which cannot be read (ENOENT)',
      'ls -l "$AWS_WEB_IDENTITY_TOKEN_FILE"',
    ],
    [
      thrown('InvalidIdentityToken', { status: 400 }),
      token,
      `denied: AWS takes no such token for the role ${role}`,
      'compare the claims of the token with what the role trusts: aws iam get-role --role-name app',
    ],
    [
      thrown('ExpiredTokenException', { status: 400 }),
      token,
      `expired-login: the session of the web identity for ${role} has run out`,
      'run the job again: it is given a new token',
    ],
    [
      thrown('ExpiredToken', { status: 403 }),
      container,
      'expired-login: the session of the AWS role of this container has run out',
      'start the container again: it is given a new session',
    ],
    [
      thrown('CredentialsProviderError', { status: 418 }),
      machine,
      'unreachable: AWS answered with CredentialsProviderError (status 418)',
      'look the name up in the API reference of AWS KMS',
    ],
  ];
  test.each(cases)('%s', (cause, identity, why, hint) => {
    expect(told(explained('identity', cause, identity))).toEqual([why, hint]);
  });
});

describe('on the way', () => {
  const again = 'check the network, and run the same command again';
  const cases: readonly (readonly [cause: unknown, detail: string, hint: string])[] = [
    [
      thrown('Error', { code: 'ENOTFOUND' }),
      'no address is known for AWS in eu-west-1: the network is down, or there is no such region',
      'aws ec2 describe-regions --region-names eu-west-1',
    ],
    [
      thrown('Error', { code: 'ECONNREFUSED' }),
      'nothing answers at the address of AWS',
      'check AWS_ENDPOINT_URL, if it is set: echo "$AWS_ENDPOINT_URL"',
    ],
    [
      thrown('Error', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      'the certificate of the server is not trusted (SELF_SIGNED_CERT_IN_CHAIN)',
      'export NODE_EXTRA_CA_CERTS=FILE, with the certificate of your network',
    ],
    [thrown('Error', { code: 'ECONNRESET' }), 'the connection to AWS broke (ECONNRESET)', again],
    [thrown('TimeoutError'), 'AWS did not answer in time', again],
    [thrown('AbortError'), 'AWS did not answer in time', again],
    [thrown('AggregateError', { code: 'ETIMEDOUT' }), 'AWS did not answer in time', again],
    [thrown('ThrottlingException', { status: 400 }), 'AWS takes no more calls for now', again],
    [thrown('Unknown', { status: 429 }), 'AWS takes no more calls for now', again],
    [thrown('KMSInternalException', { status: 500 }), 'AWS has a failure of its own (status 500)', again],
  ];
  describe.each(['identity', 'role', 'key'] as const)('to the %s', (stage) => {
    test.each(cases)('%s', (cause, detail, hint) => {
      const isBusy = detail === 'AWS takes no more calls for now';
      expect(explained(stage, cause, machine)).toEqual({ reason: 'unreachable', detail, hint, ...(isBusy ? { isBusy } : {}) });
    });
  });
});

test('what AWS or a program says in its own words is never shown', () => {
  const stages: readonly SdkStage[] = ['identity', 'role', 'key'];
  const names = ['CredentialsProviderError', 'AccessDeniedException', 'InvalidCiphertextException', 'Error'];
  const all = stages.flatMap((stage) => names.map((name) => explained(stage, thrown(name, { message: 'hunter2' }), machine)));

  expect(JSON.stringify(all)).not.toContain('hunter2');
});

test.each([
  [null, 'there is no AWS profile dev in /a or /b'],
  ['AWS_PROFILE', 'there is no AWS profile dev, which AWS_PROFILE names, in /a or /b'],
])('a missing profile that %s chose', (chosenBy, detail) => {
  expect(noSuchProfile({ kind: 'profile', name: 'dev', chosenBy, settings: null, files: ['/a', '/b'] })).toEqual({
    reason: 'no-key',
    detail,
    hint: 'aws configure --profile dev',
  });
});

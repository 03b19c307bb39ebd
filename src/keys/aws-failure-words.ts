import { quoteWord } from '../shell-words.ts';
import type { AwsKey } from './aws-arn.ts';
import type { AwsAccess } from './aws-connect.ts';
import { type AwsIdentity, nameOf, profileFlag } from './aws-identity.ts';
import type { Failure } from './key.ts';

/** A failure in words, but for whose it is. */
export type AwsFailure = Failure;

/** What was tried. */
export interface AwsTry {
  readonly key: AwsKey;
  readonly access: AwsAccess;
  readonly action: 'kms:Encrypt' | 'kms:Decrypt';
}

/** The command that says who somebody is to AWS. */
export function whoAmI(identity: AwsIdentity): string {
  return `aws sts get-caller-identity${profileFlag(identity)}`;
}

/** A login that has run out, or a session of it. */
export function expiredLogin(identity: AwsIdentity): AwsFailure {
  return { reason: 'expired-login', detail: `the session of ${nameOf(identity)} has run out`, hint: renewal(identity) };
}

/** An access key that AWS does not know, or whose secret is wrong. */
export function notAccepted(identity: AwsIdentity): AwsFailure {
  return { reason: 'denied', detail: `AWS does not take the credentials of ${nameOf(identity)}`, hint: setUp(identity) };
}

/** Nothing to call AWS with. */
export function noCredentials(identity: AwsIdentity): AwsFailure {
  const detail = identity.kind === 'default' ? 'this machine has no AWS credentials' : `${nameOf(identity)} has no credentials`;
  return { reason: 'no-key', detail, hint: setUp(identity) };
}

/** A profile that somebody chose, and that this machine does not have. */
export function noSuchProfile({ name, chosenBy, files }: Extract<AwsIdentity, { readonly kind: 'profile' }>): AwsFailure {
  const detail = `there is no AWS profile ${name}${chosenBy === null ? '' : `, which ${chosenBy} names,`} in ${files.join(' or ')}`;
  return { reason: 'no-key', detail, hint: `aws configure --profile ${quoteWord(name)}` };
}

/** The command that makes a new session. */
function renewal(identity: AwsIdentity): string {
  switch (identity.kind) {
    case 'keys':
      return 'eval "$(aws configure export-credentials --format env --profile PROFILE)"';
    case 'profile':
      return loginOf(identity.settings) + profileFlag(identity);
    case 'default':
      return 'aws sso login';
    case 'web-identity':
      return 'run the job again: it is given a new token';
    case 'container':
      return 'start the container again: it is given a new session';
  }
}

function loginOf(settings: ReadonlyMap<string, string> | null): string {
  return settings?.has('login_session') === true ? 'aws login' : 'aws sso login';
}

function setUp(identity: AwsIdentity): string {
  switch (identity.kind) {
    case 'keys':
      return 'set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew, or unset them';
    case 'profile':
      return `aws configure${profileFlag(identity)}`;
    case 'default':
      return 'aws configure, or aws configure sso';
    case 'web-identity':
    case 'container':
      return whoAmI(identity);
  }
}

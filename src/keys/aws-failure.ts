import { quoteWord } from '../shell-words.ts';
import { inOrder, nameOfRole, placeOf } from './aws-arn.ts';
import { type AwsFault, faultIn } from './aws-fault.ts';
import type { SdkError } from './sdk-error.ts';
import { type AwsFailure, type AwsTry, expiredLogin, notAccepted, whoAmI } from './aws-failure-words.ts';
import { identityFailure } from './aws-failure-identity.ts';
import { networkFailure } from './aws-failure-network.ts';
import { nameOf } from './aws-identity.ts';
import { proxyFailure } from './proxy-failure.ts';

/** Why a call failed, and the command that puts it right. What the SDK said in its own words is never shown. */
export function explainAws({ stage, cause }: SdkError, tried: AwsTry): AwsFailure {
  const fault = faultIn(cause);
  const atStage = stage === 'identity' ? identityFailure : stage === 'role' ? roleFailure : keyFailure;
  return proxyFailure(fault.code) ?? generalFailure(fault, tried) ?? atStage(fault, tried) ?? unknownFailure(fault);
}

/** Whether another identity may be let in where this one was not. */
export function isAboutIdentity({ reason }: AwsFailure): boolean {
  return reason === 'denied' || reason === 'expired-login' || reason === 'no-key' || reason === 'bad-key-file';
}

/** What can happen to every call. */
function generalFailure(fault: AwsFault, tried: AwsTry): AwsFailure | null {
  const { identity } = tried.access;
  if (/^(ExpiredToken|TokenRefreshRequired)/.test(fault.name)) return expiredLogin(identity);
  if (/^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature)/.test(fault.name))
    return notAccepted(identity);
  return networkFailure(fault, tried);
}

function roleFailure({ name, status }: AwsFault, { access }: AwsTry): AwsFailure | null {
  if (!name.startsWith('AccessDenied') && status !== 403) return null;
  return {
    reason: 'denied',
    detail: `${nameOf(access.identity)} may not take on the role ${access.role}`,
    hint: `see who you are, and have the role trust that: ${whoAmI(access.identity)}`,
  };
}

/** A refusal by IAM may come with a body that the SDK cannot read; its status is 403 all the same. */
function keyFailure({ name, status }: AwsFault, tried: AwsTry): AwsFailure | null {
  const { key, access, action } = tried;
  const { region, account } = placeOf(key.arn);
  const which = `--region ${region} --key-id ${quoteWord(key.arn)}`;
  const describe = `aws kms describe-key ${which}`;
  switch (name) {
    case 'NotFoundException':
      return { reason: 'unreachable', detail: `the account ${account} has no such key in ${region}`, hint: describe };
    case 'DisabledException':
      return { reason: 'denied', detail: 'the key is disabled', hint: `aws kms enable-key ${which}` };
    case 'KMSInvalidStateException':
      return { reason: 'denied', detail: 'the key may not be used now; it may be about to be deleted', hint: describe };
    case 'InvalidKeyUsageException':
      return { reason: 'unsupported', detail: 'the key is not a symmetric key for encryption', hint: describe };
    case 'InvalidCiphertextException':
      return { reason: 'malformed', detail: changed(tried), hint: 'see who changed its entry with: git log -p' };
    case 'IncorrectKeyException':
      return {
        reason: 'wrong-key',
        detail: 'the data key was encrypted by another key',
        hint: 'see who changed its entry with: git log -p',
      };
    case 'AccessDeniedException':
      return notAllowed(access, action);
    default:
      return status === 403 ? notAllowed(access, action) : null;
  }
}

function notAllowed({ identity, role }: AwsTry['access'], action: string): AwsFailure {
  const who = role === '' ? nameOf(identity) : `the role ${role}`;
  const hint =
    role === ''
      ? `see who you are, and have that allowed: ${whoAmI(identity)}`
      : `see what the role may do, and have that allowed: aws iam list-attached-role-policies --role-name ${quoteWord(nameOfRole(role))}`;
  return { reason: 'denied', detail: `${who} is not allowed ${action}`, hint };
}

/** AWS says of a wrong context no more than of a wrong byte. The names of the context are no secret, as they stand in the file. */
function changed({ key }: AwsTry): string {
  const names = inOrder(key.context).map(([name]) => name);
  return names.length === 0
    ? 'the encrypted data key does not fit the key'
    : `the encrypted data key does not fit the key and its encryption context (${names.join(', ')})`;
}

function unknownFailure({ name, status }: AwsFault): AwsFailure {
  const detail = `AWS answered with ${name}${status === null ? '' : ` (status ${status})`}`;
  return { reason: 'unreachable', detail, hint: 'look the name up in the API reference of AWS KMS' };
}

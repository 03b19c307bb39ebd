import { quoteWord } from '../shell-words.ts';
import { nameOfRole } from './aws-arn.ts';
import type { AwsFault } from './aws-fault.ts';
import { type AwsFailure, type AwsTry, expiredLogin, noCredentials, whoAmI } from './aws-failure-words.ts';
import { type AwsIdentity, nameOf, profileFlag } from './aws-identity.ts';

/** Why nobody could be found to ask AWS as. The SDK tells most of this by words alone. `null`: by something unknown. */
export function identityFailure(fault: AwsFault, { access }: AwsTry): AwsFailure | null {
  const { identity } = access;
  const { message, status } = fault;
  if (identity.kind === 'web-identity') return tokenFailure(fault, identity);
  if (message.includes('Unauthorized') || hasSetting(identity, 'login_session')) return expiredLogin(identity);
  if (isDenied(fault)) return roleOfProfile(identity);
  if (/multi-factor/i.test(message)) return mfaMissing(identity);
  if (/\bsso\b|token is expired|aws login|reauthenticate/i.test(message)) return expiredLogin(identity);
  if (hasSetting(identity, 'credential_process')) return programFailed(identity);
  return status === null ? noCredentials(identity) : null;
}

type WebIdentity = Extract<AwsIdentity, { readonly kind: 'web-identity' }>;

function tokenFailure({ code, status }: AwsFault, { tokenFile, role }: WebIdentity): AwsFailure | null {
  if (status === null && code.startsWith('E'))
    return {
      reason: 'bad-key-file',
      detail: `AWS_WEB_IDENTITY_TOKEN_FILE names ${tokenFile}, which cannot be read (${code})`,
      hint: 'ls -l "$AWS_WEB_IDENTITY_TOKEN_FILE"',
    };
  if (status === null) return null;
  return {
    reason: 'denied',
    detail: `AWS takes no such token for the role ${role}`,
    hint: `compare the claims of the token with what the role trusts: aws iam get-role --role-name ${quoteWord(nameOfRole(role))}`,
  };
}

function hasSetting(identity: AwsIdentity, name: string): boolean {
  return identity.kind === 'profile' && identity.settings?.has(name) === true;
}

function isDenied({ name, message, status }: AwsFault): boolean {
  return status === 403 || /AccessDenied|Forbidden|No access/.test(`${name} ${message}`);
}

function roleOfProfile(identity: AwsIdentity): AwsFailure {
  const role = identity.kind === 'profile' ? (identity.settings?.get('role_arn') ?? identity.settings?.get('sso_role_name')) : undefined;
  return {
    reason: 'denied',
    detail: `${nameOf(identity)} may not take on its role${role === undefined ? '' : ` ${role}`}`,
    hint: `see who you are, and have the role trust that: ${whoAmI(identity)}`,
  };
}

function mfaMissing(identity: AwsIdentity): AwsFailure {
  return {
    reason: 'denied',
    detail: `${nameOf(identity)} wants an MFA code, and nobody is here to give one`,
    hint: `run it at a terminal, or before it: eval "$(aws configure export-credentials --format env${profileFlag(identity)})"`,
  };
}

/** What the program said stays hidden: it may have said the credentials. */
function programFailed(identity: AwsIdentity): AwsFailure {
  return {
    reason: 'denied',
    detail: `the credential_process of ${nameOf(identity)} failed`,
    hint: `aws configure export-credentials${profileFlag(identity)}`,
  };
}

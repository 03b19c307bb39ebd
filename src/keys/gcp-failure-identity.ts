import { quoteWord } from '../shell-words.ts';
import type { GcpFault } from './gcp-fault.ts';
import { type GcpIdentity, nameOf } from './gcp-identity.ts';
import type { Failure } from './key.ts';

/** Why an identity could not be shown to Google; `null` where it is no matter of the identity. */
export function identityFailure(fault: GcpFault, identity: GcpIdentity): Failure | null {
  if (fault.code === 'EUNIVERSE')
    return {
      reason: 'bad-key-file',
      detail: `${nameOf(identity)} is for another cloud than SOPS_GCP_KMS_UNIVERSE_DOMAIN says`,
      hint: 'see universe_domain in its JSON, and: echo "$SOPS_GCP_KMS_UNIVERSE_DOMAIN"',
    };
  if (fault.http === null && fault.code.startsWith('E')) return fault.code === 'ENOENT' ? noToken(identity) : null;
  if (fault.http !== null && (fault.http >= 500 || fault.http === 429)) return null;
  if (identity.kind === 'machine') return { reason: 'no-key', detail: 'this machine has no service account', hint: login };
  if (identity.kind === 'credentials' && identity.json['type'] === 'external_account') return jobFailure(fault, identity);
  if (/invalid_grant|invalid_rapt|expired|revoked/.test(fault.message)) return loginAgain(identity);
  if (fault.http === null)
    return { reason: 'bad-key-file', detail: `${nameOf(identity)} cannot be used: its JSON is not whole`, hint: remedy(identity) };
  return { reason: 'denied', detail: `Google does not take ${nameOf(identity)}`, hint: remedy(identity) };
}

/** A login that has run out, or a token or a key that was taken back. */
export function loginAgain(identity: GcpIdentity): Failure {
  if (isServiceAccount(identity))
    return { reason: 'denied', detail: `Google does not take the key of ${nameOf(identity)}`, hint: remedy(identity) };
  return { reason: 'expired-login', detail: `${nameOf(identity)} has run out`, hint: remedy(identity) };
}

/** A token that another issuer signed, which Google takes for one of its own. */
function jobFailure({ http, message }: GcpFault, identity: GcpIdentity): Failure {
  if (/expired/i.test(message))
    return { reason: 'expired-login', detail: 'the token of this job has run out', hint: 'run the job again: it is given a new token' };
  if (http === null) return noToken(identity);
  const audience = identity.kind === 'credentials' ? identity.json['audience'] : null;
  const pool = typeof audience === 'string' ? /workloadIdentityPools\/[^/]+\/providers\/[^/]+/.exec(audience)?.[0] : undefined;
  return {
    reason: 'denied',
    detail: `Google takes no such token of a job${pool === undefined ? '' : ` by ${pool}`}`,
    hint: 'compare the claims of the token with its condition: gcloud iam workload-identity-pools providers list --location global --workload-identity-pool POOL',
  };
}

function noToken(identity: GcpIdentity): Failure {
  return {
    reason: 'bad-key-file',
    detail: `the token cannot be read that ${nameOf(identity)} names`,
    hint: 'see credential_source in that file',
  };
}

function isServiceAccount(identity: GcpIdentity): boolean {
  return identity.kind === 'credentials' && identity.json['type'] === 'service_account';
}

const login = 'gcloud auth application-default login';

function remedy(identity: GcpIdentity): string {
  switch (identity.kind) {
    case 'token':
      return 'export GOOGLE_OAUTH_ACCESS_TOKEN="$(gcloud auth print-access-token)"';
    case 'machine':
      return login;
    case 'credentials': {
      const account = identity.json['client_email'];
      return typeof account === 'string' ? `gcloud iam service-accounts keys list --iam-account ${quoteWord(account)}` : login;
    }
  }
}

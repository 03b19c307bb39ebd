import { quoteWord } from '../shell-words.ts';
import { faultIn, type GcpFault } from './gcp-fault.ts';
import type { SdkError } from './sdk-error.ts';
import { identityFailure, loginAgain } from './gcp-failure-identity.ts';
import { type GcpKey, partsOf } from './gcp-id.ts';
import { type GcpIdentity, nameOf } from './gcp-identity.ts';
import type { Failure } from './key.ts';
import { proxyFailure } from './proxy-failure.ts';

/** What was tried. */
export interface GcpTry {
  readonly id: string;
  readonly identity: GcpIdentity;
  readonly action: 'encrypt' | 'decrypt';
}

/** Why a call failed, and the command that puts it right. What the SDK said in its own words is never shown. */
export function explainGcp({ stage, cause }: SdkError, tried: GcpTry): Failure {
  const fault = faultIn(cause);
  const atStage = stage === 'identity' ? identityFailure(fault, tried.identity) : keyFailure(fault, tried);
  return proxyFailure(fault.code) ?? atStage ?? networkFailure(fault) ?? unknownFailure(fault);
}

function keyFailure(fault: GcpFault, tried: GcpTry): Failure | null {
  const key = partsOf(tried.id);
  if (key === null) return null;
  const describe = `gcloud kms keys describe ${flags(key)}`;
  switch (fault.status) {
    case 'PERMISSION_DENIED':
      return denied(fault, key, tried);
    case 'UNAUTHENTICATED':
      return loginAgain(tried.identity);
    case 'NOT_FOUND':
      return { reason: 'unreachable', detail: `the project ${key.project} has no such key in ${key.location}`, hint: describe };
    case 'FAILED_PRECONDITION':
      return {
        reason: 'denied',
        detail: 'the key is disabled or destroyed, or is none for encryption',
        hint: `gcloud kms keys versions list ${flags(key).replace(/^\S+/, (name) => `--key ${name}`)}`,
      };
    case 'INVALID_ARGUMENT':
      return tried.action === 'decrypt'
        ? { reason: 'malformed', detail: 'the encrypted data key does not fit the key', hint: 'see who changed its entry with: git log -p' }
        : { reason: 'unsupported', detail: 'the key is not a symmetric key for encryption', hint: describe };
    default:
      return null;
  }
}

/** Google says the same where there is no such key, so as not to tell that. */
function denied({ message }: GcpFault, key: GcpKey, { identity, action }: GcpTry): Failure {
  if (/SERVICE_DISABLED|has not been used in project/.test(message))
    return {
      reason: 'denied',
      detail: `the project ${key.project} does not use Cloud KMS`,
      hint: `gcloud services enable cloudkms.googleapis.com --project ${quoteWord(key.project)}`,
    };
  const role = action === 'encrypt' ? 'roles/cloudkms.cryptoKeyEncrypter' : 'roles/cloudkms.cryptoKeyDecrypter';
  return {
    reason: 'denied',
    detail: `${nameOf(identity)} is not allowed to ${action} with the key, or there is no such key`,
    hint: `gcloud kms keys add-iam-policy-binding ${flags(key)} --role ${role} --member MEMBER`,
  };
}

/** How gcloud is told which key. */
function flags({ project, location, ring, name }: GcpKey): string {
  const [keyName, keyRing, place, owner] = [name, ring, location, project].map(quoteWord);
  return `${keyName} --keyring ${keyRing} --location ${place} --project ${owner}`;
}

function networkFailure({ status, http, code }: GcpFault): Failure | null {
  const unreachable = (detail: string, hint = again): Failure => ({ reason: 'unreachable', detail, hint });
  if (status === 'RESOURCE_EXHAUSTED' || http === 429) return { ...unreachable('Google takes no more calls for now'), isBusy: true };
  if (code === 'EDAMAGED') return unreachable('what Google got or gave was changed on the way');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return unreachable('no address is known for Google: the network is down', checkEndpoint);
  if (code === 'ECONNREFUSED') return unreachable('nothing answers at the address of Google', checkEndpoint);
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/.test(code))
    return unreachable(
      `the certificate of the server is not trusted (${code})`,
      'export NODE_EXTRA_CA_CERTS=FILE, with the certificate of your network',
    );
  if (code === 'ETIMEDOUT' || status === 'DEADLINE_EXCEEDED') return unreachable('Google did not answer in time');
  if (code.startsWith('E')) return unreachable(`the connection to Google broke (${code})`);
  if (status === 'UNAVAILABLE' || status === 'INTERNAL' || (http !== null && http >= 500))
    return unreachable(`Google has a failure of its own (${status || `status ${http}`})`);
  return null;
}

const again = 'check the network, and run the same command again';
const checkEndpoint = 'check SOPS_GCP_KMS_ENDPOINT, if it is set: echo "$SOPS_GCP_KMS_ENDPOINT"';

function unknownFailure({ status, http }: GcpFault): Failure {
  const said = status || (http === null ? '' : `the status ${http}`);
  const detail = said === '' ? 'what answers at the address of Google is not Google' : `Google answered with ${said}`;
  return { reason: 'unreachable', detail, hint: checkEndpoint };
}

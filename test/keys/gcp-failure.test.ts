import { describe, expect, test } from 'vitest';
import { Damaged } from '../../src/keys/gcp-fault.ts';
import { SdkError, type SdkStage } from '../../src/keys/sdk-error.ts';
import { explainGcp } from '../../src/keys/gcp-failure.ts';
import type { GcpIdentity } from '../../src/keys/gcp-identity.ts';

const id = 'projects/team/locations/global/keyRings/apps/cryptoKeys/web';
const token: GcpIdentity = { kind: 'token', token: 'secret' };
const account: GcpIdentity = { kind: 'credentials', place: '/a.json', json: { type: 'service_account', client_email: 'ci@team.test' } };
const person: GcpIdentity = { kind: 'credentials', place: '/adc.json', json: { type: 'authorized_user' } };
const job: GcpIdentity = {
  kind: 'credentials',
  place: '/job.json',
  json: { type: 'external_account', audience: '//x/workloadIdentityPools/ci/providers/gh' },
};
const machine: GcpIdentity = { kind: 'machine' };

const key = 'web --keyring apps --location global --project team';
const again = 'check the network, and run the same command again';
const endpoint = 'check SOPS_GCP_KMS_ENDPOINT, if it is set: echo "$SOPS_GCP_KMS_ENDPOINT"';
const login = 'gcloud auth application-default login';
const newToken = 'export GOOGLE_OAUTH_ACCESS_TOKEN="$(gcloud auth print-access-token)"';
const keysOfAccount = 'gcloud iam service-accounts keys list --iam-account ci@team.test';

/** An error over REST: the SDK has the body for its message, and the status for its code. */
function rest(http: number, status: string, message = 'said by Google'): Error {
  return Object.assign(new Error(JSON.stringify({ error: { code: http, message, status } })), { code: http });
}

/** An error over gRPC. */
function grpc(code: number): Error {
  return Object.assign(new Error(`${code} SOMETHING: said by Google`), { code });
}

function system(code: string): Error {
  return Object.assign(new Error('said by the system'), { code });
}

function told(stage: SdkStage, cause: unknown, identity: GcpIdentity, action: 'encrypt' | 'decrypt' = 'decrypt'): string {
  const { reason, detail, hint } = explainGcp(new SdkError(stage, cause), { id, identity, action });
  return `${reason}: ${detail}; ${hint}`;
}

describe('at the key', () => {
  const may = `denied: the token of GOOGLE_OAUTH_ACCESS_TOKEN is not allowed to decrypt with the key, or there is no such key; gcloud kms keys add-iam-policy-binding ${key} --role roles/cloudkms.cryptoKeyDecrypter --member MEMBER`;
  const gone = `unreachable: the project team has no such key in global; gcloud kms keys describe ${key}`;
  const changed = 'malformed: the encrypted data key does not fit the key; see who changed its entry with: git log -p';
  const off = `denied: the key is disabled or destroyed, or is none for encryption; gcloud kms keys versions list --key ${key}`;
  const cases: readonly (readonly [cause: unknown, identity: GcpIdentity, words: string])[] = [
    [rest(403, 'PERMISSION_DENIED'), token, may],
    [grpc(7), token, may],
    [
      rest(403, 'PERMISSION_DENIED', 'Cloud Key Management Service (KMS) API has not been used in project 1 before or it is disabled.'),
      token,
      'denied: the project team does not use Cloud KMS; gcloud services enable cloudkms.googleapis.com --project team',
    ],
    [rest(404, 'NOT_FOUND'), token, gone],
    [grpc(5), token, gone],
    [rest(400, 'INVALID_ARGUMENT'), token, changed],
    [grpc(3), token, changed],
    [rest(400, 'FAILED_PRECONDITION'), token, off],
    [grpc(9), token, off],
    [rest(401, 'UNAUTHENTICATED'), token, `expired-login: the token of GOOGLE_OAUTH_ACCESS_TOKEN has run out; ${newToken}`],
    [grpc(16), person, `expired-login: the login in /adc.json has run out; ${login}`],
    [rest(401, 'UNAUTHENTICATED'), account, `denied: Google does not take the key of the service account ci@team.test; ${keysOfAccount}`],
    [rest(429, 'RESOURCE_EXHAUSTED'), token, `unreachable: Google takes no more calls for now; ${again}`],
    [grpc(8), token, `unreachable: Google takes no more calls for now; ${again}`],
    [rest(503, 'UNAVAILABLE'), token, `unreachable: Google has a failure of its own (UNAVAILABLE); ${again}`],
    [grpc(13), token, `unreachable: Google has a failure of its own (INTERNAL); ${again}`],
    [Object.assign(new Error('<html>'), { code: 502 }), token, `unreachable: Google has a failure of its own (status 502); ${again}`],
    [Object.assign(new Error('<html>'), { code: 404 }), token, `unreachable: Google answered with the status 404; ${endpoint}`],
    [grpc(4), token, `unreachable: Google did not answer in time; ${again}`],
    [new Error('x', { cause: new DOMException('over', 'AbortError') }), token, `unreachable: Google did not answer in time; ${again}`],
    [system('ECONNREFUSED'), token, `unreachable: nothing answers at the address of Google; ${endpoint}`],
    [system('ENOTFOUND'), token, `unreachable: no address is known for Google: the network is down; ${endpoint}`],
    [system('ECONNRESET'), token, `unreachable: the connection to Google broke (ECONNRESET); ${again}`],
    [
      system('SELF_SIGNED_CERT_IN_CHAIN'),
      token,
      'unreachable: the certificate of the server is not trusted (SELF_SIGNED_CERT_IN_CHAIN); export NODE_EXTRA_CA_CERTS=FILE, with the certificate of your network',
    ],
    [new Damaged(), token, `unreachable: what Google got or gave was changed on the way; ${again}`],
    [new RangeError('an answer without the bytes'), token, `unreachable: what answers at the address of Google is not Google; ${endpoint}`],
    ['no error at all', token, `unreachable: what answers at the address of Google is not Google; ${endpoint}`],
  ];
  test.each(cases)('%s', (cause, identity, words) => {
    expect(told('key', cause, identity)).toBe(words);
  });

  test('a key that cannot encrypt', () => {
    expect(told('key', rest(400, 'INVALID_ARGUMENT'), token, 'encrypt')).toBe(
      `unsupported: the key is not a symmetric key for encryption; gcloud kms keys describe ${key}`,
    );
    expect(told('key', grpc(7), token, 'encrypt')).toContain('--role roles/cloudkms.cryptoKeyEncrypter');
  });
});

describe('at the identity', () => {
  const refused = (http: number, text: string): Error => Object.assign(new Error(text), { code: http });
  const providers = 'gcloud iam workload-identity-pools providers list --location global --workload-identity-pool POOL';
  const cases: readonly (readonly [cause: unknown, identity: GcpIdentity, words: string])[] = [
    [
      refused(400, '{"error":"invalid_grant","error_subtype":"invalid_rapt"}'),
      person,
      `expired-login: the login in /adc.json has run out; ${login}`,
    ],
    [
      refused(400, '{"error":"invalid_grant"}'),
      account,
      `denied: Google does not take the key of the service account ci@team.test; ${keysOfAccount}`,
    ],
    [refused(401, '{"error":"deleted_client"}'), person, `denied: Google does not take the login in /adc.json; ${login}`],
    [
      new Error('No key or keyFile set.'),
      account,
      `bad-key-file: the service account ci@team.test cannot be used: its JSON is not whole; ${keysOfAccount}`,
    ],
    [
      refused(400, '{"error":"invalid_grant"}'),
      job,
      `denied: Google takes no such token of a job by workloadIdentityPools/ci/providers/gh; compare the claims of the token with its condition: ${providers}`,
    ],
    [
      refused(400, 'ID Token is expired'),
      job,
      'expired-login: the token of this job has run out; run the job again: it is given a new token',
    ],
    [
      new Error('Unable to parse the subject_token'),
      job,
      'bad-key-file: the token cannot be read that the login in /job.json names; see credential_source in that file',
    ],
    [system('ENOENT'), job, 'bad-key-file: the token cannot be read that the login in /job.json names; see credential_source in that file'],
    [system('ECONNREFUSED'), person, `unreachable: nothing answers at the address of Google; ${endpoint}`],
    [refused(503, ''), person, `unreachable: Google has a failure of its own (status 503); ${again}`],
    [refused(404, ''), machine, `no-key: this machine has no service account; ${login}`],
  ];
  test.each(cases)('%s', (cause, identity, words) => {
    expect(told('identity', cause, identity)).toBe(words);
  });
});

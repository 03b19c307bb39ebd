import { type AwsKey, faultOf, placeOf } from './aws-arn.ts';
import type { AwsAccess, Kms } from './aws-connect.ts';
import { SdkError } from './sdk-error.ts';
import { explainAws, isAboutIdentity } from './aws-failure.ts';
import { type AwsFailure, type AwsTry, noSuchProfile } from './aws-failure-words.ts';
import { hasRole, identitiesFor, nameOf, roleFor } from './aws-identity.ts';
import { type KeyWorld, remembered } from './key.ts';

/** How a client is made. One is made for each region, identity and role of a command. */
export type AwsConnect = (access: AwsAccess, world: KeyWorld) => Promise<Kms>;

export interface AskSetting {
  readonly world: KeyWorld;
  readonly connect: AwsConnect;
}

/** What became of a call. */
export type Asked<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly failure: AwsFailure };

/** Makes a call as each identity in turn, until one is let in. Where none is, the failure of the first tells most. */
export async function askAws<T>(
  key: AwsKey,
  action: AwsTry['action'],
  call: (kms: Kms) => Promise<T>,
  setting: AskSetting,
): Promise<Asked<T>> {
  const role = roleFor(key.role, setting.world);
  const fault = faultOf({ arn: key.arn, role });
  if (fault !== null) return { done: false, failure: unusable(fault, role === key.role) };
  const failures: AwsFailure[] = [];
  for (const identity of await identitiesFor(key.profile, setting.world)) {
    const access = { region: placeOf(key.arn).region, identity, role: hasRole(identity, role) ? '' : role };
    const result = await askOnce({ key, access, action }, call, setting);
    if (result.done) return result;
    failures.push(result.failure);
    if (!isAboutIdentity(result.failure)) break;
  }
  const [first] = failures;
  if (first === undefined) throw new RangeError('there is always somebody to ask as');
  return { done: false, failure: first };
}

function unusable(fault: string, isOfFile: boolean): AwsFailure {
  if (isOfFile) return { reason: 'malformed', detail: fault, hint: null };
  return { reason: 'bad-key-file', detail: 'SEC_AWS_ROLE is no ARN of a role, and not none', hint: 'unset SEC_AWS_ROLE' };
}

async function askOnce<T>(tried: AwsTry, call: (kms: Kms) => Promise<T>, setting: AskSetting): Promise<Asked<T>> {
  const { identity } = tried.access;
  if (identity.kind === 'profile' && identity.settings === null) return { done: false, failure: noSuchProfile(identity) };
  try {
    return { done: true, value: await call(await clientFor(tried.access, setting)) };
  } catch (error) {
    if (error instanceof SdkError) return { done: false, failure: explainAws(error, tried) };
    throw error;
  }
}

function clientFor(access: AwsAccess, { world, connect }: AskSetting): Promise<Kms> {
  const name = `aws: client ${JSON.stringify([access.region, nameOf(access.identity), access.role])}`;
  return remembered(world, name, () => connect(access, world));
}

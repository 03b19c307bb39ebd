import type { KMSClient } from '@aws-sdk/client-kms';
import type { Agents } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { SdkError } from './sdk-error.ts';
import { inTime } from './calls.ts';
import type { AwsIdentity } from './aws-identity.ts';
import { loadAws } from './aws-package.ts';
import { type AwsSessions, type ClientSettings, sessionsOf } from './aws-session.ts';
import type { KeyWorld } from './key.ts';

/** The two calls that sec makes of AWS, so that a test can answer them. Both throw `SdkError`, or `SecError` where a person ended a question. */
export interface Kms {
  encrypt(arn: string, plaintext: Uint8Array, context: EncryptionContext): Promise<Uint8Array>;
  /** @param end says that the answer is not needed any more */
  decrypt(arn: string, ciphertext: Uint8Array, context: EncryptionContext, end?: AbortSignal): Promise<Uint8Array>;
}

export type EncryptionContext = ReadonlyMap<string, string>;

/** Where AWS is asked, as whom, and in which role (empty: as oneself). */
export interface AwsAccess {
  readonly region: string;
  readonly identity: AwsIdentity;
  readonly role: string;
}

/** How long to wait, in milliseconds. */
export interface AwsLimits {
  readonly connection: number;
  /** To one request. */
  readonly answer: number;
  /** For all requests of a call. */
  readonly call: number;
  /** How many requests a call may take, where a server fails or is overburdened. The SDK waits longer before each. */
  readonly attempts: number;
}

const usualLimits: AwsLimits = { connection: 5_000, answer: 10_000, call: 20_000, attempts: 3 };

/** A client of the SDK, which is loaded here. @throws SecError `package-missing` */
export async function connectToAws(access: AwsAccess, world: KeyWorld, limits: AwsLimits = usualLimits): Promise<Kms> {
  const { region, identity, role } = access;
  const aws = await loadAws();
  const settings = settingsFor(limits, await world.network.agents());
  const stsEndpoint = endpointFor('STS', identity, world);
  const sessions = sessionsOf(identity, role, { aws, world, region, settings, stsEndpoint });
  const endpoint = endpointFor('KMS', identity, world);
  const client = new aws.kms.KMSClient({
    ...settings,
    region,
    credentials: sessions,
    ...(endpoint === null ? {} : { endpoint }),
    ...(identity.kind === 'profile' ? { profile: identity.name } : {}),
  });
  return callsOf(client, aws.kms, sessions, limits);
}

function callsOf(
  client: KMSClient,
  { EncryptCommand, DecryptCommand }: Awaited<ReturnType<typeof loadAws>>['kms'],
  sessions: AwsSessions,
  limits: AwsLimits,
): Kms {
  const options = (end?: AbortSignal) => ({ abortSignal: inTime(limits.call, end ?? null) });
  return {
    encrypt: async (arn, plaintext, context) => {
      await sessions();
      const command = new EncryptCommand({ KeyId: arn, Plaintext: plaintext, EncryptionContext: Object.fromEntries(context) });
      return bytesOf(async () => (await client.send(command, options())).CiphertextBlob);
    },
    decrypt: async (arn, ciphertext, context, end) => {
      await sessions();
      const command = new DecryptCommand({ KeyId: arn, CiphertextBlob: ciphertext, EncryptionContext: Object.fromEntries(context) });
      return bytesOf(async () => (await client.send(command, options(end))).Plaintext);
    },
  };
}

async function bytesOf(call: () => Promise<Uint8Array | undefined>): Promise<Uint8Array> {
  try {
    const bytes = await call();
    if (bytes === undefined) throw new RangeError('an answer without the bytes');
    return bytes;
  } catch (error) {
    throw error instanceof SdkError || error instanceof SecError ? error : new SdkError('key', error);
  }
}

/** The SDK writes to standard error unless somebody else takes it, and knows of no proxies. */
function settingsFor({ connection, answer, attempts }: AwsLimits, { http, https }: Agents): ClientSettings {
  const silent = (): void => undefined;
  return {
    logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: connection,
      requestTimeout: answer,
      throwOnRequestTimeout: true,
      httpAgent: http,
      httpsAgent: https,
    },
  };
}

/** Another address comes from the user's own variables or profile, never from a file with secrets. `null`: AWS's own. */
function endpointFor(service: 'KMS' | 'STS', identity: AwsIdentity, { env }: KeyWorld): string | null {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return null;
  const given = env[`AWS_ENDPOINT_URL_${service}`] || env['AWS_ENDPOINT_URL'];
  if (given !== undefined && given !== '') return given;
  return identity.kind === 'profile' ? (identity.settings?.get('endpoint_url') ?? null) : null;
}

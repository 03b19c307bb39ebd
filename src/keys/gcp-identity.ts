import { posix, win32 } from 'node:path';
import { type Failure, type KeyWorld, remembered } from './key.ts';

/** As whom Google is asked. */
export type GcpIdentity =
  /** The text of `GOOGLE_OAUTH_ACCESS_TOKEN`. */
  | { readonly kind: 'token'; readonly token: string }
  /** Credentials in JSON, of a service account, a person or a job; `place` is where they stand, in words behind "in". */
  | { readonly kind: 'credentials'; readonly place: string; readonly json: Readonly<Record<string, unknown>> }
  /** The service account of this machine, which its metadata server knows. */
  | { readonly kind: 'machine' };

/** An identity, or why there is none. */
export type FoundIdentity = { readonly identity: GcpIdentity } | { readonly failure: Failure };

/**
 * The identity of this machine, in the order of sops: `GOOGLE_CREDENTIALS`, which is a file or its text; `GOOGLE_OAUTH_ACCESS_TOKEN`;
 * the file of `GOOGLE_APPLICATION_CREDENTIALS`; the file that a login leaves; the metadata server.
 */
export async function findIdentity(world: KeyWorld): Promise<FoundIdentity> {
  const { env } = world;
  const given = env['GOOGLE_CREDENTIALS'] ?? '';
  if (given !== '') return fromText(given, world);
  const token = env['GOOGLE_OAUTH_ACCESS_TOKEN'] ?? '';
  if (token !== '') return { identity: { kind: 'token', token } };
  const file = env['GOOGLE_APPLICATION_CREDENTIALS'] ?? '';
  if (file !== '') return fromFile(file, 'GOOGLE_APPLICATION_CREDENTIALS', world);
  const login = loginFile(world);
  if ((await world.files.stat(login)) !== null) return fromFile(login, null, world);
  return (await hasMetadata(world)) ? { identity: { kind: 'machine' } } : { failure: noCredentials(login) };
}

/** The same, found once in a command: for all of its calls, so that no single one may end the search. */
export function identityOf(world: KeyWorld): Promise<FoundIdentity> {
  return remembered(world, 'gcp: identity', () => findIdentity({ ...world, signal: new AbortController().signal }));
}

/** The identity in words, to stand in a sentence. */
export function nameOf(identity: GcpIdentity): string {
  switch (identity.kind) {
    case 'token':
      return 'the token of GOOGLE_OAUTH_ACCESS_TOKEN';
    case 'machine':
      return 'the service account of this machine';
    case 'credentials': {
      const account = identity.json['client_email'];
      return typeof account === 'string' ? `the service account ${account}` : `the login in ${identity.place}`;
    }
  }
}

/** Where `gcloud auth application-default login` leaves what it got. */
function loginFile({ env, home, platform }: KeyWorld): string {
  const { join } = platform === 'win32' ? win32 : posix;
  const usual = platform === 'win32' ? join(env['APPDATA'] ?? home, 'gcloud') : join(home, '.config', 'gcloud');
  return join(env['CLOUDSDK_CONFIG'] || usual, 'application_default_credentials.json');
}

async function fromText(text: string, world: KeyWorld): Promise<FoundIdentity> {
  if (text.trimStart().startsWith('{')) return fromJson(text, 'GOOGLE_CREDENTIALS', 'unset GOOGLE_CREDENTIALS');
  return fromFile(text, 'GOOGLE_CREDENTIALS', world);
}

/** @param variable that named the file; `null` for the usual place */
async function fromFile(file: string, variable: string | null, world: KeyWorld): Promise<FoundIdentity> {
  const look = variable === null ? login : `ls -l "$${variable}"`;
  try {
    return fromJson(Buffer.from(await world.files.read(file)).toString(), file, look);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const named = variable === null ? file : `${variable} names ${file}, which`;
    return { failure: { reason: 'bad-key-file', detail: `${named} cannot be read (${String(error.code)})`, hint: look } };
  }
}

function fromJson(text: string, place: string, look: string): FoundIdentity {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && 'type' in json) return { identity: { kind: 'credentials', place, json: { ...json } } };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { failure: { reason: 'bad-key-file', detail: `there are no credentials of Google in ${place}`, hint: look } };
}

/** Whether this is a machine of Google's. The SDK would find that out in its own time, and with a warning. */
async function hasMetadata({ env, network, signal }: KeyWorld): Promise<boolean> {
  const host = env['GCE_METADATA_HOST'] || env['GCE_METADATA_IP'] || '169.254.169.254';
  const tls = { ca: null, certificate: null, key: null, serverName: null };
  const limits = { connectMs: 1_000, answerMs: 2_000 };
  const headers = { 'metadata-flavor': 'Google' };
  try {
    const request = { method: 'GET', url: `http://${host}/`, headers, body: '', tls, limits, signal: signal ?? null };
    return (await network.request(request)).headers['metadata-flavor'] === 'Google';
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

const login = 'gcloud auth application-default login';

function noCredentials(file: string): Failure {
  return { reason: 'no-key', detail: `this machine has no credentials of Google, neither in a variable nor in ${file}`, hint: login };
}

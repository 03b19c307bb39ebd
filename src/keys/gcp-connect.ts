import { AsyncLocalStorage } from 'node:async_hooks';
import type { v1 } from '@google-cloud/kms';
import { inTime } from './calls.ts';
import { crc32c } from './crc32c.ts';
import { Damaged, OtherCloud } from './gcp-fault.ts';
import { SdkError } from './sdk-error.ts';
import type { GcpIdentity } from './gcp-identity.ts';
import { type GcpPackages, loadGcp } from './gcp-package.ts';
import type { GcpTransport } from './gcp-transport.ts';
import type { KeyWorld } from './key.ts';

/** The two calls that sec makes of Google, so that a test can answer them. Both throw `SdkError`. */
export interface GcpKms {
  encrypt(id: string, plaintext: Uint8Array): Promise<Uint8Array>;
  /** @param end says that the answer is not needed any more */
  decrypt(id: string, ciphertext: Uint8Array, end?: AbortSignal): Promise<Uint8Array>;
}

/** How a client is made. One is made for a command. */
export type GcpConnect = (identity: GcpIdentity, transport: GcpTransport, world: KeyWorld) => Promise<GcpKms>;

/** How long a request may take, in milliseconds. */
const answerMs = 10_000;

/** A client of the SDK, which is loaded here. @throws SecError `package-missing`, SdkError */
export async function connectToGcp(
  identity: GcpIdentity,
  transport: GcpTransport,
  { network }: KeyWorld,
  timeout: number = answerMs,
): Promise<GcpKms> {
  const gcp = await loadGcp();
  const universe = transport.universe ?? 'googleapis.com';
  const authClient = await authClientOf(identity, universe, gcp);
  if (authClient.universeDomain !== universe) throw new SdkError('identity', new OtherCloud());
  const { http, https } = await network.agents();
  const agent = ({ protocol }: URL) => (protocol === 'https:' ? https : http);
  authClient.transporter.interceptors.request.add({
    resolved: async (request) => {
      const enough = underWay.getStore();
      // The SDK has a time for this, and forgets it when memory is tidied up. A request that is over before it begins is thrown where nobody can catch it.
      enough?.throwIfAborted();
      return { ...request, agent, signal: inTime(timeout, enough ?? null) };
    },
  });
  const client = new gcp.kms.KeyManagementServiceClient({ ...optionsFor(transport), authClient });
  return callsOf(client, () => identify(authClient), timeout);
}

/** What ends the call that a request is sent for: over REST, the SDK has no way to tell it. */
const underWay = new AsyncLocalStorage<AbortSignal | undefined>();

/** Who asks, as the SDK has it. */
type AuthClient = Awaited<ReturnType<InstanceType<GcpPackages['auth']['GoogleAuth']>['getClient']>>;

async function authClientOf(identity: GcpIdentity, universeDomain: string, { auth }: GcpPackages): Promise<AuthClient> {
  switch (identity.kind) {
    case 'token': {
      const client = new auth.OAuth2Client({ universeDomain });
      client.setCredentials({ access_token: identity.token });
      return client;
    }
    case 'machine':
      return new auth.Compute({ universeDomain });
    case 'credentials':
      return fromJson(identity.json, auth);
  }
}

/** A service account needs no scope: without one it signs its own tokens, and nobody has to be asked for them. */
async function fromJson(json: Readonly<Record<string, unknown>>, { GoogleAuth }: GcpPackages['auth']): Promise<AuthClient> {
  try {
    const scopes = json['type'] === 'service_account' ? {} : { scopes: scope };
    const credentials = { ...json };
    return await new GoogleAuth({ credentials, ...scopes }).getClient(); // oxlint-disable-line typescript/no-deprecated -- they are the user's own, and from no file with secrets
  } catch (error) {
    throw new SdkError('identity', error);
  }
}

const scope = 'https://www.googleapis.com/auth/cloudkms';

function optionsFor({ isGrpc, endpoint, universe }: GcpTransport) {
  return {
    ...(isGrpc ? {} : { fallback: true }),
    ...(endpoint === null ? {} : { apiEndpoint: endpoint.host, port: endpoint.port, protocol: endpoint.isPlain ? 'http' : 'https' }),
    ...(universe === null ? {} : { universeDomain: universe }),
  };
}

/** Who we are is found out before the call, so that it is known which of the two failed. */
async function identify(client: AuthClient): Promise<void> {
  try {
    await client.getRequestHeaders('https://cloudkms.googleapis.com/');
  } catch (error) {
    throw new SdkError('identity', error);
  }
}

function callsOf(client: v1.KeyManagementServiceClient, identified: () => Promise<void>, timeout: number): GcpKms {
  return {
    encrypt: async (name, plaintext) => {
      await identified();
      return bytesOf(async () => {
        const request = { name, plaintext, plaintextCrc32c: { value: crc32c(plaintext) } };
        const [{ ciphertext, ciphertextCrc32c, verifiedPlaintextCrc32c }] = await client.encrypt(request, { timeout });
        return { bytes: ciphertext, crc: ciphertextCrc32c, arrived: verifiedPlaintextCrc32c };
      });
    },
    decrypt: async (name, ciphertext, end) => {
      await identified();
      return bytesOf(async () => {
        const request = { name, ciphertext, ciphertextCrc32c: { value: crc32c(ciphertext) } };
        const call = () => client.decrypt(request, { timeout, ...endingOverGrpc(end) });
        const [{ plaintext, plaintextCrc32c }] = await underWay.run(end, call);
        return { bytes: plaintext, crc: plaintextCrc32c, arrived: null };
      });
    },
  };
}

/** What `@grpc/grpc-js` is told of a call, by the way that the SDK leaves open. Over REST it is not looked at. */
function endingOverGrpc(end: AbortSignal | undefined) {
  const interceptor = <C extends GrpcCall, O>(options: O, next: (options: O) => C): C => {
    const call = next(options);
    const cancel = (): void => call.cancelWithStatus(cancelled, 'it is not waited for');
    if (end?.aborted === true) cancel();
    end?.addEventListener('abort', cancel, { once: true });
    return call;
  };
  return { otherArgs: { options: { interceptors: [interceptor] } } };
}

interface GrpcCall {
  cancelWithStatus(status: number, details: string): void;
}

/** The status of gRPC. */
const cancelled = 1;

interface Given {
  readonly bytes: Uint8Array | string | null | undefined;
  readonly crc: { readonly value?: unknown } | null | undefined;
  /** Whether Google says that it got what we sent; `null` where it says nothing of it. */
  readonly arrived: boolean | null | undefined;
}

/** A checksum that is not there is none to compare with: emulators leave it out. */
async function bytesOf(call: () => Promise<Given>): Promise<Uint8Array> {
  try {
    const { bytes, crc, arrived } = await call();
    const given = typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes;
    if (given === null || given === undefined || given.length === 0) throw new RangeError('an answer without the bytes');
    if (isChecked(crc) && (arrived === false || Number(crc.value) !== crc32c(given))) throw new Damaged();
    return Uint8Array.from(given);
  } catch (error) {
    throw new SdkError('key', error);
  }
}

function isChecked(crc: Given['crc']): crc is { readonly value?: unknown } {
  return crc !== null && crc !== undefined && crc.value !== null && crc.value !== undefined;
}

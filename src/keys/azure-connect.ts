import type { TokenCredential } from '@azure/identity';
import type { CryptographyClient, KeyClient, KeyClientOptions } from '@azure/keyvault-keys';
import type { Agents } from '../context.ts';
import { SdkError } from './sdk-error.ts';
import type { AzureIdentity } from './azure-identity.ts';
import { type AzurePackages, loadAzure } from './azure-package.ts';
import { type AzureKey, isForVaults, isOfAzure } from './azure-url.ts';
import { inTime } from './calls.ts';
import type { KeyWorld } from './key.ts';
import { variable } from './variable.ts';

/** The calls that sec makes of a vault, so that a test can answer them. All throw `SdkError`. */
export interface AzureVault {
  /** The newest version of a key. */
  newest(name: string, signal: AbortSignal | null): Promise<string>;
  encrypt(key: AzureKey, plaintext: Uint8Array, signal: AbortSignal | null): Promise<Uint8Array>;
  decrypt(key: AzureKey, ciphertext: Uint8Array, signal: AbortSignal | null): Promise<Uint8Array>;
}

/** How a client is made. One is made for each vault of a command. */
export type AzureConnect = (vault: string, identity: AzureIdentity, world: KeyWorld) => Promise<AzureVault>;

/** How long a call may take with its repetitions, in milliseconds. */
const callMs = 20_000;

/** A client of the SDK, which is loaded here. @throws SecError `package-missing` */
export async function connectToAzure(vault: string, identity: AzureIdentity, world: KeyWorld, limit: number = callMs): Promise<AzureVault> {
  const azure = await loadAzure();
  const connecting = connectBy(await world.network.agents());
  const options = {
    ...connecting,
    // A vault that is none of Microsoft's says itself for whom it wants a token: `tagged` looks at that.
    disableChallengeResourceVerification: !isOfAzure(vault),
    retryOptions: { maxRetries: 2, retryDelayInMs: 250, maxRetryDelayInMs: 5_000 },
  };
  const client = new azure.keys.KeyClient(
    vault,
    tagged(credentialOf(identity, azure, { ...loginOptions(world), ...connecting }), vault),
    options,
  );
  return callsOf(client, limit);
}

/** The SDK has ways of its own to find a proxy, which are not those of other programs. */
function connectBy({ http, https }: Agents): Connecting {
  const policy: Policies[number]['policy'] = {
    name: 'connections',
    sendRequest: (request, next) => {
      request.agent = request.url.startsWith('https:') ? https : http;
      return next(request);
    },
  };
  return { additionalPolicies: [{ policy, position: 'perRetry' }] };
}

type Policies = NonNullable<KeyClientOptions['additionalPolicies']>;
interface Connecting {
  readonly additionalPolicies: Policies;
}

type Options = ReturnType<typeof loginOptions> & Connecting;

function credentialOf(identity: AzureIdentity, { identity: sdk }: AzurePackages, options: Options): TokenCredential {
  switch (identity.kind) {
    case 'secret':
      return new sdk.ClientSecretCredential(identity.tenant, identity.client, identity.secret, options);
    case 'certificate':
      return new sdk.ClientCertificateCredential(identity.tenant, identity.client, identity.file, options);
    case 'job':
      return new sdk.WorkloadIdentityCredential({
        tenantId: identity.tenant,
        clientId: identity.client,
        tokenFilePath: identity.file,
        ...options,
      });
    case 'managed':
      return new sdk.ManagedIdentityCredential({ ...options, ...(identity.client === null ? {} : { clientId: identity.client }) });
    case 'cli':
      return new sdk.AzureCliCredential();
  }
}

/** The hosts that Microsoft knows the clouds of. To any other it need not be asked whether that is one: offline it could not be. */
const knownAuthorities = [
  'login.microsoftonline.com',
  'login.chinacloudapi.cn',
  'login.partner.microsoftonline.cn',
  'login.microsoftonline.us',
];

function loginOptions({ env }: KeyWorld) {
  const authority = env['AZURE_AUTHORITY_HOST'] ?? '';
  const isAsked = variable(env, 'AZURE_DISABLE_INSTANCE_DISCOVERY')?.value === 'true';
  const isKnown = authority === '' || knownAuthorities.some((host) => authority.replace(/^https:\/\/|\/+$/g, '') === host);
  return { disableInstanceDiscovery: isAsked || !isKnown, ...(authority === '' ? {} : { authorityHost: authority }) };
}

/** So that it is known whether the login or the vault said no, and no vault gets a token that is good for more than vaults. */
function tagged(credential: TokenCredential, vault: string): TokenCredential {
  return {
    getToken: async (scopes, options) => {
      if (![scopes].flat().every((scope) => isForVaults(scope, vault)))
        throw new SdkError('key', new Error('the service of the token does not match the vault'));
      try {
        return await credential.getToken(scopes, options);
      } catch (error) {
        throw new SdkError('identity', error);
      }
    },
  };
}

function callsOf(client: KeyClient, limit: number): AzureVault {
  const crypto = ({ name, version }: AzureKey): CryptographyClient => client.getCryptographyClient(name, { keyVersion: version });
  const algorithm = 'RSA-OAEP-256';
  return {
    newest: (name, signal) =>
      called(async () => (await client.getKey(name, { abortSignal: inTime(limit, signal) })).properties.version ?? ''),
    encrypt: (key, plaintext, signal) =>
      called(async () => (await crypto(key).encrypt({ algorithm, plaintext }, { abortSignal: inTime(limit, signal) })).result),
    decrypt: (key, ciphertext, signal) =>
      called(async () => (await crypto(key).decrypt({ algorithm, ciphertext }, { abortSignal: inTime(limit, signal) })).result),
  };
}

async function called<T extends string | Uint8Array>(call: () => Promise<T>): Promise<T> {
  try {
    const given = await call();
    if (given.length === 0) throw new RangeError('an answer without what was asked for');
    return given;
  } catch (error) {
    throw error instanceof SdkError ? error : new SdkError('key', error);
  }
}

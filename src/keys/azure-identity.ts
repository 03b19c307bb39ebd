import { posix, win32 } from 'node:path';
import { type Failure, type KeyWorld, remembered } from './key.ts';

/** As whom Azure is asked. */
export type AzureIdentity =
  /** An application, by its secret or by a file with its certificate. */
  | { readonly kind: 'secret'; readonly tenant: string; readonly client: string; readonly secret: string }
  | { readonly kind: 'certificate'; readonly tenant: string; readonly client: string; readonly file: string }
  /** An application, by a token that another issuer gave this job. */
  | { readonly kind: 'job'; readonly tenant: string; readonly client: string; readonly file: string }
  /** The identity of this machine. `client` says which of several. */
  | { readonly kind: 'managed'; readonly client: string | null }
  /** Whoever logged in with `az login`. */
  | { readonly kind: 'cli' };

/** An identity, or why there is none. */
export type FoundIdentity = { readonly identity: AzureIdentity } | { readonly failure: Failure };

/**
 * The identity that this machine says, and no other is tried: what the variables say, in the order of the SDK; the login of az; the
 * identity of the machine, if it is one of Azure's.
 */
export async function findIdentity(world: KeyWorld): Promise<FoundIdentity> {
  const given = fromVariables(world);
  if (given !== null) return given;
  if ((await hasLogin(world)) && (await world.programs.find('az')) !== null) return { identity: { kind: 'cli' } };
  if (await hasMetadata(world)) return { identity: managed(world) };
  return { failure: { reason: 'no-key', detail: 'this machine has no login of Azure', hint: 'az login' } };
}

/** The same, found once in a command: for all of its calls, so that no single one may end the search. */
export function identityOf(world: KeyWorld): Promise<FoundIdentity> {
  return remembered(world, 'azure: identity', () => findIdentity({ ...world, signal: new AbortController().signal }));
}

/** The identity in words, to stand in a sentence. */
export function nameOf(identity: AzureIdentity): string {
  switch (identity.kind) {
    case 'secret':
    case 'certificate':
      return `the application ${identity.client}`;
    case 'job':
      return `this job as the application ${identity.client}`;
    case 'managed':
      return identity.client === null ? 'the managed identity of this machine' : `the managed identity ${identity.client}`;
    case 'cli':
      return 'the login of az';
  }
}

function fromVariables(world: KeyWorld): FoundIdentity | null {
  const value = (name: string): string => world.env[name] ?? '';
  const [tenant, client] = [value('AZURE_TENANT_ID'), value('AZURE_CLIENT_ID')];
  const ways = [
    ['AZURE_CLIENT_SECRET', (secret: string): AzureIdentity => ({ kind: 'secret', tenant, client, secret })],
    ['AZURE_CLIENT_CERTIFICATE_PATH', (file: string): AzureIdentity => ({ kind: 'certificate', tenant, client, file })],
    ['AZURE_FEDERATED_TOKEN_FILE', (file: string): AzureIdentity => ({ kind: 'job', tenant, client, file })],
  ] as const;
  for (const [name, make] of ways) {
    if (value(name) === '') continue;
    return tenant === '' || client === '' ? incomplete(name) : { identity: make(value(name)) };
  }
  return value('IDENTITY_ENDPOINT') === '' && value('MSI_ENDPOINT') === '' ? null : { identity: managed(world) };
}

function incomplete(name: string): FoundIdentity {
  const detail = `${name} is set without AZURE_TENANT_ID and AZURE_CLIENT_ID`;
  return { failure: { reason: 'bad-key-file', detail, hint: 'export AZURE_TENANT_ID=TENANT AZURE_CLIENT_ID=APPLICATION' } };
}

function managed({ env }: KeyWorld): AzureIdentity {
  return { kind: 'managed', client: env['AZURE_CLIENT_ID'] || null };
}

/** What `az login` leaves. */
async function hasLogin({ env, home, platform, files }: KeyWorld): Promise<boolean> {
  const { join } = platform === 'win32' ? win32 : posix;
  return (await files.stat(join(env['AZURE_CONFIG_DIR'] || join(home, '.azure'), 'azureProfile.json'))) !== null;
}

/** Whether this is a machine of Azure's. The SDK would find that out in its own time. */
async function hasMetadata({ network, signal }: KeyWorld): Promise<boolean> {
  const tls = { ca: null, certificate: null, key: null, serverName: null };
  const limits = { connectMs: 1_000, answerMs: 2_000 };
  const url = 'http://169.254.169.254/metadata/instance?api-version=2021-02-01';
  try {
    const request = { method: 'GET', url, headers: { metadata: 'true' }, body: '', tls, limits, signal: signal ?? null };
    return (await network.request(request)).status === 200;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

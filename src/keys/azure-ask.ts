import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import { refusalOf } from './azure-allowed.ts';
import type { AzureConnect, AzureVault } from './azure-connect.ts';
import { SdkError } from './sdk-error.ts';
import { unlessMissing } from './sdk-package.ts';
import { type AzureTry, explainAzure } from './azure-failure.ts';
import { identityOf } from './azure-identity.ts';
import { type AzureKey, faultOf, labelOf, originOf } from './azure-url.ts';
import { failed, type Failure, type KeyWorld, remembered, type Unwrapped } from './key.ts';
import type { Origin } from './origin.ts';

/** How a key is asked for. */
export interface AskSetting {
  readonly origin: Origin;
  readonly world: KeyWorld;
  readonly connect: AzureConnect;
}

/** The newest version of a key that says none. @throws SecError `wrap-failed`, `package-missing` */
export async function newestVersion(key: AzureKey, setting: AskSetting): Promise<string> {
  return orThrow(key, await ask(key, 'get', (vault, signal) => vault.newest(key.name, signal), setting));
}

/** Locks a data key by a vault. @throws SecError `wrap-failed`, `package-missing` */
export async function wrapWithAzure(key: AzureKey, dataKey: Uint8Array, createdAt: string, setting: AskSetting): Promise<StoredKey> {
  const whole = key.version === '' ? { ...key, version: await newestVersion(key, setting) } : key;
  const bytes = orThrow(whole, await ask(whole, 'encrypt', (vault, signal) => vault.encrypt(whole, dataKey, signal), setting));
  const fields = new Map([
    ['created_at', createdAt],
    ['enc', Buffer.from(bytes).toString('base64url')],
    ['name', whole.name],
    ['vault_url', whole.vault],
    ['version', whole.version],
  ]);
  return { kind: 'azure_kv', fields };
}

/** Opens a data key by a vault. */
export async function unwrapWithAzure(key: AzureKey, stored: StoredKey, setting: AskSetting): Promise<Unwrapped> {
  const enc = stored.fields.get('enc');
  const text = typeof enc === 'string' ? enc.trim() : '';
  if (!/^[\w-]+={0,2}$/.test(text)) return failed('malformed', 'the entry holds no encrypted data key');
  const bytes = Buffer.from(text, 'base64url');
  return unlessMissing(async () => {
    const asked = await ask(key, 'decrypt', (vault, signal) => vault.decrypt(key, bytes, signal), setting);
    return asked.done ? { opened: true, dataKey: asked.given } : { opened: false, failure: asked.failure };
  });
}

type Asked<T> = { readonly done: true; readonly given: T } | { readonly done: false; readonly failure: Failure };

type Call<T> = (vault: AzureVault, signal: AbortSignal | null) => Promise<T>;

async function ask<T>(key: AzureKey, action: AzureTry['action'], call: Call<T>, { origin, world, connect }: AskSetting): Promise<Asked<T>> {
  const fault = faultOf(key);
  if (fault !== null) return { done: false, failure: { reason: 'malformed', detail: fault, hint: null } };
  const refusal = await refusalOf(key.vault, origin, world);
  if (refusal !== null) return { done: false, failure: refusal };
  const found = await identityOf(world);
  if ('failure' in found) return { done: false, failure: found.failure };
  const { identity } = found;
  const address = originOf(key.vault) ?? key.vault;
  try {
    const vault = await remembered(world, `azure: ${address}`, () => connect(address, identity, world));
    return { done: true, given: await call(vault, world.signal ?? null) };
  } catch (error) {
    if (!(error instanceof SdkError)) throw error;
    return { done: false, failure: explainAzure(error, { key, identity, action }) };
  }
}

function orThrow<T>(key: AzureKey, asked: Asked<T>): T {
  if (asked.done) return asked.given;
  throw new SecError({ code: 'wrap-failed', label: labelOf(key), reason: asked.failure.detail, hint: asked.failure.hint });
}

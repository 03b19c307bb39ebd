import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import { failed, type Failure, type KeyWorld, remembered, type Unwrapped } from './key.ts';
import type { Origin } from './origin.ts';
import { refusalOf } from './vault-allowed.ts';
import { callVault, type VaultLimits, type VaultReply, type VaultSetting } from './vault-call.ts';
import { explainRefusal, explainVault } from './vault-failure.ts';
import { logIn } from './vault-login.ts';
import { vaultTls } from './vault-tls.ts';
import type { VaultToken } from './vault-token.ts';
import { toolFor } from './vault-tool.ts';
import { faultOf, labelOf, originOf, pathOf, type VaultKey } from './vault-uri.ts';
import { vaultVariable } from './vault-variable.ts';

/** How a key is asked for. */
export interface AskSetting {
  readonly origin: Origin;
  readonly world: KeyWorld;
  readonly limits: VaultLimits;
}

/** Locks a data key by a transit engine. @throws SecError `wrap-failed` */
export async function wrapWithVault(key: VaultKey, dataKey: Uint8Array, createdAt: string, setting: AskSetting): Promise<StoredKey> {
  const plaintext = Buffer.from(dataKey).toString('base64');
  const asked = await ask(key, 'encrypt', { plaintext }, setting);
  if (!asked.done) throw new SecError({ code: 'wrap-failed', label: labelOf(key), reason: asked.failure.detail, hint: asked.failure.hint });
  const fields = new Map([
    ['created_at', createdAt],
    ['enc', asked.text],
    ['engine_path', key.engine],
    ['key_name', key.name],
    ['vault_address', key.address],
  ]);
  return { kind: 'hc_vault', fields };
}

/** Opens a data key by a transit engine. */
export async function unwrapWithVault(key: VaultKey, stored: StoredKey, setting: AskSetting): Promise<Unwrapped> {
  const enc = stored.fields.get('enc');
  if (typeof enc !== 'string' || !enc.trim().startsWith('vault:')) return failed('malformed', 'the entry holds no encrypted data key');
  const asked = await ask(key, 'decrypt', { ciphertext: enc.trim() }, setting);
  return asked.done
    ? { opened: true, dataKey: Uint8Array.from(Buffer.from(asked.text, 'base64')) }
    : { opened: false, failure: asked.failure };
}

type Asked = { readonly done: true; readonly text: string } | { readonly done: false; readonly failure: Failure };

async function ask(
  key: VaultKey,
  action: 'encrypt' | 'decrypt',
  body: Readonly<Record<string, string>>,
  { origin, world, limits }: AskSetting,
): Promise<Asked> {
  const refusal = malformed(key) ?? (await refusalOf(key.address, origin, world));
  if (refusal !== null) return { done: false, failure: refusal };
  const address = originOf(key.address) ?? key.address;
  const tls = await remembered(world, 'vault: tls', () => vaultTls(world));
  if ('failure' in tls) return { done: false, failure: tls.failure };
  const setting = { world, tls: tls.settings, limits };
  const login = await logIn(address, setting);
  if ('failure' in login) return { done: false, failure: login.failure };
  const reply = await callVault({ address, path: pathOf(key, action), body, token: login.token.value }, setting);
  const text = textIn(reply, action === 'encrypt' ? 'ciphertext' : 'plaintext');
  return text === null
    ? { done: false, failure: await explain(reply, { key, action, login: login.token }, setting) }
    : { done: true, text };
}

interface Call {
  readonly key: VaultKey;
  readonly action: 'encrypt' | 'decrypt';
  readonly login: VaultToken;
}

/** A refusal alone does not tell whether a token ran out or may not do that, so the server is asked about the token. */
async function explain(reply: VaultReply, { key, action, login }: Call, setting: VaultSetting): Promise<Failure> {
  const { world } = setting;
  const namespace = vaultVariable(world.env, 'NAMESPACE')?.value ?? '';
  const tried = { key, action, token: login.from, namespace, tool: await toolFor(key.address, world) };
  if (!reply.answered || reply.status !== 403 || reply.errors === null) return explainVault(reply, tried);
  const address = originOf(key.address) ?? key.address;
  return explainRefusal(await callVault({ address, path: 'auth/token/lookup-self', body: null, token: login.value }, setting), tried);
}

function malformed(key: VaultKey): Failure | null {
  const fault = faultOf(key);
  return fault === null ? null : { reason: 'malformed', detail: fault, hint: null };
}

function textIn(reply: VaultReply, name: string): string | null {
  const data = reply.answered && reply.status === 200 ? reply.content['data'] : null;
  const text: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, name) : null;
  return typeof text === 'string' && text !== '' ? text : null;
}

import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import { quoteWord } from '../shell-words.ts';
import { failed, type Failure, type KeyWorld, remembered, type Unwrapped } from './key.ts';
import { type Origin, refusalOf } from './vault-allowed.ts';
import { callVault, type VaultLimits, type VaultReply, type VaultSetting } from './vault-call.ts';
import { explainRefusal, explainVault, noToken } from './vault-failure.ts';
import { vaultTls } from './vault-tls.ts';
import { findToken } from './vault-token.ts';
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
  const token = await remembered(world, 'vault: token', () => findToken(world));
  const tool = await toolFor(address, world);
  if (token.from === null) return { done: false, failure: noToken(key.address, token.why, tool) };
  const tls = await remembered(world, 'vault: tls', () => vaultTls(world));
  if ('failure' in tls) return { done: false, failure: tls.failure };
  const setting = { world, tls: tls.settings, limits };
  const reply = await callVault({ address, path: pathOf(key, action), body, token: token.value }, setting);
  const text = textIn(reply, action === 'encrypt' ? 'ciphertext' : 'plaintext');
  if (text !== null) return { done: true, text };
  const tried = { key, action, token: token.from, namespace: vaultVariable(world.env, 'NAMESPACE')?.value ?? '', tool };
  if (!reply.answered || reply.status !== 403 || reply.errors === null) return { done: false, failure: explainVault(reply, tried) };
  return { done: false, failure: explainRefusal(await lookUp(address, token.value, setting), tried) };
}

function malformed(key: VaultKey): Failure | null {
  const fault = faultOf(key);
  return fault === null ? null : { reason: 'malformed', detail: fault, hint: null };
}

/** What the server says of a token: a refusal alone does not tell whether it ran out or may not do that. */
function lookUp(address: string, token: string, setting: VaultSetting): Promise<VaultReply> {
  return callVault({ address, path: 'auth/token/lookup-self', body: null, token }, setting);
}

function textIn(reply: VaultReply, name: string): string | null {
  const data = reply.answered && reply.status === 200 ? reply.content['data'] : null;
  const text: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, name) : null;
  return typeof text === 'string' && text !== '' ? text : null;
}

/** The program that this machine has, told the address where it would ask another. */
async function toolFor(address: string, { env, programs }: KeyWorld): Promise<string> {
  const isBao = (await programs.find('vault')) === null && (await programs.find('bao')) !== null;
  const own = vaultVariable(env, 'ADDR');
  const at = own !== null && originOf(own.value) === address ? '' : `VAULT_ADDR=${quoteWord(address)} `;
  return `${at}${isBao ? 'bao' : 'vault'}`;
}

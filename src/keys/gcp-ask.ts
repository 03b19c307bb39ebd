import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import type { GcpConnect, GcpKms } from './gcp-connect.ts';
import { faultIn } from './gcp-fault.ts';
import { SdkError } from './sdk-error.ts';
import { unlessMissing } from './sdk-package.ts';
import { explainGcp } from './gcp-failure.ts';
import { idShape, partsOf } from './gcp-id.ts';
import { identityOf } from './gcp-identity.ts';
import { transportFor } from './gcp-transport.ts';
import { failed, type Failure, type KeyWorld, remembered, type Unwrapped } from './key.ts';

/** How a key is asked for. */
export interface AskSetting {
  readonly world: KeyWorld;
  readonly connect: GcpConnect;
}

/** Locks a data key by Google. @throws SecError `wrap-failed`, `package-missing` */
export async function wrapWithGcp(id: string, dataKey: Uint8Array, createdAt: string, setting: AskSetting): Promise<StoredKey> {
  const asked = await ask(id, 'encrypt', (kms) => kms.encrypt(id, dataKey), setting);
  if (!asked.done) throw new SecError({ code: 'wrap-failed', label: id, reason: asked.failure.detail, hint: asked.failure.hint });
  const fields = new Map([
    ['created_at', createdAt],
    ['enc', Buffer.from(asked.bytes).toString('base64')],
    ['resource_id', id],
  ]);
  return { kind: 'gcp_kms', fields };
}

/** Opens a data key by Google. */
export async function unwrapWithGcp(id: string, stored: StoredKey, setting: AskSetting): Promise<Unwrapped> {
  const enc = stored.fields.get('enc');
  const text = typeof enc === 'string' ? enc.trim() : '';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return failed('malformed', 'the entry holds no encrypted data key');
  return unlessMissing(async () => {
    const asked = await ask(id, 'decrypt', (kms) => kms.decrypt(id, Buffer.from(text, 'base64'), setting.world.signal), setting);
    return asked.done ? { opened: true, dataKey: asked.bytes } : { opened: false, failure: asked.failure };
  });
}

type Asked = { readonly done: true; readonly bytes: Uint8Array } | { readonly done: false; readonly failure: Failure };

async function ask(
  id: string,
  action: 'encrypt' | 'decrypt',
  call: (kms: GcpKms) => Promise<Uint8Array>,
  setting: AskSetting,
): Promise<Asked> {
  if (partsOf(id) === null) return { done: false, failure: { reason: 'malformed', detail: idShape, hint: null } };
  const found = await identityOf(setting.world);
  if ('failure' in found) return { done: false, failure: found.failure };
  const way = transportFor(setting.world);
  if ('failure' in way) return { done: false, failure: way.failure };
  const client = (): Promise<GcpKms> =>
    remembered(setting.world, 'gcp: client', () => setting.connect(found.identity, way.transport, setting.world));
  try {
    return { done: true, bytes: await askPatiently(async () => call(await client()), setting.world) };
  } catch (error) {
    if (!(error instanceof SdkError)) throw error;
    return { done: false, failure: explainGcp(error, { id, identity: found.identity, action }) };
  }
}

/** The SDK does not ask again over REST. */
async function askPatiently<T>(call: () => Promise<T>, world: KeyWorld): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt === 3 || !(error instanceof SdkError) || !mayPass(error) || world.signal?.aborted === true) throw error;
      await world.network.pause(250 * 2 ** (attempt - 1));
    }
  }
}

function mayPass({ cause }: SdkError): boolean {
  const { status, http, code } = faultIn(cause);
  if (status === 'RESOURCE_EXHAUSTED' || status === 'UNAVAILABLE') return true;
  return [429, 502, 503, 504].includes(http ?? 0) || ['ECONNRESET', 'EPIPE', 'EDAMAGED'].includes(code);
}

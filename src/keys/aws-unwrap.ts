import type { StoredKey } from '../core/metadata.ts';
import type { AwsKey } from './aws-arn.ts';
import { type AskSetting, askAws } from './aws-ask.ts';
import type { Kms } from './aws-connect.ts';
import { decryptInContext } from './aws-old-context.ts';
import { failed, type Unwrapped } from './key.ts';
import { unlessMissing } from './sdk-package.ts';

/** Opens a data key by AWS. */
export async function unwrapWithAws(key: AwsKey, stored: StoredKey, setting: AskSetting): Promise<Unwrapped> {
  const enc = encOf(stored);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(enc)) return failed('malformed', 'the entry holds no encrypted data key');
  return unlessMissing(() => unwrapNow(key, Buffer.from(enc, 'base64'), setting));
}

function encOf({ fields }: StoredKey): string {
  const enc = fields.get('enc');
  return typeof enc === 'string' ? enc.trim() : '';
}

async function unwrapNow(key: AwsKey, blob: Uint8Array, setting: AskSetting): Promise<Unwrapped> {
  const call = (kms: Kms): Promise<Uint8Array> => decryptInContext(kms, key, blob, setting.world);
  const result = await askAws(key, 'kms:Decrypt', call, setting);
  return result.done ? { opened: true, dataKey: Uint8Array.from(result.value) } : { opened: false, failure: result.failure };
}

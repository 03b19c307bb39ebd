import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import { type AwsKey, inOrder, labelOf } from './aws-arn.ts';
import { type AskSetting, askAws } from './aws-ask.ts';
import type { Kms } from './aws-connect.ts';

/** Locks a data key by AWS. @throws SecError `wrap-failed`, `package-missing` */
export async function wrapWithAws(key: AwsKey, dataKey: Uint8Array, createdAt: string, setting: AskSetting): Promise<StoredKey> {
  const call = (kms: Kms): Promise<Uint8Array> => kms.encrypt(key.arn, dataKey, key.context);
  const result = await askAws(key, 'kms:Encrypt', call, setting);
  if (!result.done)
    throw new SecError({ code: 'wrap-failed', label: labelOf(key), reason: result.failure.detail, hint: result.failure.hint });
  const fields: StoredKey['fields'] = new Map<string, string | ReadonlyMap<string, string>>([
    ['arn', key.arn],
    ['aws_profile', key.profile],
    ...(key.context.size === 0 ? [] : [['context', new Map(inOrder(key.context))] as const]),
    ['created_at', createdAt],
    ['enc', Buffer.from(result.value).toString('base64')],
    ...(key.role === '' ? [] : [['role', key.role] as const]),
  ]);
  return { kind: 'kms', fields };
}

import { type AwsKey, labelOf } from './aws-arn.ts';
import type { EncryptionContext, Kms } from './aws-connect.ts';
import { faultIn } from './aws-fault.ts';
import { SdkError } from './sdk-error.ts';
import type { KeyWorld } from './key.ts';

/**
 * Decrypts in the key's context, or as sops encrypted before 3.3.0: with one and the same value, any of them, in all parts of the
 * context (`sops-format.md` §14). Throws as `Kms` does.
 */
export async function decryptInContext(kms: Kms, key: AwsKey, blob: Uint8Array, world: KeyWorld): Promise<Uint8Array> {
  try {
    return await kms.decrypt(key.arn, blob, key.context, world.signal);
  } catch (error) {
    if (!isMisfit(error)) throw error;
    for (const context of oldContexts(key.context)) {
      const dataKey = await decryptOrNull((inContext) => kms.decrypt(key.arn, blob, inContext, world.signal), context);
      if (dataKey === null) continue;
      world.warn(`an old sops encrypted for ${labelOf(key)} in a wrong encryption context: rotate the data key to put that right`);
      return dataKey;
    }
    throw error;
  }
}

async function decryptOrNull(
  decrypt: (context: EncryptionContext) => Promise<Uint8Array>,
  context: EncryptionContext,
): Promise<Uint8Array | null> {
  try {
    return await decrypt(context);
  } catch (error) {
    if (isMisfit(error)) return null;
    throw error;
  }
}

function oldContexts(context: EncryptionContext): readonly EncryptionContext[] {
  const values = [...new Set(context.values())];
  return values.length < 2 ? [] : values.map((value) => new Map([...context.keys()].map((name) => [name, value])));
}

function isMisfit(error: unknown): boolean {
  return error instanceof SdkError && faultIn(error.cause).name === 'InvalidCiphertextException';
}

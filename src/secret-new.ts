import { readMetadata } from './core/metadata.ts';
import type { SealedInput, SecretFile, Session } from './secret-file.ts';
import { newLock, readPlain, sealSource } from './secret-seal.ts';
import type { SealPlan } from './secret-seal.ts';
import { openText } from './secret-text-open.ts';

/**
 * A file that is not there yet, sealed and open at once: what its people may go wrong with has gone wrong by then, and another text
 * takes the place of the first without a key.
 *
 * @throws SecError as `sealNewFile`
 */
export async function startSecretFile(session: Session, input: SealedInput, plan: SealPlan): Promise<SecretFile> {
  const { file, format } = input;
  const first = readPlain(format, input.bytes, file);
  const lock = await newLock(session, input, plan);
  const { bytes } = sealSource(first, lock.metadata, lock.options, null);
  const source = format.read(bytes, file);
  const metadata = readMetadata(source.metadata ?? new Map(), file);
  const text = openText(source, metadata.layout, lock.options);
  return { file, format, bytes, metadata, tree: text.tree, text, textOptions: lock.options, plain: () => format.encode(text.plain()) };
}

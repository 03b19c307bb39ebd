import { writeMetadata } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import { applySplices } from '../core/tree.ts';
import type { SecretFile } from '../secret-file.ts';

/** The metadata of a file beside its text in an editor, for `--show-master-keys`. */
export interface ShownBlock {
  /** A plain text with the block. @throws SecError as `Format.read` */
  add(plain: Uint8Array): Uint8Array;
  /** The plain text without it. @throws SecError as `Format.read`, `usage` where the block is not what it was */
  take(shown: Uint8Array): Uint8Array;
}

/** The block of a file: to be read. Who wants to change it has commands for that, which wrap the data key anew. */
export function shownBlock({ file, format, metadata }: SecretFile): ShownBlock {
  const block = writeMetadata(metadata);
  const add = (plain: Uint8Array): Uint8Array => {
    const source = format.read(plain, file);
    return format.encode(applySplices(source.text, format.addMetadata(source, block)));
  };
  const take = (shown: Uint8Array): Uint8Array => {
    const source = format.read(shown, file);
    const plain = format.encode(applySplices(source.text, source.metadata === null ? [] : format.removeMetadata(source)));
    if (source.metadata !== null && Buffer.compare(add(plain), shown) === 0) return plain;
    throw new SecError({
      code: 'usage',
      message: `the metadata of ${file} cannot be changed in an editor`,
      hint: 'put the block back as it was, and use: sec rotate, sec updatekeys or sec groups',
    });
  };
  return { add, take };
}

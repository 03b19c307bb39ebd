import type { ValueCipher } from './core/cipher.ts';
import { sameScalar } from './core/mac.ts';
import type { Remembered } from './core/memory.ts';
import { SecError } from './core/problem.ts';
import { sameTree } from './core/same-tree.ts';
import type { Selection } from './core/selection.ts';
import type { Tree } from './core/tree.ts';
import type { Format } from './formats/format.ts';

/** What sealing and opening a text have in common: `secret-text-seal.ts`, `secret-text-open.ts`. */

export interface TextOptions {
  readonly format: Format;
  readonly cipher: ValueCipher;
  readonly selection: Selection;
  readonly macOnlyEncrypted: boolean;
  /** Name for messages. */
  readonly file: string;
}

/** The layout hint is remembered like a value, under a path that no value has. */
export const layoutPath = 'sops:sec:layout';

/** A remembered ciphertext that stands in no place of the text. */
export function placeless(enc: string): Remembered {
  return { enc, sealedText: '', plainText: '', context: '', hinted: false };
}

/** Whether a text reads as exactly these values. */
export function readsAs(text: string, tree: Tree, { format, file }: TextOptions, same = sameScalar): boolean {
  try {
    return sameTree(tree, format.read(format.encode(text), file).tree, same);
  } catch (error) {
    if (error instanceof SecError) return false;
    throw error;
  }
}

/** The text, or `null` where the format has none for the value. */
export function attempt(text: () => string): string | null {
  try {
    return text();
  } catch (error) {
    if (error instanceof SecError) return null;
    throw error;
  }
}

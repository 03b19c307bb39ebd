import type { ValueCipher } from './cipher.ts';
import { CipherError, parseSealed } from './cipher.ts';

/**
 * The layout hint: how the plain text wrote what a sealed one cannot show, such as `0x1F` or an alias. One encrypted field of our
 * own in the metadata block, which sops ignores. Only notation depends on it: a hint that does not fit the values is dropped.
 * `design.md` §3.
 */

/** Text of nodes, by their number in the walk over the tree. */
export type LayoutHints = ReadonlyMap<number, string>;

/** Bound to the field, so that no value can take its place. */
const layoutAad = 'sops:sec:layout';
const layoutVersion = 1;

/** The bytes to seal. */
export function encodeHints(hints: LayoutHints): Uint8Array {
  let last = 0;
  const nodes = [...hints].map(([ordinal, text]) => {
    const step = ordinal - last;
    last = ordinal;
    return [step, text];
  });
  return Buffer.from(JSON.stringify({ v: layoutVersion, nodes }));
}

/** Seals hints, giving the text of the field. */
export function sealHints(bytes: Uint8Array, cipher: ValueCipher, iv: Uint8Array): string {
  return cipher.seal(bytes, 'str', layoutAad, iv);
}

/** The bytes of the field, or `null` where they are not ours. */
export function openHints(enc: string, cipher: ValueCipher): Uint8Array | null {
  const sealed = parseSealed(enc);
  if (sealed === null) return null;
  try {
    return cipher.open(sealed, layoutAad);
  } catch (error) {
    if (error instanceof CipherError) return null;
    throw error;
  }
}

/** Reads what `encodeHints` wrote; no hints where it is something else. */
export function decodeHints(bytes: Uint8Array): LayoutHints {
  const hints = new Map<number, string>();
  const read: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (typeof read !== 'object' || read === null || !('v' in read) || read.v !== layoutVersion || !('nodes' in read)) return hints;
  if (!Array.isArray(read.nodes)) return hints;
  let ordinal = 0;
  for (const node of read.nodes as readonly unknown[]) {
    if (!Array.isArray(node) || typeof node[0] !== 'number' || typeof node[1] !== 'string') return new Map();
    ordinal += node[0];
    hints.set(ordinal, node[1]);
  }
  return hints;
}

import { parseSealed } from '../core/cipher.ts';
import { SecError } from '../core/problem.ts';
import type { Branch, Leaf, Scalar, Tree } from '../core/tree.ts';
import { fromChars, toChars } from './dotenv-text.ts';
import type { Source } from './format.ts';
import { readJson } from './json-read.ts';
import type { JsonSource } from './json-read.ts';
import { maxBytes, maxWholeBytes } from './limits.ts';

/** A file that is one value, or the JSON text that holds it sealed. Its text is one character a byte. `sops-format.md` §6. */
export interface BinarySource extends Source {
  readonly file: string;
  /** The sealed file; `null` where there is no metadata block. */
  readonly json: JsonSource | null;
  /** The one value; `null` in a sealed file that holds something else. */
  readonly data: PlacedLeaf | null;
}

type PlacedLeaf = Leaf & { readonly place: NonNullable<Leaf['place']> };

/** The key of the one value. */
export const dataKey = 'data';

/** The style of a sealed value in quotes, without a metadata block: what is left of a sealed file when its block goes. */
export const sealedStyle = 'sealed';

/**
 * Reads a file. Only a JSON object with a metadata block in it counts as sealed; anything else is one value, be it JSON or not.
 *
 * @throws SecError `too-large`; `malformed`, `bad-metadata` for a sealed file that was damaged
 */
export function readBinary(bytes: Uint8Array, file: string): BinarySource {
  const json = readSealedFile(bytes, file);
  if (bytes.length > maxBytes) throw tooLarge(file, maxBytes);
  const text = bufferOf(bytes).toString('latin1');
  if (json !== null) return ofJson(json, text);
  const isSealed = isSealedValue(text);
  if (!isSealed && bytes.length > maxWholeBytes) throw tooLarge(file, maxWholeBytes);
  const place = { start: 0, end: text.length, style: isSealed ? sealedStyle : 'file' };
  const data: PlacedLeaf = { kind: 'leaf', value: scalarOf(isSealed ? text.slice(1, -1) : text), place };
  return { text, file, json, data, tree: treeOf(data), metadata: null };
}

function tooLarge(file: string, limit: number): SecError {
  return new SecError({ code: 'too-large', file, what: 'bytes', limit });
}

/** The value of a tree that holds nothing but the content of a file, `null` for any other tree. */
export function dataOf({ documents }: Tree): Leaf | null {
  const [first, ...more] = documents.flatMap(({ items }: Branch) => items);
  const isData = documents.length === 1 && more.length === 0 && first?.kind === 'entry' && first.key === dataKey;
  if (!isData || first.value.kind !== 'leaf') return null;
  return first.value.value.type === 'str' || first.value.value.type === 'bytes' ? first.value : null;
}

function treeOf(data: Leaf): Tree {
  return { documents: [{ kind: 'map', items: [{ kind: 'entry', key: dataKey, keySpan: null, value: data }], place: null }] };
}

/** Offsets in the JSON text are those of its bytes but for what is beyond ASCII. */
function ofJson(json: JsonSource, text: string): BinarySource {
  const leaf = dataOf(json.tree);
  if (leaf === null || leaf.place === null) return { ...json, text, json, data: null };
  const start = toChars(json.text.slice(0, leaf.place.start)).length;
  const end = start + toChars(json.text.slice(leaf.place.start, leaf.place.end)).length;
  const data: PlacedLeaf = { ...leaf, place: { ...leaf.place, start, end } };
  return { ...json, text, json, data, tree: treeOf(data) };
}

/** The start of a sealed file. With anything but the rest of one behind it, it is no value that somebody wrote. */
const sealedStart = /^\s*\{\s*"data"\s*:\s*"ENC\[AES256_GCM,/;

/** The file as JSON with a metadata block, `null` where it is none. @throws SecError for a sealed file that was damaged */
function readSealedFile(bytes: Uint8Array, file: string): JsonSource | null {
  const buffer = bufferOf(bytes);
  const start = buffer.toString('latin1', 0, 1024);
  const isStart = sealedStart.test(start);
  if (!isStart && !(/^\s*\{/.test(start) && buffer.includes('"sops"'))) return null;
  try {
    const json = readJson(bytes, file);
    return json.metadata === null ? null : json;
  } catch (error) {
    if (error instanceof SecError && !isStart) return null;
    throw error;
  }
}

function isSealedValue(text: string): boolean {
  if (!text.startsWith('"ENC[AES256_GCM,') || !text.endsWith(']"')) return false;
  return text.indexOf(']') === text.length - 2 && text.indexOf('"', 1) === text.length - 1 && parseSealed(text.slice(1, -1)) !== null;
}

function scalarOf(chars: string): Scalar {
  const text = fromChars(chars);
  return text === null ? { type: 'bytes', bytes: Buffer.from(chars, 'latin1') } : { type: 'str', text };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

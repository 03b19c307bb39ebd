import { SecError } from '../core/problem.ts';
import { sameTree } from '../core/same-tree.ts';
import { applySplices } from '../core/tree.ts';
import type { Branch, Entry, Node, Splice } from '../core/tree.ts';
import { blockPrefix } from './dotenv-lines.ts';
import { readDotenv } from './dotenv-read.ts';
import type { DotenvSource } from './dotenv-read.ts';
import { appendLines, cutLines } from './dotenv-splices.ts';
import { toChars, valueChars, valueOf } from './dotenv-text.ts';

/** Entries put into and taken out of a `.env` text. */

type Path = readonly (string | number)[];

/**
 * See `Format.put`. Of equal keys it is the first that gets the value, as in sops.
 *
 * @throws SecError `cannot-write` also where the text would then be read as something else
 */
export function putEntry(source: DotenvSource, at: Path, value: Node): readonly Splice[] {
  const { file } = source;
  const key = keyAt(at, file);
  const chars = printValue(key, value, file);
  const items = itemsOf(source);
  const old = entryOf(source, key);
  const span = old?.value.place ?? null;
  const entry: Entry = { kind: 'entry', key, keySpan: null, value: { kind: 'leaf', value: valueOf(chars), place: null } };
  if (span === null) return checked(source, [appendLines(source, [printKey(key, file) + chars])], [...items, entry]);
  const replaced = items.map((item) => (item === old ? entry : item));
  return checked(source, [{ start: span.start, end: span.end, text: chars }], replaced);
}

/** See `Format.drop`. @throws SecError `cannot-write` where the rest would then be read as something else */
export function dropEntry(source: DotenvSource, at: Path): readonly Splice[] {
  const old = entryOf(source, keyAt(at, source.file));
  if (!old) throw new RangeError('nothing stands at the path');
  const splices = cutLines(source, ({ start }) => start === old.keySpan?.start);
  return checked(
    source,
    splices,
    itemsOf(source).filter((item) => item !== old),
  );
}

/** A quote at the start of a value, or CR at its end, may change how the lines around it are read. */
function checked({ text, file, kept }: DotenvSource, splices: readonly Splice[], items: Branch['items']): readonly Splice[] {
  const after = readDotenv(Buffer.from(applySplices(text, splices), 'latin1'), file, kept);
  if (after.metadata === null && sameTree(after.tree, { documents: [{ kind: 'map', items, place: null }] })) return splices;
  throw cannotWrite(file, 'quotes or line ends of the text would change their meaning');
}

/** A key with its equals sign. @throws SecError `cannot-write` for one that would be read as something else */
export function printKey(key: string, file: string): string {
  if (key.startsWith(blockPrefix)) throw cannotWrite(file, `keys that start with ${blockPrefix} are reserved: ${key}`);
  if (/[=\n]/.test(key)) throw cannotWrite(file, `a key cannot hold an equals sign or a line break: ${JSON.stringify(key)}`);
  if (key.startsWith('#')) throw cannotWrite(file, `a key cannot start like a comment: ${key}`);
  return `${toChars(key)}=`;
}

/** A value behind its equals sign. @throws SecError `cannot-write` for a map, a list and null */
export function printValue(key: string, value: Node, file: string): string {
  if (value.kind !== 'leaf') throw cannotWrite(file, `${key} holds a ${value.kind}, and there is no such thing in this format`);
  const chars = valueChars(value.value);
  if (chars === null) throw cannotWrite(file, `${key} holds null, and there is no such thing in this format`);
  return chars;
}

/** What this format has no text for. */
export function cannotWrite(file: string, reason: string): SecError {
  return new SecError({ code: 'cannot-write', file, format: 'dotenv', reason });
}

function keyAt(at: Path, file: string): string {
  const [key, ...below] = at;
  if (typeof key !== 'string' || below.length > 0) throw cannotWrite(file, 'it has one level of keys, and no lists');
  return key;
}

function itemsOf({ tree }: DotenvSource): Branch['items'] {
  return tree.documents[0]?.items ?? [];
}

function entryOf(source: DotenvSource, key: string): Entry | undefined {
  return itemsOf(source)
    .filter((item) => item.kind === 'entry')
    .find((item) => item.key === key);
}

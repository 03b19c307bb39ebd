import { valueAt } from '../../src/core/tree-path.ts';
import type { Path } from '../../src/core/path.ts';
import type { Comment, Entry, Node } from '../../src/core/tree.ts';
import type { SecretFile } from '../../src/secret-file.ts';
import { piecesOf } from './fake-seal.ts';
import type { Piece } from './fake-seal.ts';

/** What differs between two states of a sealed file. */

/** The path of a value that is encrypted, by a number; `null` where the first document has none. */
export function sealedPath(file: SecretFile, pick: number): Path | null {
  const [root] = file.text.source.tree.documents;
  if (root === undefined) return null;
  const paths = sealedIn(root, []).filter(({ path, node }) => valueAt(root, path) === node);
  return paths[pick % paths.length]?.path ?? null;
}

function sealedIn(node: Node, path: Path): readonly { readonly path: Path; readonly node: Node }[] {
  if (node.kind === 'leaf') return isSealed(node) ? [{ path, node }] : [];
  let position = 0;
  return [...node.items].flatMap((item: Node | Entry | Comment) => {
    if (item.kind === 'comment') return [];
    return item.kind === 'entry' ? sealedIn(item.value, [...path, item.key]) : sealedIn(item, [...path, position++]);
  });
}

/** Every sealed value outside of the metadata block. */
export function ciphertexts({ text }: SecretFile): readonly string[] {
  return piecesOf(text.source.tree)
    .filter((piece) => piece.kind === 'leaf' && isSealed(piece))
    .map(textOf);
}

function isSealed(piece: Piece): boolean {
  return textOf(piece).startsWith('ENC[AES256_GCM,');
}

function textOf(piece: Piece): string {
  return piece.kind === 'comment' ? piece.text : piece.value.type === 'str' ? piece.value.text : '';
}

/** Lines that one has and the other has not, but for those of the value at a path and for what the block says of the whole. */
export function otherLines(before: SecretFile, after: SecretFile, path: Path): readonly string[] {
  const [old, now] = [linesWithout(before, path), linesWithout(after, path)];
  return [...minus(old, now).map((line) => `- ${line}`), ...minus(now, old).map((line) => `+ ${line}`)];
}

/** The elements of a list that another does not have, as often as they are there. */
export function minus(list: readonly string[], other: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const one of other) left.set(one, (left.get(one) ?? 0) + 1);
  return list.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count <= 0;
  });
}

const ofTheWhole = /"sops"|^\s*"?(?:sops_)?(?:mac|lastmodified|sec|layout|sec__map_layout)"?\s*[:=]/;

function linesWithout(file: SecretFile, path: Path): readonly string[] {
  const { text } = file.text.source;
  const { start, end } = linesOf(file, path);
  const lines = (text.slice(0, start) + text.slice(end)).split(/\r?\n/).filter((line) => /\w/.test(line) && !ofTheWhole.test(line));
  // A comment of INI has in it what stands behind a text of several lines below it.
  return file.format.name === 'ini' ? lines.filter((line) => !line.includes('type:comment]')) : lines.map(withoutQuotes);
}

/** An alias for several lines of text is in quotes once it has to be written out. */
function withoutQuotes(line: string): string {
  return line.replaceAll(/["'](ENC\[[^\]]*\])["']/g, '$1');
}

function linesOf({ text: { source } }: SecretFile, path: Path): { readonly start: number; readonly end: number } {
  const [root] = source.tree.documents;
  const place = root === undefined ? null : (valueAt(root, path)?.place ?? null);
  if (root === undefined || place === null) throw new Error('the value stands nowhere');
  const parent = valueAt(root, path.slice(0, -1));
  const entry = parent?.kind === 'map' ? parent.items.find((item) => item.kind === 'entry' && item.value.place === place) : undefined;
  const slot = 'slot' in place && typeof place.slot === 'number' ? place.slot : place.start;
  const first = entry?.kind === 'entry' ? (entry.keySpan?.start ?? slot) : slot;
  const end = source.text.indexOf('\n', place.end);
  return { start: source.text.lastIndexOf('\n', first - 1) + 1, end: end < 0 ? source.text.length : end + 1 };
}

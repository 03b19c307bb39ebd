import type { Path } from './core/path.ts';
import { printPath } from './core/path.ts';
import { SecError } from './core/problem.ts';
import { sameTree } from './core/same-tree.ts';
import { childAt, valueAt, valuesOf, withValueAt } from './core/tree-path.ts';
import { applySplices } from './core/tree.ts';
import type { Branch, List, Node, Splice, Tree } from './core/tree.ts';
import type { Format, Source } from './formats/format.ts';
import { scalarText } from './formats/scalar-text.ts';
import type { SecretFile } from './secret-file.ts';

/** One value of the plain text put, replaced or taken away: `set` and `unset`. Only the first document is addressed. */

/**
 * The plain bytes with a value at a path. Missing maps and lists on the way are made.
 *
 * @param isLoose whether a single value in the way gives way, and any position beyond the end of a list is the next one, as in sops
 * @returns `null` where that very value stands there already
 * @throws SecError `bad-path` where a single value is in the way, `cannot-write`
 */
export function withValue(file: SecretFile, path: Path, value: Node, isLoose = false): Uint8Array | null {
  const root = rootOf(file.tree.documents, file.file);
  const held = asHeld(file.format, value);
  const old = valueAt(root, path);
  if (old !== null && sameTree(asTree(old), asTree(held))) return null;
  refuseMerge(file, path, held);
  const change = reach(root, isLoose ? withNextPositions(root, path) : path, held, isLoose);
  return changed(file, path, change, (source) => file.format.put(source, change.at, change.node));
}

/** @throws SecError `path-not-found`, `cannot-write` */
export function withoutValue(file: SecretFile, path: Path): Uint8Array {
  const root = rootOf(file.tree.documents, file.file);
  if (valueAt(root, path) === null) throw new SecError({ code: 'path-not-found', file: file.file, path: printPath(path) });
  return changed(file, path, { at: path, node: null }, (source) => file.format.drop(source, path));
}

function rootOf([root]: readonly Branch[], file: string): Branch {
  if (root === undefined) throw new SecError({ code: 'no-document', file });
  return root;
}

/** The last step that can be put at once, with what has to be made below it. */
function reach(root: Branch, path: Path, value: Node, isLoose: boolean): { readonly at: Path; readonly node: Node } {
  if (valueAt(root, path) !== null) return { at: path, node: value };
  let node: Branch | List = root;
  for (const [index, step] of path.entries()) {
    const child = childAt(node, checkStep(node, step, path));
    const rest = path.slice(index + 1);
    if (child === null || rest.length === 0) return { at: path.slice(0, index + 1), node: nested(rest, value, path) };
    if (child.kind === 'leaf') {
      if (child.value.type !== 'null' && !isLoose) throw badPath(path, `${printPath(path.slice(0, index + 1))} is a single value`);
      return { at: path.slice(0, index + 1), node: nested(rest, value, path) };
    }
    node = child;
  }
  throw badPath(path, 'it is empty');
}

/** A path whose positions beyond the end of a list are the next one. */
function withNextPositions(root: Branch, path: Path): Path {
  let node: Node | null = root;
  return path.map((step) => {
    const at: string | number =
      typeof step === 'string' || node?.kind === 'map' ? step : Math.min(step, node?.kind === 'list' ? valuesOf(node).length : 0);
    node = node === null || node.kind === 'leaf' ? null : childAt(node, at);
    return at;
  });
}

function checkStep(node: Branch | List, step: string | number, path: Path): string | number {
  if (node.kind === 'map') {
    if (typeof step === 'number') throw badPath(path, `[${step}] is a position, and there is a map`);
    return step;
  }
  if (typeof step === 'string') throw badPath(path, `"${step}" is a key, and there is a list`);
  if (step > valuesOf(node).length) throw badPath(path, `[${step}] is beyond the end of the list`);
  return step;
}

function nested(path: Path, value: Node, whole: Path): Node {
  return path.reduceRight<Node>((inner, step) => {
    if (typeof step === 'string') return { kind: 'map', items: [{ kind: 'entry', key: step, value: inner, keySpan: null }], place: null };
    if (step !== 0) throw badPath(whole, `a new list begins with [0], not [${step}]`);
    return { kind: 'list', items: [inner], place: null };
  }, value);
}

/** What is merged is a map, or a list of maps: go-yaml reads no file with anything else under that key. @throws SecError `bad-path` */
function refuseMerge({ format }: SecretFile, path: Path, value: Node): void {
  const at = path.lastIndexOf('<<');
  if (format.name !== 'yaml' || at < 0) return;
  const isMap = at === path.length - 1 && value.kind === 'map';
  const isInMap = typeof path[at + 1] === 'string' || typeof path[at + 2] === 'string';
  if (!isMap && !isInMap) throw badPath(path, 'under the key << stands a map, or a list of maps');
}

function badPath(path: Path, reason: string): SecError {
  return new SecError({ code: 'bad-path', path: printPath(path), reason, use: 'set' });
}

/** What becomes of the values at a path; `null`: they go. */
interface Change {
  readonly at: Path;
  readonly node: Node | null;
}

/** Splices the plain text and reads it again: it must hold what it held, with exactly this change. */
function changed(file: SecretFile, path: Path, { at, node }: Change, splice: (source: Source) => readonly Splice[]): Uint8Array {
  const { format } = file;
  const source = format.read(file.plain(), file.file);
  const bytes = format.encode(
    applySplices(
      source.text,
      named(file, path, () => splice(source)),
    ),
  );
  const read = format.read(bytes, file.file);
  if (read.metadata !== null) throw new SecError({ code: 'already-encrypted', file: file.file });
  const [root, ...others] = source.tree.documents;
  const wanted = root === undefined ? [] : [withValueAt(root, at, node), ...others];
  if (sameTree({ documents: wanted.map(bareMap) }, { documents: read.tree.documents.map(bareMap) })) return bytes;
  throw cannotWrite(file, path, 'it cannot hold such a value');
}

/** A format knows neither file nor path. */
function named(file: SecretFile, path: Path, splice: () => readonly Splice[]): readonly Splice[] {
  try {
    return splice();
  } catch (cause) {
    if (!(cause instanceof SecError) || cause.problem.code !== 'cannot-write' || cause.problem.file !== '') throw cause;
    throw cannotWrite(file, path, cause.problem.reason, cause);
  }
}

function cannotWrite({ file, format }: SecretFile, path: Path, reason: string, cause?: unknown): SecError {
  return new SecError({ code: 'cannot-write', file, format: format.name, reason: `${printPath(path)}: ${reason}` }, { cause });
}

/** The value as the format can hold it: in flat ones everything is text. */
function asHeld({ name }: Format, value: Node): Node {
  const isFlat = name === 'dotenv' || name === 'ini';
  if (!isFlat || value.kind !== 'leaf' || value.value.type === 'null' || value.value.type === 'bytes') return value;
  return { ...value, value: { type: 'str', text: scalarText(value.value) } };
}

function asTree(value: Node): Tree {
  return { documents: [bareMap({ kind: 'map', items: [{ kind: 'entry', key: '', value, keySpan: null }], place: null })] };
}

/** Without comments: they are no part of a value. */
function bare(node: Node): Node {
  if (node.kind === 'leaf') return node;
  return node.kind === 'list' ? { ...node, items: valuesOf(node).map(bare) } : bareMap(node);
}

function bareMap(map: Branch): Branch {
  return { ...map, items: map.items.flatMap((item) => (item.kind === 'entry' ? [{ ...item, value: bare(item.value) }] : [])) };
}

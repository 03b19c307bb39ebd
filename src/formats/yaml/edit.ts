import type { Path } from '../../core/path.ts';
import { SecError } from '../../core/problem.ts';
import { sameTree } from '../../core/same-tree.ts';
import { childAt, valueAt, valuesOf, withValueAt } from '../../core/tree-path.ts';
import { applySplices } from '../../core/tree.ts';
import type { Branch, Comment, Entry, List, Node, Span, Splice, Tree } from '../../core/tree.ts';
import { additionTo, editOf, expansions } from './edit-alias.ts';
import type { Affects } from './edit-alias.ts';
import { removals } from './edit-drop.ts';
import { cannot, commentsOf, isBlock, placeOf, tailEnd } from './edit-place.ts';
import { entryOf, filled, insertions, replacements, rewritten, typed } from './edit-put.ts';
import { readYaml } from './source.ts';
import type { YamlSource } from './source.ts';

/**
 * One value put into a plain text, or taken out of it, in the layout of its neighbours. Only the first document is addressed.
 *
 * YAML has more corners than anybody thinks of, and a text that is almost right loses secrets. So each edit has several candidates,
 * and what the text then reads as decides: it must be the old tree with exactly that change.
 */

/** @throws SecError `cannot-write` */
export function putAt(source: YamlSource, at: Path, value: Node): readonly Splice[] {
  return edit(source, at, value, ({ parent, target, grandparent }) => {
    const written = typed(value);
    if (target !== null) return replacements(source, parent, target, written);
    const step = at.at(-1);
    if (parent.kind === 'list' && step !== valuesOf(parent).length) throw cannot('the position is beyond the end of the list');
    return additions(source, grandparent, parent, entryOf(String(step), written));
  });
}

/** @throws SecError `cannot-write` */
export function dropAt(source: YamlSource, at: Path): readonly Splice[] {
  return edit(source, at, null, ({ parent, target }) => {
    if (target === null) throw cannot('there is no such value');
    return removals(source, parent, target);
  });
}

type Parent = Branch | List;
type Candidates = Iterable<readonly Splice[]>;

interface Located {
  readonly root: Branch;
  readonly grandparent: Parent | null;
  readonly parent: Parent;
  readonly target: Node | null;
  /** The first node on the way that stands there only by an alias, with its path. */
  readonly alias: { readonly node: Node; readonly path: Path } | null;
}

function locate({ tree }: YamlSource, at: Path): Located {
  const parents: Parent[] = [];
  let node: Node | null = tree.documents[0] ?? null;
  for (const step of at) {
    if (node === null || node.kind === 'leaf') throw cannot('the path leads through a single value');
    parents.push(node);
    node = childAt(node, step);
  }
  const [root] = parents;
  const parent = parents.at(-1);
  if (parent === undefined || root?.kind !== 'map') throw cannot('the path is empty');
  const index = parents.findIndex(({ place }) => place?.style === 'alias');
  const alias = parents[index];
  return {
    root,
    grandparent: parents.at(-2) ?? null,
    parent,
    target: node,
    alias: alias === undefined ? null : { node: alias, path: at.slice(0, index) },
  };
}

function edit(source: YamlSource, at: Path, value: Node | null, candidatesFor: (found: Located) => Candidates): readonly Splice[] {
  const found = locate(source, at);
  const { root, parent, target, alias } = found;
  const changed = withValueAt(root, at, value);
  // What stands there by an alias has no text of its own: the alias gives way to a copy with the change.
  if (alias !== null) return bestOf(source, anew(source, alias.node, valueAt(changed, alias.path)), changed, editOf(placeOf(alias.node)));
  const candidates = function* (): Candidates {
    yield* candidatesFor(found);
    if (!isBlock(parent)) yield* anew(source, parent, valueAt(changed, at.slice(0, -1)));
  };
  return bestOf(source, candidates(), changed, target === null ? addedTo(parent) : editOf(extentOf(source, target)));
}

function* anew(source: YamlSource, node: Node, changed: Node | null): Candidates {
  if (changed !== null && node.place !== null) yield rewritten(source, node, changed);
}

/** An empty map or list in brackets is filled in the style of what is around it. */
function* additions(source: YamlSource, grandparent: Parent | null, parent: Parent, entry: Entry): Candidates {
  const isBare = parent.place !== null && /^[[{]\s*[\]}]$/.test(source.text.slice(parent.place.start, parent.place.end));
  if (isBare && grandparent === null) yield filled(source, parent, entry);
  if (isBare && grandparent !== null && isBlock(grandparent)) {
    const value: Parent = parent.kind === 'map' ? { ...parent, items: [entry] } : { ...parent, items: [entry.value] };
    yield* replacements(source, grandparent, parent, { ...value, place: null });
  }
  yield* insertions(source, parent, entry);
}

function extentOf({ text }: YamlSource, target: Node): Span {
  const { slot, end } = placeOf(target);
  return { start: slot - 1, end: isBlock(target) ? tailEnd(text, target) : end };
}

function addedTo(parent: Parent): Affects {
  return parent.place === null ? () => false : additionTo(placeOf(parent));
}

/** The first candidate if it leaves every comment where it was; else the one that leaves the most. */
function bestOf(source: YamlSource, candidates: Candidates, changed: Branch, affects: Affects): readonly Splice[] {
  let best: (Fit & { readonly splices: readonly Splice[] }) | null = null;
  for (const candidate of candidates) {
    const splices = [...candidate, ...expansions(source, candidate, affects)];
    const fit = fitOf(source, splices, changed);
    if (fit === null) continue;
    if (best === null && fit.isExact) return splices;
    if (best === null || fit.comments > best.comments || (fit.comments === best.comments && fit.isExact && !best.isExact))
      best = { ...fit, splices };
  }
  if (best === null) throw cannot('the text around the value has no place for the change: make it with sec edit');
  return best.splices;
}

/** An edited text that has every value right. */
interface Fit {
  /** Whether each comment is in the map or list where it was. */
  readonly isExact: boolean;
  readonly comments: number;
}

function fitOf(source: YamlSource, splices: readonly Splice[], changed: Branch): Fit | null {
  const read = attemptRead(applySplices(source.text, splices));
  if (read === null || read.tree.documents.length !== source.tree.documents.length) return null;
  const isCut = ({ place }: Comment): boolean =>
    splices.some(({ start, end }) => place !== null && start <= place.start && place.start < end);
  const wanted = { documents: [changed, ...source.tree.documents.slice(1)] };
  const comments = read.tree.documents.flatMap(commentsOf);
  if (sameTree(pruned(wanted, isCut), read.tree)) return { isExact: true, comments: comments.length };
  const all = (): boolean => true;
  const isSafe = sameTree(pruned(wanted, all), pruned(read.tree, all)) && sameComments(source.tree, comments, isCut);
  return isSafe ? { isExact: false, comments: comments.length } : null;
}

function attemptRead(text: string): YamlSource | null {
  try {
    return readYaml(Buffer.from(text), '');
  } catch (error) {
    if (error instanceof SecError) return null;
    throw error;
  }
}

/** Whether all comments that were not cut are still comments. */
function sameComments(old: Tree, found: readonly Comment[], isCut: (comment: Comment) => boolean): boolean {
  const left = old.documents.flatMap(commentsOf).filter((comment) => !isCut(comment));
  return left.length === found.length && left.every(({ text }, index) => text === found[index]?.text);
}

function pruned({ documents }: Tree, isCut: (comment: Comment) => boolean): Tree {
  return { documents: documents.map((document) => prunedMap(document, isCut)) };
}

function prunedMap(map: Branch, isCut: (comment: Comment) => boolean): Branch {
  const items = map.items.filter((item) => item.kind === 'entry' || !isCut(item));
  return { ...map, items: items.map((item) => (item.kind === 'entry' ? { ...item, value: prunedNode(item.value, isCut) } : item)) };
}

function prunedNode(node: Node, isCut: (comment: Comment) => boolean): Node {
  if (node.kind === 'leaf') return node;
  if (node.kind === 'map') return prunedMap(node, isCut);
  const items = node.items.filter((item) => item.kind !== 'comment' || !isCut(item));
  return { ...node, items: items.map((item) => (item.kind === 'comment' ? item : prunedNode(item, isCut))) };
}

import type { Path } from '../../src/core/path.ts';
import type { Branch, Comment, Entry, List, Node, Tree } from '../../src/core/tree.ts';

/** Which value of a document is changed. */

/** A single value and its way from the root of the first document. */
export interface Target {
  readonly path: Path;
  /** Whether sops finds it under this path too: its positions count comments. */
  readonly isSameForSops: boolean;
}

/** The value of a number, among all that can be named in both notations; `null` where there is none. */
export function targetOf(tree: Tree, pick: number): Target | null {
  const [root] = tree.documents;
  const all = root === undefined ? [] : targetsIn(root, [], true);
  return all[pick % Math.max(all.length, 1)] ?? null;
}

function targetsIn(node: Node, path: Path, isSameForSops: boolean): readonly Target[] {
  if (node.kind === 'leaf') return [{ path, isSameForSops }];
  const keys = node.items.flatMap((item) => (item.kind === 'entry' ? [item.key] : []));
  const hasComments = node.kind === 'list' && node.items.some(({ kind }) => kind === 'comment');
  let position = 0;
  return [...node.items].flatMap((item: Node | Entry | Comment) => {
    if (item.kind === 'comment') return [];
    if (item.kind !== 'entry') return targetsIn(item, [...path, position++], isSameForSops && !hasComments);
    const isPlain = /^[^[\]"'\\\p{C}\uFFFD]*$/u.test(item.key) && keys.filter((key) => key === item.key).length === 1;
    return isPlain ? targetsIn(item.value, [...path, item.key], isSameForSops) : [];
  });
}

/** The path as sops takes it. */
export function sopsPath(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `["${step}"]`)).join('');
}

/** The tree with another value at a path of the first document. */
export function replaced({ documents: [root, ...more] }: Tree, path: Path, value: Node): Tree {
  if (root === undefined) throw new Error('no document');
  const changed = at(root, path, value);
  if (changed.kind !== 'map') throw new Error('a document is a map');
  return { documents: [changed, ...more] };
}

function at(node: Node, [step, ...rest]: Path, value: Node): Node {
  if (step === undefined) return value;
  if (node.kind === 'leaf') throw new Error('there is nothing below a single value');
  return node.kind === 'map' ? inMap(node, step, (inner) => at(inner, rest, value)) : inList(node, step, (inner) => at(inner, rest, value));
}

function inMap(map: Branch, step: string | number, change: (node: Node) => Node): Branch {
  return {
    ...map,
    items: map.items.map((item) => (item.kind === 'entry' && item.key === step ? { ...item, value: change(item.value) } : item)),
  };
}

function inList(list: List, step: string | number, change: (node: Node) => Node): List {
  let position = 0;
  return { ...list, items: list.items.map((item) => (item.kind !== 'comment' && position++ === step ? change(item) : item)) };
}

import type { Path } from './path.ts';
import type { Branch, Comment, Entry, List, Node } from './tree.ts';

/** Values by their paths. Positions count values, never comments. Of equal keys the first one counts, as in sops. */

/** The value at a path below a node, or `null` where there is none. */
export function valueAt(node: Node, path: Path): Node | null {
  let at: Node | null = node;
  for (const step of path) {
    if (at === null || at.kind === 'leaf') return null;
    at = childAt(at, step);
  }
  return at;
}

/** The value one step below. A key never fits a list, nor a position a map. */
export function childAt(node: Branch | List, step: string | number): Node | null {
  if (node.kind === 'list') return typeof step === 'number' ? (valuesOf(node)[step] ?? null) : null;
  const found = node.items.find((item) => item.kind === 'entry' && item.key === step);
  return found?.kind === 'entry' ? found.value : null;
}

/** The elements of a list that are values. */
export function valuesOf(list: List): readonly Node[] {
  return list.items.flatMap((item) => (item.kind === 'comment' ? [] : [item]));
}

/**
 * The tree with one value put, replaced or, for `null`, taken away. Everything else is the same node as before. Of the steps to a new
 * value all but the last must be there.
 */
export function withValueAt(root: Branch, path: Path, value: Node | null): Branch {
  const [step, ...rest] = path;
  if (step === undefined) throw new RangeError('the path is empty');
  return { ...root, items: mapItems(root, step, (old) => below(old, rest, value)) };
}

function below(node: Node | null, path: Path, value: Node | null): Node | null {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (node === null || node.kind === 'leaf') throw new RangeError('the path leads through a single value');
  if (node.kind === 'map') return { ...node, items: mapItems(node, step, (old) => below(old, rest, value)) };
  return { ...node, items: listItems(node, step, (old) => below(old, rest, value)) };
}

type Change = (old: Node | null) => Node | null;

function mapItems({ items }: Branch, step: string | number, change: Change): Branch['items'] {
  const index = items.findIndex((item) => item.kind === 'entry' && item.key === step);
  const old = items[index];
  const entry: Entry | null = old?.kind === 'entry' ? old : null;
  const value = change(entry?.value ?? null);
  const changed: readonly Entry[] = value === null ? [] : [{ kind: 'entry', key: String(step), keySpan: entry?.keySpan ?? null, value }];
  return entry === null ? [...items, ...changed] : items.toSpliced(index, 1, ...changed);
}

function listItems({ items }: List, step: string | number, change: Change): List['items'] {
  let position = 0;
  const index = items.findIndex((item: Node | Comment) => item.kind !== 'comment' && position++ === step);
  const old = items[index];
  const value = change(old === undefined || old.kind === 'comment' ? null : old);
  const changed = value === null ? [] : [value];
  return old === undefined ? [...items, ...changed] : items.toSpliced(index, 1, ...changed);
}

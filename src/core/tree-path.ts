import type { Path } from './path.ts';
import type { Branch, Comment, Entry, List, Node } from './tree.ts';

/**
 * Values by their paths. Positions count values, never comments. Of equal keys the first one counts, as in sops; but where that leads
 * nowhere, the next may lead on: INI files have a section before the first that often has nothing in it.
 */

/** The value at a path below a node, or `null` where there is none. */
export function valueAt(node: Node, path: Path): Node | null {
  const [step, ...rest] = path;
  if (step === undefined) return node;
  if (node.kind === 'leaf') return null;
  if (node.kind === 'map') return entryOn(node, step, rest)?.found ?? null;
  const child = childAt(node, step);
  return child === null ? null : valueAt(child, rest);
}

/** The map or list in which a path ends, whether or not its last step is there; `null` where it leads nowhere. */
export function containerAt(root: Branch, path: Path): Branch | List | null {
  let node: Node | null = root;
  for (const [index, step] of path.slice(0, -1).entries()) {
    if (node === null || node.kind === 'leaf') return null;
    const on: Node | null = node.kind === 'map' ? (entryOn(node, step, path.slice(index + 1))?.entry.value ?? null) : null;
    node = on ?? childAt(node, step);
  }
  return node === null || node.kind === 'leaf' || path.length === 0 ? null : node;
}

/** The entry of a key that leads on to a value. */
function entryOn({ items }: Branch, key: string | number, rest: Path): { readonly entry: Entry; readonly found: Node } | null {
  for (const entry of items) {
    const found = entry.kind === 'entry' && entry.key === key ? valueAt(entry.value, rest) : null;
    if (found !== null && entry.kind === 'entry') return { entry, found };
  }
  return null;
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
  return { ...root, items: mapItems(root, step, rest, (old) => below(old, rest, value)) };
}

function below(node: Node | null, path: Path, value: Node | null): Node | null {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (node === null || node.kind === 'leaf') throw new RangeError('the path leads through a single value');
  if (node.kind === 'map') return { ...node, items: mapItems(node, step, rest, (old) => below(old, rest, value)) };
  return { ...node, items: listItems(node, step, (old) => below(old, rest, value)) };
}

type Change = (old: Node | null) => Node | null;

function mapItems(map: Branch, step: string | number, rest: Path, change: Change): Branch['items'] {
  const isNamed = (item: Entry | Comment): item is Entry => item.kind === 'entry' && item.key === step;
  const old = entryOn(map, step, rest)?.entry ?? map.items.find(isNamed);
  const value = change(old?.value ?? null);
  if (old === undefined) return value === null ? map.items : [...map.items, { kind: 'entry', key: String(step), keySpan: null, value }];
  return map.items.flatMap((item) => (item !== old ? [item] : value === null ? [] : [{ ...old, value }]));
}

function listItems({ items }: List, step: string | number, change: Change): List['items'] {
  let position = 0;
  const index = items.findIndex((item: Node | Comment) => item.kind !== 'comment' && position++ === step);
  const old = items[index];
  const value = change(old === undefined || old.kind === 'comment' ? null : old);
  const changed = value === null ? [] : [value];
  return old === undefined ? [...items, ...changed] : items.toSpliced(index, 1, ...changed);
}

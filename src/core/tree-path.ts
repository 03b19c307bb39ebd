import type { Path } from './path.ts';
import type { Branch, List, Node } from './tree.ts';

/** Values by their paths. Positions count values, never comments. */

/** The value at a path below a node, or `null` where there is none. Of equal keys the last one counts, as in every reader. */
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
  const found = node.items.findLast((item) => item.kind === 'entry' && item.key === step);
  return found?.kind === 'entry' ? found.value : null;
}

/** The elements of a list that are values. */
export function valuesOf(list: List): readonly Node[] {
  return list.items.flatMap((item) => (item.kind === 'comment' ? [] : [item]));
}

import { sameScalar } from './mac.ts';
import type { Comment, Entry, Node, Scalar, Tree } from './tree.ts';

/** Whether two trees hold the same: keys, values and types, comments, all in the same order. Places do not matter. */
export function sameTree(one: Tree, other: Tree, same: SameScalar = sameScalar): boolean {
  return sameItems(one.documents, other.documents, same);
}

type Item = Node | Entry | Comment;
type SameScalar = (one: Scalar, other: Scalar) => boolean;

/** The same for sealed values: the line breaks that a text block puts behind `ENC[…]` are no part of it (§11.2). */
export function sameSealedScalar(one: Scalar, other: Scalar): boolean {
  if (one.type !== 'str' || other.type !== 'str' || !one.text.startsWith('ENC[')) return sameScalar(one, other);
  return one.text === other.text.replace(/\n+$/, '');
}

function sameItems(one: readonly Item[], other: readonly Item[], same: SameScalar): boolean {
  return one.length === other.length && one.every((item, index) => sameItem(item, other[index], same));
}

function sameItem(one: Item, other: Item | undefined, same: SameScalar): boolean {
  if (other === undefined) return false;
  switch (one.kind) {
    case 'leaf':
      return other.kind === 'leaf' && same(one.value, other.value);
    case 'comment':
      return other.kind === 'comment' && one.text === other.text;
    case 'entry':
      return other.kind === 'entry' && one.key === other.key && sameItem(one.value, other.value, same);
    case 'map':
    case 'list':
      return other.kind === one.kind && sameItems(one.items, other.items, same);
  }
}

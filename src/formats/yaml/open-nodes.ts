import type { CST } from 'yaml';

import { isSealedComment } from '../../core/cipher.ts';
import type { Branch, Comment, Entry, Leaf, List, Node } from '../../core/tree.ts';
import { isYamlPlace } from './place.ts';

/** Nodes while they are read. */

/** A map that is filled while comments find their place among its items. */
export interface OpenBranch extends Branch {
  readonly items: (Entry | Comment)[];
  readonly depth: number;
}

/** The same for a list. */
export interface OpenList extends List {
  readonly items: (Node | Comment)[];
  readonly depth: number;
}

/** Either of them. */
export type OpenCollection = OpenBranch | OpenList;

/** Holds the place of an item until its node is read. */
export const emptyLeaf: Leaf = { kind: 'leaf', value: { type: 'null' }, place: null };

/** Whether a node is being filled by this builder, and takes comments. */
export function isOpenCollection(node: Node): node is OpenCollection {
  return node.kind !== 'leaf' && 'depth' in node;
}

/** Whether a token is a single value and no alias. */
export function isScalarToken(token: CST.Token): token is CST.FlowScalar | CST.BlockScalar {
  return (
    token.type === 'scalar' ||
    token.type === 'single-quoted-scalar' ||
    token.type === 'double-quoted-scalar' ||
    token.type === 'block-scalar'
  );
}

/** sops writes a sealed comment of a list as an item (`sops-format.md` §10.5): here it is the comment that it stands for. */
export function asComment(node: Node, dash: number): Comment | null {
  if (node.kind !== 'leaf' || node.value.type !== 'str' || node.place === null || !isSealedComment(node.value.text)) return null;
  const context = isYamlPlace(node.place) ? dashContext(node.place.indent) : '';
  const place = { ...node.place, start: dash, style: 'item', context };
  return { kind: 'comment', text: node.value.text, inline: false, place };
}

/** The context of a comment in a list: what sops wrote as an item stays one, wherever a comment stands in the column of a dash. */
export function dashContext(column: number): string {
  return `dash ${column}`;
}

/** The context of the only comment of an empty list. */
export const loneContext = 'lone';

/** A list of nothing but sealed comments is an empty one: its brackets come back with the first of them. */
export function markLone(list: OpenList): void {
  const [first] = list.items;
  const isLone = list.items.every((item) => item.kind === 'comment' && item.place?.style === 'item');
  if (isLone && first?.kind === 'comment' && first.place !== null)
    list.items[0] = { ...first, place: { ...first.place, style: 'lone item', context: loneContext } };
}

/** Whether comments stand anywhere in a node. */
export function hasComments(node: Node): boolean {
  if (node.kind === 'leaf') return false;
  if (node.kind === 'list') return node.items.some((item) => item.kind === 'comment' || hasComments(item));
  return node.items.some((item) => item.kind === 'comment' || hasComments(item.value));
}

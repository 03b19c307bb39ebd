import type { Branch, Comment, Leaf, List, Node, Scalar, Tree } from '../../src/core/tree.ts';

/** Trees that stand in no text. */

/** A leaf of any type. */
export const leaf = (value: Scalar): Leaf => ({ kind: 'leaf', value, place: null });
/** A leaf of text. */
export const str = (text: string): Leaf => leaf({ type: 'str', text });
/** A list of nodes and comments. */
export const list = (...items: readonly (Node | Comment)[]): List => ({ kind: 'list', items, place: null });
/** A comment line. */
export const comment = (text: string): Comment => ({ kind: 'comment', text, inline: false, place: null });

/** A map with the keys of an object, in their order. */
export const map = (entries: Readonly<Record<string, Node>>): Branch => ({
  kind: 'map',
  place: null,
  items: Object.entries(entries).map(([key, value]) => ({ kind: 'entry', key, keySpan: null, value })),
});

/** One document. */
export const treeOf = (entries: Readonly<Record<string, Node>>): Tree => ({ documents: [map(entries)] });

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JavaScript value as a tree; its numbers are whole. */
export function nodeOf(value: Json): Node {
  if (value === null) return leaf({ type: 'null' });
  if (typeof value === 'string') return str(value);
  if (typeof value === 'number') return leaf({ type: 'int', text: String(value) });
  if (typeof value === 'boolean') return leaf({ type: 'bool', value });
  if (isJsonList(value)) return list(...value.map(nodeOf));
  return map(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, nodeOf(inner)])));
}

function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

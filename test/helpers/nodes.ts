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

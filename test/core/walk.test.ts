import { expect, test } from 'vitest';

import type { Tree } from '../../src/core/tree.ts';
import { everywhere, mapTree } from '../../src/core/walk.ts';
import type { Spot, Visitor } from '../../src/core/walk.ts';
import { comment, list, map, str } from '../helpers/nodes.ts';

const first = map({ a: str('1'), b: map({ c: str('2') }), l: list(comment(' x'), str('3'), list(str('4')), map({ d: str('5') })) });
const tree: Tree = { documents: [{ ...first, items: [comment(' top'), ...first.items] }, map({ a: str('6') })] };

type Seen = Pick<Spot, 'aad' | 'ordinal' | 'selected' | 'inList'> & { readonly what: string; readonly path: string };

function seen(withCollections: boolean): readonly Seen[] {
  const all: Seen[] = [];
  const note = (what: string, spot: Spot): void => {
    const { aad, ordinal, selected, inList } = spot;
    all.push({ what, aad, ordinal, selected, inList, path: spot.path().join('/') });
  };
  const visitor: Visitor = {
    leaf: (leaf, spot) => (note(leaf.value.type === 'str' ? leaf.value.text : '?', spot), leaf),
    comment: (one, spot) => (note(`#${one.text}`, spot), one),
  };
  mapTree(tree, everywhere(true), withCollections ? { ...visitor, enter: (node, spot) => note(node.kind, spot) } : visitor);
  return all;
}

test('comes to all nodes in the order of the documents, each with its path and number', () => {
  const rows = seen(true).map(({ what, aad, ordinal, path }) => `${what} ${aad} ${ordinal} ${path}`);

  expect(rows).toEqual([
    'map  1 ',
    '# top : -1 ',
    '1 a: 2 a',
    'map b: 3 b',
    '2 b:c: 4 b/c',
    'list l: 5 l',
    '# x l: -2 l',
    '3 l: 6 l/0',
    'list l: 7 l/1',
    '4 l: 8 l/1/0',
    'map l: 9 l/2',
    '5 l:d: 10 l/2/d',
    'map  11 ',
    '6 a: 12 a',
  ]);
});

test('numbers the nodes the same whoever looks', () => {
  const withoutCollections = seen(true).filter(({ what }) => what !== 'map' && what !== 'list');

  expect(seen(false)).toEqual(withoutCollections);
});

test('gives the tree that the visitor makes, in the old places', () => {
  const result = mapTree(tree, everywhere(true), {
    leaf: (leaf) => ({ ...leaf, value: { type: 'str', text: 'new' } }),
    comment: (one) => ({ ...one, text: 'new' }),
  });
  const document = map({
    a: str('new'),
    b: map({ c: str('new') }),
    l: list(comment('new'), str('new'), list(str('new')), map({ d: str('new') })),
  });

  expect(result).toEqual({ documents: [{ ...document, items: [comment('new'), ...document.items] }, map({ a: str('new') })] });
});

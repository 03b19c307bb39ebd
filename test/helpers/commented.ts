import fc from 'fast-check';

import type { Scope } from '../../src/core/selection.ts';

/** Trees of nothing but keys, comments and leaves, for what is encrypted and what is not. Every leaf and comment has a number. */
export type Commented = { readonly kind: 'leaf'; readonly id: number } | { readonly kind: 'map' | 'list'; readonly items: readonly Item[] };

export type Item =
  | { readonly kind: 'comment'; readonly id: number; readonly text: string }
  | { readonly kind: 'entry'; readonly key: string | null; readonly value: Commented };

type Shape = null | {
  readonly kind: 'map' | 'list';
  readonly entries: readonly (readonly [key: string, comments: readonly string[], value: Shape])[];
};

/**
 * Documents whose keys and comments are among the words given. Comments stand only where go-yaml leaves no doubt what they belong
 * to: before an entry, but not at the start of a map or list that is itself an element of a list.
 */
export function commented(keys: readonly string[], words: readonly string[]): fc.Arbitrary<Commented> {
  const { document } = fc.letrec<{ leaf: Shape; collection: Shape; value: Shape; document: Shape }>((tie) => ({
    leaf: fc.constant(null),
    collection: collectionOf(fc.constantFrom('map' as const, 'list' as const), tie('value')),
    value: fc.oneof({ maxDepth: 3, depthSize: 'small' }, tie('leaf'), tie('collection')),
    document: collectionOf(fc.constant('map' as const), tie('value')),
  }));
  return document.map((shape) => number(shape, { last: 0 }, false));

  function collectionOf(kind: fc.Arbitrary<'map' | 'list'>, value: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
    const comments = fc.array(fc.constantFrom(...words), { maxLength: 2 });
    const entry = fc.tuple(fc.constantFrom(...keys), comments, value);
    return fc.record({ kind, entries: fc.uniqueArray(entry, { minLength: 1, maxLength: 4, selector: ([key]) => key }) });
  }
}

function number(shape: Shape, ids: { last: number }, inList: boolean): Commented {
  if (shape === null) return { kind: 'leaf', id: ++ids.last };
  const items = shape.entries.flatMap(([key, comments, value], at): Item[] => [
    ...(inList && at === 0 ? [] : comments).map((word): Item => {
      const id = ++ids.last;
      return { kind: 'comment', id, text: ` ${word} ${mark(id)}` };
    }),
    { kind: 'entry', key: shape.kind === 'map' ? key : null, value: number(value, ids, shape.kind === 'list') },
  ]);
  return { kind: shape.kind, items };
}

/** A text that base64 cannot hold by chance. */
export function mark(id: number): string {
  return `_${id}_`;
}

/** The numbers of all leaves and comments that a selection leaves in the clear, in document order. */
export function clearIds(node: Commented, scope: Scope): readonly number[] {
  if (node.kind === 'leaf') return scope.selected ? [] : [node.id];
  const level = scope.enter();
  return node.items.flatMap((item) => {
    if (item.kind === 'comment') return level.comment(item.text) ? [] : [item.id];
    return clearIds(item.value, level.entry(item.key));
  });
}

/** All numbers, in document order. */
export function allIds(node: Commented): readonly number[] {
  if (node.kind === 'leaf') return [node.id];
  return node.items.flatMap((item) => (item.kind === 'comment' ? [item.id] : allIds(item.value)));
}

/** The document as YAML, its values and comments with their marks. */
export function toYaml(document: Commented): string {
  return `${lines(document).join('\n')}\n`;
}

function lines(node: Commented): readonly string[] {
  if (node.kind === 'leaf') return [`v${mark(node.id)}`];
  return node.items.flatMap((item) => {
    if (item.kind === 'comment') return [`#${item.text}`];
    const [first = '', ...rest] = lines(item.value);
    if (item.key === null) return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
    return item.value.kind === 'leaf' ? [`${item.key}: ${first}`] : [`${item.key}:`, ...[first, ...rest].map((line) => `    ${line}`)];
  });
}

import type { Comment, Entry, Node, Place, Span } from '../core/tree.ts';

/** Where the items of a JSON object or array stand, and what has to go with an item that goes. */

/** From the key, or from the start of the element, to the end of the value. @throws RangeError for a node that stands in no text */
export function spanOf(item: Entry | Node | Comment): Span {
  if (item.kind !== 'entry') return placeOf(item);
  if (item.keySpan === null) throw new RangeError('a key that stands in no text');
  return { start: item.keySpan.start, end: placeOf(item.value).end };
}

/** The place of a node that stands in a text. @throws RangeError where it does not */
export function placeOf(node: Node | Comment): Place {
  if (node.place === null) throw new RangeError('a value that stands in no text');
  return node.place;
}

/**
 * What to cut so that the items that go leave no comma behind, `null` for those that stay. The cuts do not overlap, and together
 * they are right: an item behind one that stays goes with the comma before it, one at the front with the comma after it.
 */
export function dropSpans(container: Span, items: readonly Span[], goes: (index: number) => boolean): readonly (Span | null)[] {
  const firstKept = items.findIndex((_, index) => !goes(index));
  return items.map(({ start, end }, index) => {
    if (!goes(index)) return null;
    if (firstKept >= 0 && index > firstKept) return { start: items[index - 1]?.end ?? start, end };
    const next = items[index + 1]?.start;
    return { start: index === 0 && firstKept < 0 ? container.start + 1 : start, end: next ?? container.end - 1 };
  });
}

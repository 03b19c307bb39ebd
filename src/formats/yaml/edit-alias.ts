import type { Branch, Comment, Node, Span, Splice } from '../../core/tree.ts';
import { placeOf } from './edit-place.ts';
import type { Sibling } from './edit-place.ts';
import { printFlow, printScalar, spotOf } from './open-seal.ts';
import { typed } from './edit-put.ts';
import type { YamlSource } from './source.ts';

/** An edit changes one value. What refers to it by an alias keeps the old one, written out in the place of the alias. */

/** Whether an edit changes what stands at a span. */
export type Affects = (target: Span) => boolean;

/** An edit of a node changes all anchored nodes that it is, is in, or holds. */
export function editOf({ start, end }: Span): Affects {
  return (target) => target.start < Math.max(end, start + 1) && start < target.end;
}

/** What is added to a collection changes the anchored nodes around it, and none in it. */
export function additionTo({ start, end }: Span): Affects {
  return (target) => target.start < start && end <= target.end;
}

/** The replacements of all aliases that an edit would change. Those that go with the edit need none. */
export function expansions({ tree, eol }: YamlSource, edit: readonly Splice[], affects: Affects): readonly Splice[] {
  return aliasesIn(tree.documents[0]).flatMap((node) => {
    const { start, end, target } = placeOf(node);

    const isGone = edit.some((cut) => cut.start <= start && end <= cut.end);
    return isGone || target === null || !affects(target) ? [] : [{ start, end, text: standIn(node, eol) }];
  });
}

function aliasesIn(item: Sibling | Comment | undefined): readonly Node[] {
  if (item === undefined || item.kind === 'comment') return [];
  if (item.kind === 'entry') return aliasesIn(item.value);
  if (item.place?.style === 'alias') return [item];
  return item.kind === 'leaf' ? [] : (item satisfies Branch | Node).items.flatMap(aliasesIn);
}

/** What an alias stands for, on its line. */
function standIn(node: Node, eol: string): string {
  const value = typed(node);
  if (value.kind !== 'leaf' || (value.value.type === 'str' && value.value.text.includes('\n'))) return printFlow(value, () => null, eol);
  return printScalar(value.value, spotOf(placeOf(node)));
}

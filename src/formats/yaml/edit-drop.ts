import type { Branch, List, Node, Span, Splice } from '../../core/tree.ts';
import {
  beforeBreak,
  commaAt,
  commentsOf,
  endOf,
  fieldOf,
  isBlock,
  lineStart,
  nextLine,
  nodeOf,
  placeOf,
  siblingsOf,
  startOf,
  tailEnd,
} from './edit-place.ts';
import type { Sibling } from './edit-place.ts';
import type { YamlSource } from './source.ts';

/** Values taken out of a plain text. Each generator gives the ways to do it, the best first: what it reads as decides. */

/** The neighbours of what goes. */
interface Place {
  readonly own: Sibling;
  readonly before: Sibling | undefined;
  readonly next: Sibling | undefined;
}

export function* removals(source: YamlSource, parent: Branch | List, target: Node): Generator<readonly Splice[]> {
  const siblings = siblingsOf(parent);
  const index = siblings.findIndex((item) => nodeOf(item) === target);
  const own = siblings[index];
  if (own === undefined) throw new RangeError('nothing stands at the path');
  const place = { own, before: siblings[index - 1], next: siblings[index + 1] };
  if (!isBlock(parent)) yield* inFlow(source, parent, place);
  else if (siblings.length === 1) yield emptied(source, parent, own);
  else yield* inBlock(source, parent, place);
}

function* inFlow({ text }: YamlSource, parent: Branch | List, { own, before, next }: Place): Generator<readonly Splice[]> {
  const span = { start: startOf(own, parent), end: endOf(own) };
  const cut = (start: number, end: number): readonly Splice[] => [{ start, end, text: '' }];
  if (next !== undefined) yield cut(span.start, startOf(next, parent));
  else if (before !== undefined && !hasComment(parent, { start: endOf(before), end: span.start })) yield cut(endOf(before), span.end);
  else if (before === undefined && commentsOf(parent).length === 0) yield cut(placeOf(parent).start + 1, placeOf(parent).end - 1);
  else yield [itemSpan(text, span)];
}

/** The last item in brackets, with its line where it has one of its own. */
function itemSpan(text: string, { start, end }: Span): Splice {
  const itemEnd = end + commaAt(text, end);
  const lineEnd = nextLine(text, itemEnd);
  const hasLine = isAlone(text, start) && /^\s*(?:#|$)/.test(text.slice(itemEnd, lineEnd));
  return hasLine ? { start: lineStart(text, start), end: lineEnd, text: '' } : { start, end: itemEnd, text: '' };
}

function* inBlock(source: YamlSource, parent: Branch | List, { own, next }: Place): Generator<readonly Splice[]> {
  const { text } = source;
  const start = startOf(own, parent);
  const end = tailEnd(text, nodeOf(own));
  if (isAlone(text, start)) {
    yield [cutLines(text, start, end)];
    // A comment that follows could become part of a text block above.
    yield [cutLines(text, start, pastComments(text, end))];
    return;
  }
  if (next === undefined) return;
  const nextStart = startOf(next, parent);
  const { head } = fieldOf(text, parent);
  // The first entry behind a dash: what follows takes its place on the line, unless a comment stands between.
  if (hasComment(parent, { start: end, end: nextStart })) yield [{ start: head, end: beforeBreak(text, end), text: '' }];
  yield [{ start, end: nextStart, text: '' }];
}

/** The last entry leaves an empty map or list behind, not a null. */
function emptied(source: YamlSource, parent: Branch | List, own: Sibling): readonly Splice[] {
  const { text, eol } = source;
  const empty = parent.kind === 'map' ? '{}' : '[]';
  const start = startOf(own, parent);
  const end = tailEnd(text, nodeOf(own));
  const isRoot = source.tree.documents[0] === parent;
  if (isRoot) return [{ start: lineStart(text, start), end, text: text[end - 1] === '\n' ? empty + eol : empty }];
  const { head, inline } = fieldOf(text, parent);
  if (inline.start > head) return [{ start: inline.start, end: beforeBreak(text, end), text: empty }];
  return [{ start: head, end: head, text: ` ${empty}` }, cutLines(text, start, end)];
}

/** Whole lines. The last one of a text that does not end takes the line break before it along. */
function cutLines(text: string, start: number, end: number): Splice {
  const line = lineStart(text, start);
  const isOpen = end === text.length && text[end - 1] !== '\n';
  return { start: isOpen ? beforeBreak(text, line) : line, end, text: '' };
}

/** Behind the blank lines and indented comments that follow. */
function pastComments(text: string, offset: number): number {
  const lines = /(?:[ \t]*(?:[ \t]#[^\n]*)?\r?\n)*(?:[ \t]*(?:[ \t]#[^\n]*)?$)?/y;
  lines.lastIndex = offset;
  return offset + (lines.exec(text)?.[0].length ?? 0);
}

/** Whether nothing stands before an entry on its line. */
function isAlone(text: string, start: number): boolean {
  return text.slice(lineStart(text, start), start).trim() === '';
}

function hasComment(parent: Branch | List, { start, end }: Span): boolean {
  return commentsOf(parent).some(({ place }) => place !== null && place.start >= start && place.start < end);
}

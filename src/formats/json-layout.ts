import type { Branch, List, Place } from '../core/tree.ts';
import { defaultLayout } from './json-print.ts';
import type { Layout } from './json-print.ts';
import { spanOf } from './json-spans.ts';

/** How the neighbours of new text are laid out. */

/** A map or a list that stands in a text. */
export type Container = (Branch | List) & { readonly place: Place };

const lastLineEnd = /(\r\n|\n|\r)([^\r\n]*)$/;
const plainBreak = /^,[^\S\r\n]*(?:\r\n|\n|\r)\s*$/;

/** How the items of a container are laid out, and so a new one; for an empty container what the rest of the text suggests. */
export function itemLayout(text: string, root: Container, container: Container): Layout {
  const whole = rootLayout(text, root);
  const gap = container.items.length > 0 ? gapBefore(text, container, container.items.length - 1) : null;
  if (gap === null) return whole.eol === null ? whole : { ...whole, indent: indentAt(text, container.place.start) + whole.unit };
  const lineEnd = lastLineEnd.exec(gap);
  if (!lineEnd) return { ...whole, eol: null, comma: onOneLine(gap, whole.colon) };
  return { ...whole, eol: lineEnd[1] ?? '\n', indent: indentOf(lineEnd[2] ?? '') };
}

/** What stands before a new last item: a comma, and the way to it that the last one has. */
export function separator(text: string, container: Container, layout: Layout): string {
  const count = container.items.length;
  if (count === 0) return '';
  const gap = gapBefore(text, container, count - 1);
  if (layout.eol !== null) return count > 1 && !plainBreak.test(gap) ? gap : `,${layout.eol}${layout.indent}`;
  return count > 1 ? gap : layout.comma;
}

function rootLayout(text: string, root: Container): Layout {
  const standard = { ...defaultLayout(null), eol: text.includes('\r\n') ? '\r\n' : '\n' };
  if (root.items.length === 0) return standard;
  const colon = colonOf(text, root) ?? standard.colon;
  const lineEnd = lastLineEnd.exec(gapBefore(text, root, 0));
  if (!lineEnd) return { ...standard, colon, eol: null, comma: onOneLine(root.items.length > 1 ? gapBefore(text, root, 1) : '', colon) };
  return { ...standard, colon, eol: lineEnd[1] ?? '\n', unit: lineEnd[2] ?? '' };
}

/** The comma between two items on one line, where there may be only one item to learn from. */
function onOneLine(gap: string, colon: string): string {
  if (gap.startsWith(',')) return gap;
  return gap === '' && !colon.endsWith(' ') ? ',' : ', ';
}

function colonOf(text: string, root: Container): string | null {
  const last = root.items.at(-1);
  if (last?.kind !== 'entry' || !last.keySpan || !last.value.place) return null;
  const colon = text.slice(last.keySpan.end, last.value.place.start);
  return /[\r\n]/.test(colon) ? null : colon;
}

/** From the end of the item before, or from the bracket, to the start of an item. */
function gapBefore(text: string, container: Container, index: number): string {
  const [before, item] = [container.items[index - 1], container.items[index]];
  if (!item) throw new RangeError('no such item');
  return text.slice(before ? spanOf(before).end : container.place.start + 1, spanOf(item).start);
}

/** The indentation of the line that holds a place. */
export function indentAt(text: string, at: number): string {
  const start = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
  return indentOf(text.slice(start, at));
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

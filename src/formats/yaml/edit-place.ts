import { SecError } from '../../core/problem.ts';
import type { Branch, Comment, Entry, List, Node, Span } from '../../core/tree.ts';
import { isYamlPlace } from './place.ts';
import type { YamlPlace } from './place.ts';

/** Where values stand in a text with their anchors, lines and comments: what an edit replaces or takes away. */

/** An entry or an item, and the node that has its value. */
export type Sibling = Entry | Node;

/** How a value in block style stands behind its colon or dash. */
export interface Field {
  /** Behind the colon or dash, and the anchor and the tag. */
  readonly head: number;
  /** What begins on the line of the colon or dash: of a text block, its header. */
  readonly inline: Span;
  /** Whole lines below that belong to it. */
  readonly body: Span;
}

export function placeOf({ place }: Node): YamlPlace {
  if (place === null || !isYamlPlace(place)) throw cannot('the value stands in no text');
  return place;
}

export function cannot(reason: string): SecError {
  return new SecError({ code: 'cannot-write', file: '', format: 'yaml', reason });
}

/** Whether a node is a map or a list whose entries stand on lines of their own. */
export function isBlock(node: Node): boolean {
  return blockOf(node) !== null;
}

function blockOf(node: Node): Branch | List | null {
  if (node.kind === 'leaf' || node.place === null) return null;
  const { style, flow } = placeOf(node);
  return !flow && (style === 'map' || style === 'list') ? node : null;
}

/** The values of a collection, without its comments. */
export function siblingsOf({ items }: Branch | List): readonly Sibling[] {
  return items.flatMap((item: Sibling | Comment) => (item.kind === 'comment' ? [] : [item]));
}

export function nodeOf(item: Sibling): Node {
  return item.kind === 'entry' ? item.value : item;
}

/** Offset of the key or the dash of an entry; in brackets, of an item with its anchor. */
export function startOf(item: Sibling, parent: Branch | List): number {
  if (item.kind === 'entry') return item.keySpan?.start ?? 0;
  return placeOf(item).slot - (isBlock(parent) ? 1 : 0);
}

/** Where an entry in brackets ends. */
export function endOf(item: Sibling): number {
  const { end } = placeOf(nodeOf(item));
  return item.kind === 'entry' ? Math.max(end, item.keySpan?.end ?? 0) : end;
}

/** Offset of the first character of a line. */
export function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start;
}

/** The end of a line without its line break. `offset` is where the next line begins, or the end of the text. */
export function beforeBreak(text: string, offset: number): number {
  if (text[offset - 1] !== '\n') return offset;
  return text[offset - 2] === '\r' ? offset - 2 : offset - 1;
}

/** Offset of the next line, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}

/** Behind the last line of a value, with the blank lines that are part of it. */
export function linesEnd(text: string, node: Node): number {
  const block = blockOf(node);
  const last = block === null ? undefined : siblingsOf(block).at(-1);
  if (last !== undefined) return linesEnd(text, nodeOf(last));
  const place = placeOf(node);
  if (place.style !== 'block') return nextLine(text, place.end);
  const end = text[place.end - 1] === '\n' ? place.end : nextLine(text, place.end);
  return place.block.includes('+') ? end + blankLines(text, end) : end;
}

/** How much of a text from an offset on is a comma with what is before it on the line. */
export function commaAt(text: string, offset: number): number {
  const comma = /[ \t]*,/y;
  comma.lastIndex = offset;
  return comma.exec(text)?.[0].length ?? 0;
}

/** How much of a text from an offset on is blank lines. */
export function blankLines(text: string, offset: number): number {
  const blank = /(?:[ \t]*\r?\n)*(?:[ \t]*$)?/y;
  blank.lastIndex = offset;
  return blank.exec(text)?.[0].length ?? 0;
}

/** The same with the comments at the end of a collection, if they stand at least where its entries do. */
export function tailEnd(text: string, node: Node): number {
  let end = linesEnd(text, node);
  if (!isBlock(node)) return end;
  const { column } = placeOf(node);
  for (const { place } of commentsOf(node)) {
    if (place === null || place.start < end) continue;
    const start = lineStart(text, place.start);
    if (place.start - start < column || text.slice(end, start).trim() !== '') break;
    end = nextLine(text, place.start);
  }
  return end;
}

/** All comments in a node, in the order of the text. */
export function commentsOf(node: Node): readonly Comment[] {
  const found: Comment[] = [];
  const collect = (item: Sibling | Comment): void => {
    if (item.kind === 'comment') found.push(item);
    else if (item.kind === 'entry') collect(item.value);
    else if (item.kind !== 'leaf') item.items.forEach(collect);
  };
  collect(node);
  return found.sort((one, other) => (one.place?.start ?? 0) - (other.place?.start ?? 0));
}

/** Anchors and tags before a node, in the order of the text. */
export function propsOf(text: string, { slot, start }: YamlPlace): readonly (Span & { readonly isTag: boolean })[] {
  return [...text.slice(slot, start).matchAll(/#[^\n]*|[&!|>]\S*/g)].flatMap(({ 0: word, index }) => {
    if (!/^[&!]/.test(word)) return [];
    return [{ start: slot + index, end: slot + index + word.length, isTag: word.startsWith('!') }];
  });
}

/** How a value of a block stands. */
export function fieldOf(text: string, node: Node): Field {
  const place = placeOf(node);
  const head = propsOf(text, place).at(-1)?.end ?? place.slot;
  const below = (offset: number, end?: number): Span => ({ start: nextLine(text, offset), end: end ?? nextLine(text, offset) });
  if (place.style === 'block') {
    const inline = headerOf(text, place, head);
    return { head, inline, body: below(inline.end, linesEnd(text, node)) };
  }
  if (!isBlock(node)) return { head, inline: place, body: below(place.end) };
  const end = tailEnd(text, node);
  if (text.slice(head, place.start).includes('\n')) return { head, inline: { start: head, end: head }, body: below(head, end) };
  return { head, inline: { start: place.start, end: beforeBreak(text, end) }, body: { start: end, end } };
}

/** The header of a text block, which is no part of its place where a comment stands behind it. */
function headerOf(text: string, { start, block, head }: YamlPlace, from: number): Span {
  const at = head === '' ? text.indexOf(block, from) : start;
  return { start: at, end: at + block.length };
}

import type { Branch, Entry, Leaf, List, Node, Splice } from '../../core/tree.ts';
import { canonicalFloat } from '../../core/numbers.ts';
import {
  beforeBreak,
  commaAt,
  endOf,
  fieldOf,
  isBlock,
  lineStart,
  linesEnd,
  nextLine,
  placeOf,
  propsOf,
  siblingsOf,
  startOf,
  tailEnd,
} from './edit-place.ts';
import type { Field, Sibling } from './edit-place.ts';
import { fitsHeader, openLeaf, printFlow, printScalar, spotOf } from './open-seal.ts';
import type { YamlPlace } from './place.ts';
import { readsAs } from './resolve.ts';
import { printEntry, printHead, printList, printMap } from './print.ts';
import type { YamlSource } from './source.ts';
import { blockLines } from './text.ts';

/** Values put into a plain text. Each generator gives the ways to write one, the best first: what it reads as decides. */

type Parent = Branch | List;

/** A new value for one that stands there. */
export function* replacements(source: YamlSource, parent: Parent, target: Node, value: Node): Generator<readonly Splice[]> {
  const untagged = withoutTags(source.text, target, value);
  const write = isBlock(parent) ? inBlock : inFlow;
  for (const lines of [linesFor(source, parent, target, value), [onOneLine(source, value)]])
    yield [...untagged, ...write(source, parent, target, lines)];
}

/** A new value at the end of a map or a list. */
export function* insertions(source: YamlSource, parent: Parent, entry: Entry): Generator<readonly Splice[]> {
  const { text } = source;
  const isRoot = parent.place === null;
  if (!isRoot && !isBlock(parent)) {
    yield insertInFlow(source, parent, entry);
    return;
  }
  const ends = isRoot ? [source.documents[0]?.end ?? text.length] : [...new Set([tailEnd(text, parent), linesEnd(text, parent)])];
  for (const lines of [linesOf(source, parent, entry), [oneLineOf(source, parent, entry)]])
    for (const end of ends) yield [insertLines(source, end, lines)];
  const closed = closedBlock(source);
  if (closed !== null) for (const end of ends) yield [closed, insertLines(source, end, linesOf(source, parent, entry))];
}

/** A text block that ends a file without a line break gets one where something follows: a `-` in its header says that the text has none. */
function closedBlock({ text, documents }: YamlSource): Splice | null {
  if (text.endsWith('\n')) return null;
  const last = lastLeaf(documents.at(-1)?.root ?? null);
  const header = last === null || placeOf(last).style !== 'block' ? null : /[|>]([1-9]?)[+]?/.exec(text.slice(placeOf(last).slot));
  if (last === null || header === null) return null;
  const start = placeOf(last).slot + header.index;
  return { start, end: start + header[0].length, text: `${header[0][0] ?? ''}${header[1] ?? ''}-` };
}

function lastLeaf(node: Node | null): Leaf | null {
  if (node === null || node.kind === 'leaf') return node;
  const last = node.items.findLast((item) => item.kind !== 'comment');
  return last === undefined ? null : lastLeaf(last.kind === 'entry' ? last.value : last);
}

/** A collection that is written anew on one line, the last resort. */
export function rewritten({ eol }: YamlSource, node: Node, changed: Node): readonly Splice[] {
  const { start, end } = placeOf(node);
  return [{ start, end, text: printFlow(typed(changed), () => null, eol) }];
}

/** A tag says what kind of value it is of: only a text may keep that of a text. */
function withoutTags(text: string, target: Node, value: Node): readonly Splice[] {
  if (target.kind === 'leaf' && value.kind === 'leaf' && value.value.type === 'str') return [];
  const place = placeOf(target);
  return propsOf(text, place)
    .filter(({ isTag }) => isTag)
    .map(({ start, end }) => ({ start: place.slot + text.slice(place.slot, start).trimEnd().length, end, text: '' }));
}

/** What stands on the line of the colon or dash, and the lines below it. */
function linesFor(source: YamlSource, parent: Parent, target: Node, value: Node): readonly string[] {
  if (value.kind === 'leaf') return leafLines(target, value, source.eol);
  const { text } = source;
  const place = placeOf(target);
  const standsBelow = !isBlock(target) && text.slice(place.slot, place.start).includes('\n');
  if (!isBlock(parent) || value.items.length === 0 || standsBelow) return [onOneLine(source, value)];
  const { column } = placeOf(parent);
  if (parent.kind === 'map') return ['', ...printEntry(entryOf('', value), [], column, source).slice(1)];
  // An anchor before a key would be that of the key.
  if (propsOf(text, place).length > 0) return ['', ...printCollection(value, column + 2, source)];
  const [first = '', ...below] = itemLines(source, column, value);
  return [first.slice(column + 2), ...below];
}

function printCollection(value: Parent, column: number, source: YamlSource): readonly string[] {
  return value.kind === 'map' ? printMap(value, column, source) : printList(value, column, source);
}

/** A text keeps the quotes that were there, or the header of its block. */
function leafLines(target: Node, { value }: Leaf, eol: string): readonly string[] {
  const place = placeOf(target);
  const isText = value.type === 'str' && value.text !== '' && target.kind === 'leaf';
  if (isText && (place.style === 'single' || place.style === 'double')) return [openLeaf(place, value)];
  if (isText && place.style === 'block' && place.block.startsWith('|') && fitsHeader(value.text, place.block))
    return [place.block, ...blockLines(value.text, place.bodyIndent, eol).split(eol)];
  return printScalar(value, spotOf(place)).split(eol);
}

function onOneLine({ eol }: YamlSource, value: Node): string {
  return printFlow(typed(value), () => null, eol);
}

function inFlow({ text }: YamlSource, _parent: Parent, target: Node, [inline = '']: readonly string[]): readonly Splice[] {
  const { start, end, slot, style } = placeOf(target);
  const colon = style !== 'empty' || slot < start || text[slot - 1] === ':' ? '' : ':';
  return [{ start, end, text: colon + (style === 'empty' ? ' ' : '') + inline }];
}

function inBlock(source: YamlSource, parent: Parent, target: Node, [inline = '', ...body]: readonly string[]): readonly Splice[] {
  const field = fieldOf(source.text, target);
  const text = colonFor(source, parent, placeOf(target)) + (field.inline.start === field.head && inline !== '' ? ' ' : '') + inline;
  const start = inline === '' ? field.head : field.inline.start;
  return [{ start, end: field.inline.end, text }, ...bodySplice(source, field, body)];
}

/** A key behind a question mark may have no colon yet. */
function colonFor({ text, eol }: YamlSource, parent: Parent, { slot, style }: YamlPlace): string {
  if (parent.kind === 'list' || style !== 'empty' || text[slot - 1] === ':') return '';
  return `${eol}${' '.repeat(placeOf(parent).column)}:`;
}

/** A text block ends with its line break, whatever the file did. */
function bodySplice({ text, eol }: YamlSource, { body: { start, end } }: Field, lines: readonly string[]): readonly Splice[] {
  if (lines.length > 0) {
    const isOpen = start > 0 && text[start - 1] !== '\n';
    return [{ start, end, text: (isOpen ? eol : '') + lines.map((line) => line + eol).join('') }];
  }
  if (start === end) return [];
  const isOpen = end === text.length && text[end - 1] !== '\n';
  return [{ start: isOpen ? beforeBreak(text, start) : start, end, text: '' }];
}

/** The lines of an entry, or of its value as an item. */
function linesOf(source: YamlSource, parent: Parent, entry: Entry): readonly string[] {
  const column = columnOf(parent);
  return parent.kind === 'map' ? printEntry(entry, [], column, source) : itemLines(source, column, entry.value);
}

function oneLineOf(source: YamlSource, parent: Parent, entry: Entry): string {
  const column = columnOf(parent);
  const head = parent.kind === 'map' ? printHead(entry, column, source) : `${' '.repeat(column)}-`;
  return `${head} ${onOneLine(source, entry.value)}`;
}

function columnOf(parent: Parent): number {
  return parent.place === null ? 0 : placeOf(parent).column;
}

function itemLines(source: YamlSource, column: number, value: Node): readonly string[] {
  return printList({ kind: 'list', items: [value], place: null }, column, source);
}

function insertLines({ text, eol }: YamlSource, at: number, lines: readonly string[]): Splice {
  const body = lines.join(eol);
  if (at === 0 || text[at - 1] === '\n') return { start: at, end: at, text: body + eol };
  return { start: at, end: at, text: eol + body + (lines.length > 1 ? eol : '') };
}

/** Within brackets, on a line of its own where the last item has one. */
function insertInFlow(source: YamlSource, parent: Parent, { key, value }: Entry): readonly Splice[] {
  const place = placeOf(parent);
  const spot = { ...spotOf(place), flow: true };
  const name = parent.kind === 'map' ? `${printScalar({ type: 'str', text: key }, { ...spot, key: true })}: ` : '';
  const added = name + (value.kind === 'leaf' ? printScalar(value.value, spot) : onOneLine(source, value));
  const last = siblingsOf(parent).at(-1);
  if (last === undefined) return [{ start: place.start + 1, end: place.start + 1, text: added }];
  const end = endOf(last);
  const gap = gapBefore(source, parent, last);
  const comma = commaAt(source.text, end);
  const lineEnd = beforeBreak(source.text, nextLine(source.text, end));
  // A comment behind the last item stays with it.
  if (gap === ' ' || !/^\s*#/.test(source.text.slice(end + comma, lineEnd))) return [{ start: end, end, text: `,${gap}${added}` }];
  const [before, behind] = comma > 0 ? ['', ','] : [',', ''];
  return [
    { start: end, end, text: before },
    { start: lineEnd, end: lineEnd, text: gap + added + behind },
  ];
}

/** What parts the last item in brackets from what stands before it. */
function gapBefore({ text, eol }: YamlSource, parent: Parent, last: Sibling): string {
  const start = startOf(last, parent);
  const indentation = text.slice(lineStart(text, start), start);
  return /^[ \t]*$/.test(indentation) && start > placeOf(parent).start + 1 ? eol + indentation : ' ';
}

/** A float that would be printed as a whole number gets a point, so that it is read as a float again. */
export function typed(node: Node): Node {
  if (node.kind === 'map')
    return { ...node, items: node.items.map((item) => (item.kind === 'comment' ? item : { ...item, value: typed(item.value) })) };
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => (item.kind === 'comment' ? item : typed(item))) };
  const { value } = node;
  if (value.type !== 'float' || readsAs(printScalar(value, oneLine), 'float')) return node;
  return { ...node, value: { ...value, text: `${canonicalFloat(value.text)}.0` } };
}

const oneLine = { flow: true, key: false, blockColumn: 0, blockDigit: 0, eol: '\n' };

export function entryOf(key: string, value: Node): Entry {
  return { kind: 'entry', key, value, keySpan: null };
}

/** The first entry of a root in brackets that has nothing in it: brackets are no style for a file. */
export function filled(source: YamlSource, root: Parent, entry: Entry): readonly Splice[] {
  const { start, end } = placeOf(root);
  return [{ start, end, text: printEntry(entry, [], 0, source).join(source.eol) }];
}

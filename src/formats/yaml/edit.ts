import { SecError } from '../../core/problem.ts';
import type { Path } from '../../core/path.ts';
import { childAt, valuesOf } from '../../core/tree-path.ts';
import type { Branch, Entry, List, Node, Span, Splice } from '../../core/tree.ts';
import { openLeaf, printFlow, printScalar, spotOf } from './open-seal.ts';
import { isYamlPlace } from './place.ts';
import type { YamlPlace } from './place.ts';
import { printEntry, printList } from './print.ts';
import type { YamlSource } from './source.ts';

/** One value put into a plain text, or taken out of it, in the layout of its neighbours. Only the first document is addressed. */

/** @throws SecError `cannot-write` */
export function putAt(source: YamlSource, at: Path, value: Node): readonly Splice[] {
  const found = locate(source, at);
  const aliased = found.parents.findIndex(isAlias);
  if (aliased >= 0) return replaceAliased(source, found.parents[aliased], at.slice(aliased), value);
  const parent = found.parents.at(-1);
  const step = at.at(-1);
  if (parent === undefined || step === undefined) throw cannot('the path is empty');
  const entry: Entry = { kind: 'entry', key: String(step), value, keySpan: null };
  if (found.target !== null) return replace(source, parent, found.target, entry);
  if (parent.kind === 'list' && step !== valuesOf(parent).length) throw cannot('the position is beyond the end of the list');
  return insert(source, parent, entry);
}

/** @throws SecError `cannot-write` */
export function dropAt(source: YamlSource, at: Path): readonly Splice[] {
  const found = locate(source, at);
  const parent = found.parents.at(-1);
  if (found.parents.some(isAlias)) throw cannot('the value stands there only by an alias');
  if (parent === undefined || found.target === null) throw cannot('there is no such value');
  return remove(source, parent, found.target);
}

interface Located {
  readonly parents: readonly (Branch | List)[];
  readonly target: Node | null;
}

function locate({ tree }: YamlSource, at: Path): Located {
  const parents: (Branch | List)[] = [];
  let node: Node | null = tree.documents[0] ?? null;
  for (const step of at) {
    if (node === null || node.kind === 'leaf') throw cannot('the path leads through a single value');
    parents.push(node);
    node = childAt(node, step);
  }
  return { parents, target: node };
}

function isAlias({ place }: Node): boolean {
  return place?.style === 'alias';
}

function placeOf({ place }: Node): YamlPlace {
  if (place === null || !isYamlPlace(place)) throw cannot('the value stands in no text');
  return place;
}

/** A value under an alias has no text of its own: the alias gives way to a copy with the change. */
function replaceAliased(source: YamlSource, node: Node | undefined, at: Path, value: Node): readonly Splice[] {
  if (node === undefined) throw cannot('there is no such value');
  const { start, end } = placeOf(node);
  return [{ start, end, text: printFlow(withValue(node, at, value), () => null, source.eol) }];
}

/** The same collection with one value changed or added. */
function withValue(node: Node, at: Path, value: Node): Node {
  const [step, ...rest] = at;
  if (step === undefined) return value;
  if (node.kind === 'leaf') throw cannot('the path leads through a single value');
  const child = childAt(node, step);
  const inner = child === null ? value : withValue(child, rest, value);
  if (node.kind === 'list') {
    const items = [...valuesOf(node)];
    items[Number(step)] = inner;
    return { ...node, items };
  }
  const entry: Entry = { kind: 'entry', key: String(step), value: inner, keySpan: null };
  if (child === null) return { ...node, items: [...node.items, entry] };
  return { ...node, items: node.items.map((item) => (item.kind === 'entry' && item.key === step ? entry : item)) };
}

/** `entry` has the new value, and the key for a parent that is a map. */
function replace(source: YamlSource, parent: Branch | List, target: Node, entry: Entry): readonly Splice[] {
  const place = placeOf(target);
  const { value } = entry;
  if (target.kind === 'leaf' && value.kind === 'leaf') return [{ ...leafSpan(source, place), text: leafText(place, value) }];
  if (placeOf(parent).flow || place.flow) return [{ start: place.start, end: place.end, text: printFlow(value, () => null, source.eol) }];
  const span = ownLines(source, parent, target);
  if (span === null) return [{ ...leafSpan(source, place), text: gap(place) + printFlow(value, () => null, source.eol) }];
  const ending = source.text.slice(span.start, span.end).endsWith('\n') ? source.eol : '';
  return [{ ...span, text: linesOf(source, parent, entry).join(source.eol) + ending }];
}

/** Line breaks that a block keeps at its end are part of its value. */
function leafSpan({ text }: YamlSource, place: YamlPlace): Span {
  if (place.style !== 'block' || !place.block.includes('+')) return { start: place.start, end: place.end };
  const blank = /^(?:[ \t]*\r?\n)*(?=[ \t]*\r?\n)/.exec(text.slice(place.end).replace(/^\r?\n/, ''))?.[0].length ?? 0;
  return { start: place.start, end: place.end + blank };
}

function leafText(place: YamlPlace, value: Extract<Node, { kind: 'leaf' }>): string {
  const isText = value.value.type === 'str' && value.value.text !== '';
  const keepsStyle =
    isText && (place.style === 'single' || place.style === 'double' || (place.style === 'block' && !place.block.includes('+')));
  if (keepsStyle) return openLeaf(place, value.value);
  return gap(place) + printScalar(value.value, spotOf(place));
}

/** A value that was not there stands right behind its colon or dash. */
function gap({ style }: YamlPlace): string {
  return style === 'empty' ? ' ' : '';
}

/** The lines of an entry, or of its value as an item. */
function linesOf(source: YamlSource, parent: Branch | List, entry: Entry): readonly string[] {
  const column = columnOf(source, parent);
  if (parent.kind === 'map') return printEntry(entry, [], column, source);
  return printList({ kind: 'list', items: [entry.value], place: null }, column, source);
}

/** Column of the keys or dashes of a block. */
function columnOf({ text }: YamlSource, node: Branch | List): number {
  if (node.place === null) return 0;
  const { start } = node.place;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

function insert(source: YamlSource, parent: Branch | List, entry: Entry): readonly Splice[] {
  const lines = linesOf(source, parent, entry);
  if (parent.place === null) return atEnd(source, lines);
  const place = placeOf(parent);
  if (place.flow) return [insertInFlow(source, parent, place, entry)];
  return [insertLines(source, endOfLine(source.text, place.end), lines)];
}

/** An empty document: its first entry comes at its end. */
function atEnd(source: YamlSource, lines: readonly string[]): readonly Splice[] {
  const end = source.documents[0]?.end ?? source.text.length;
  return [insertLines(source, end, lines)];
}

function insertLines({ text, eol }: YamlSource, at: number, lines: readonly string[]): Splice {
  const endsLine = at === 0 || text[at - 1] === '\n';
  const body = lines.join(eol);
  return { start: at, end: at, text: endsLine ? body + eol : eol + body };
}

/** Offset behind the line break of a line, or the end of the text. */
function endOfLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}

function insertInFlow(source: YamlSource, parent: Branch | List, place: YamlPlace, { key, value }: Entry): Splice {
  const flow = printFlow(value, () => null, source.eol);
  const name = parent.kind === 'map' ? `${printScalar({ type: 'str', text: key }, { ...spotOf(place), flow: true, key: true })}: ` : '';
  const last = parent.items.findLast(({ kind }) => kind !== 'comment');
  if (last === undefined) return { start: place.start + 1, end: place.start + 1, text: name + flow };
  const end = endOf(last);
  return { start: end, end, text: `, ${name}${flow}` };
}

function endOf(item: Entry | Node | { readonly kind: 'comment' }): number {
  if (item.kind === 'comment') return 0;
  return item.kind === 'entry' ? Math.max(placeOf(item.value).end, item.keySpan?.end ?? 0) : placeOf(item).end;
}

function remove(source: YamlSource, parent: Branch | List, target: Node): readonly Splice[] {
  const siblings = parent.items.flatMap((item) => (item.kind === 'comment' ? [] : [item]));
  const index = siblings.findIndex((item) => item === target || (item.kind === 'entry' && item.value === target));
  const place = parent.place === null ? null : placeOf(parent);
  if (place !== null && place.flow) return [removeInFlow(siblings, index, place)];
  const span = ownLines(source, parent, target);
  if (siblings.length === 1) return emptied(source, parent, span);
  const next = siblings[index + 1];
  if (span !== null) return [{ ...span, text: '' }];
  // The first key behind a dash: what follows takes its place on the line.
  if (next === undefined) throw cannot('the value shares its line');
  return [{ start: startOf(siblings[index]), end: startOf(next), text: '' }];
}

function startOf(item: Entry | Node | undefined): number {
  if (item === undefined) throw cannot('there is no such value');
  return item.kind === 'entry' ? (item.keySpan?.start ?? 0) : placeOf(item).start;
}

/** The last entry of a block leaves an empty map or list behind, not a null. */
function emptied(source: YamlSource, parent: Branch | List, span: Span | null): readonly Splice[] {
  const place = placeOf(parent);
  const text = parent.kind === 'map' ? '{}' : '[]';
  const isRoot = source.tree.documents[0] === parent;
  if (isRoot && span !== null) return [{ ...span, text: text + source.eol }];
  return [{ start: place.start, end: Math.max(place.end, span === null ? 0 : place.end), text }];
}

function removeInFlow(siblings: readonly (Entry | Node)[], index: number, place: YamlPlace): Splice {
  const before = siblings[index - 1];
  const next = siblings[index + 1];
  const own = siblings[index];
  if (own === undefined) throw cannot('there is no such value');
  if (next !== undefined) return { start: startOf(own), end: startOf(next), text: '' };
  if (before !== undefined) return { start: endOf(before), end: endOf(own), text: '' };
  return { start: place.start + 1, end: place.end - 1, text: '' };
}

/** The whole lines of an entry or item, or `null` where it shares its first line with something before it. */
function ownLines({ text }: YamlSource, parent: Branch | List, target: Node): Span | null {
  const place = placeOf(target);
  const entry = parent.items.find((item) => item.kind === 'entry' && item.value === target);
  const first = entry?.kind === 'entry' ? (entry.keySpan?.start ?? place.start) : place.start;
  const lineStart = text.lastIndexOf('\n', first - 1) + 1;
  const before = text.slice(lineStart, first);
  const isAlone = parent.kind === 'map' ? /^ *$/.test(before) : /^ *-[ ]+$/.test(before) || before.trim() === '-';
  const end = leafEnd(text, place);
  return isAlone ? { start: lineStart, end } : null;
}

function leafEnd(text: string, place: YamlPlace): number {
  return endOfLine(text, place.end);
}

function cannot(reason: string): SecError {
  return new SecError({ code: 'cannot-write', file: '', format: 'yaml', reason });
}

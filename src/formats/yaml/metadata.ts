import { isList, isMap, sameValue } from '../../core/fields.ts';
import type { MetaMap, MetaValue } from '../../core/metadata.ts';
import { SecError } from '../../core/problem.ts';
import type { Branch, Entry, Leaf, Node, Span, Splice } from '../../core/tree.ts';
import { metaNode } from '../meta-node.ts';
import { openLeaf, printFlow } from './open-seal.ts';
import { printEntry } from './print.ts';
import type { YamlDocument, YamlSource } from './source.ts';

/** The metadata block in YAML: the key `sops` of every document. `sops-format.md` §13.2. */

/** The block as values. Plain scalars keep their text, whatever they would resolve to. */
export function metaOf(text: string, node: Node): MetaValue {
  if (node.kind === 'leaf') return metaOfLeaf(text, node);
  if (node.kind === 'list') return node.items.flatMap((item) => (item.kind === 'comment' ? [] : [metaOf(text, item)]));
  const map = new Map<string, MetaValue>();
  for (const item of node.items) if (item.kind === 'entry') map.set(item.key, metaOf(text, item.value));
  return map;
}

function metaOfLeaf(text: string, { value, place }: Leaf): MetaValue {
  if (value.type === 'null') return null;
  if (value.type === 'str') return value.text;
  if (value.type === 'bytes') return Buffer.from(value.bytes).toString('latin1');
  if (value.type === 'bool') return value.value;
  return place === null ? value.text : text.slice(place.start, place.end);
}

function entryOf(key: string, value: MetaValue): Entry {
  return { kind: 'entry', key, value: metaNode(value), keySpan: null };
}

/**
 * Adds the block at the end of every document, so that taking it away again leaves what was there.
 *
 * @throws SecError `already-encrypted`, `cannot-write` where an entry of that name is there
 */
export function addMetadata(source: YamlSource, metadata: MetaMap): readonly Splice[] {
  refuseReserved(source);
  return source.documents.map((document) => {
    if (document.flow !== null) return addToFlow(document.flow, metadata, source.eol);
    const lines = printEntry(entryOf('sops', metadata), [], document.column, source).join(source.eol);
    const endsLine = document.end === 0 || source.text[document.end - 1] === '\n';
    const at = { start: document.end, end: document.end };
    return { ...at, text: endsLine ? lines + source.eol : source.eol + lines };
  });
}

/** An empty block is no metadata, and no data either. In a later document it is seen only when the text is written (§18). */
function refuseReserved({ documents, file }: YamlSource): void {
  const index = documents.findIndex(({ block }) => block !== null);
  if (index === 0) throw new SecError({ code: 'already-encrypted', file });
  if (index < 0) return;
  const reason = `document ${index + 1} has an entry named sops, which is where the metadata stands`;
  throw new SecError({ code: 'cannot-write', file, format: 'yaml', reason });
}

function addToFlow(flow: { readonly lastEnd: number; readonly isEmpty: boolean }, metadata: MetaMap, eol: string): Splice {
  const block = `"sops": ${printFlow(metaNode(metadata), () => null, eol)}`;
  return { start: flow.lastEnd, end: flow.lastEnd, text: flow.isEmpty ? block : `, ${block}` };
}

/** Takes the block out of every document. */
export function removeMetadata(source: YamlSource): readonly Splice[] {
  return source.documents.flatMap((document) => {
    if (document.block === null) return [];
    const span = blockSpan(source, document);
    return document.flow === null ? cutAround(span, commentsIn(document.root, span), source.eol) : [{ ...span, text: '' }];
  });
}

/** What stands behind an alias at the end of a document, sops writes behind its own key, and reads it as a comment of the document. */
function commentsIn({ items }: Branch, { start, end }: Span): readonly Span[] {
  return items.flatMap((item) => {
    const place = item.kind === 'comment' ? item.place : null;
    return place !== null && start <= place.start && place.end <= end ? [place] : [];
  });
}

function cutAround({ start, end }: Span, kept: readonly Span[], eol: string): readonly Splice[] {
  const starts = [start, ...kept.map((span) => span.end)];
  const ends = [...kept.map((span) => span.start), end];
  return starts.map((from, index) => ({ start: from, end: ends[index] ?? end, text: index === 0 ? '' : eol }));
}

function blockSpan({ text }: YamlSource, { block, flow, blockEnd, blockStart }: YamlDocument): Span {
  if (block === null) throw new TypeError('a document without its block');
  if (flow !== null) return { start: blockStart, end: blockEnd };
  const start = text.lastIndexOf('\n', blockStart - 1) + 1;
  const feed = text.indexOf('\n', blockEnd);
  if (feed >= 0) return { start, end: feed + 1 };
  // The last line has no end, so the plain text had none either.
  const before = text[start - 2] === '\r' ? start - 2 : Math.max(start - 1, 0);
  return { start: before, end: text.length };
}

/** Changes the blocks where they differ: a scalar in its place, anything else by its whole entry. */
export function updateMetadata(source: YamlSource, metadata: MetaMap): readonly Splice[] {
  return source.documents.flatMap((document) => {
    if (document.block === null) return addMetadata({ ...source, documents: [document] }, metadata);
    const node = document.block.value;
    const isBlock = node.kind === 'map' && node.place !== null && node.place.end > node.place.start && document.flow === null;
    if (isBlock && source.text[node.place.start] !== '{') return updateBlock(source, node, blockSpan(source, document).end, metadata);
    if (node.place === null) throw new TypeError('a block without a place');
    return [{ start: node.place.start, end: node.place.end, text: printFlow(metaNode(metadata), () => null, source.eol) }];
  });
}

function updateBlock(source: YamlSource, node: Branch, end: number, metadata: MetaMap): readonly Splice[] {
  const entries = node.items.flatMap((item) => (item.kind === 'entry' ? [item] : []));
  const old = new Map(entries.map((entry) => [entry.key, entry]));
  const changed = entries.flatMap((entry, index) => {
    const next = entries[index + 1];
    const span = { start: lineStart(source.text, entry), end: next === undefined ? end : lineStart(source.text, next) };
    return updateEntry(source, entry, span, metadata.get(entry.key));
  });
  const added = [...metadata]
    .filter(([key]) => !old.has(key))
    .map(([key, value]) => insertEntry(source, entries, end, entryOf(key, value)));
  return [...changed, ...added];
}

function updateEntry(source: YamlSource, entry: Entry, span: Span, value: MetaValue | undefined): readonly Splice[] {
  if (value === undefined) return [{ ...span, text: '' }];
  if (sameText(metaOf(source.text, entry.value), value)) return [];
  const node = metaNode(value);
  if (entry.value.kind === 'leaf' && node.kind === 'leaf' && entry.value.place !== null) {
    const { start, end } = entry.value.place;
    return [{ start, end, text: openLeaf(entry.value.place, node.value) }];
  }
  const ending = source.text.slice(0, span.end).endsWith('\n') ? source.eol : '';
  return [{ ...span, text: printEntry({ ...entry, value: node }, [], columnOf(source.text, entry), source).join(source.eol) + ending }];
}

/** New entries go where sorting puts them (§13.1). */
function insertEntry(source: YamlSource, entries: readonly Entry[], end: number, entry: Entry): Splice {
  const first = entries[0];
  const column = first === undefined ? source.step : columnOf(source.text, first);
  const lines = printEntry(entry, [], column, source).join(source.eol);
  const next = entries.find(({ key }) => key > entry.key);
  const at = next === undefined ? end : lineStart(source.text, next);
  const endsLine = at === 0 || source.text[at - 1] === '\n';
  return { start: at, end: at, text: endsLine ? lines + source.eol : source.eol + lines };
}

function lineStart(text: string, { keySpan }: Entry): number {
  return text.lastIndexOf('\n', (keySpan?.start ?? 0) - 1) + 1;
}

function columnOf(text: string, entry: Entry): number {
  return (entry.keySpan?.start ?? 0) - lineStart(text, entry);
}

/** Equal as sops reads them: plain scalars are their text here, so `2` and `"2"` are one. */
function sameText(one: MetaValue, other: MetaValue): boolean {
  return sameValue(asTexts(one), asTexts(other));
}

function asTexts(value: MetaValue): MetaValue {
  if (isMap(value)) return new Map([...value].map(([key, inner]) => [key, asTexts(inner)]));
  if (isList(value)) return value.map(asTexts);
  return value === null ? null : String(value);
}

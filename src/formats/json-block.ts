import { isMap } from '../core/fields.ts';
import type { MetaMap, MetaValue } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import type { Branch, Entry, Node, Splice } from '../core/tree.ts';
import { appended } from './json-edit.ts';
import { itemLayout } from './json-layout.ts';
import { blockKey, saysMeta } from './json-metadata.ts';
import { metaNode } from './meta-node.ts';
import { printMember, printNode } from './json-print.ts';
import type { JsonSource, PlacedBranch } from './json-read.ts';
import { dropSpans, placeOf, spanOf } from './json-spans.ts';

/** The metadata block put into a JSON text, changed there, and taken away again. */

/** See `Format.addMetadata`. @throws SecError `already-encrypted` where an entry of that name is there, be it empty */
export function addBlock(source: JsonSource, metadata: MetaMap): readonly Splice[] {
  const { root, text, file } = source;
  if (root.items.some((item) => item.kind === 'entry' && item.key === blockKey)) throw new SecError({ code: 'already-encrypted', file });
  const entry = memberOf(blockKey, metadata);
  const { start, end } = root.place;
  if (root.items.length > 0 || end - start === 2) return [appended(source, root, (layout) => printMember(entry, layout))];
  // Space between the braces has to survive, so what is ours must be told from it: no space before the block.
  const oneLine = { ...itemLayout(text, root, root), eol: null };
  return [{ start: start + 1, end: start + 1, text: printMember(entry, oneLine) }];
}

/** See `Format.removeMetadata`. */
export function removeBlock({ root, block, text }: JsonSource): readonly Splice[] {
  if (block === null) return [];
  const { start, end } = spanOf(block);
  if (root.items.length > 1) {
    const cut = dropSpans(root.place, root.items.map(spanOf), (index) => root.items[index] === block).find((span) => span !== null);
    return cut ? [{ ...cut, text: '' }] : [];
  }
  const spaceIsOurs = text.slice(root.place.start + 1, start) !== '';
  return [{ ...(spaceIsOurs ? { start: root.place.start + 1, end: root.place.end - 1 } : { start, end }), text: '' }];
}

/** See `Format.updateMetadata`. A list that differs is printed anew as a whole, any other field on its own. */
export function updateBlock(source: JsonSource, metadata: MetaMap): readonly Splice[] {
  return source.block === null ? addBlock(source, metadata) : nodeSplices(source, source.root, source.block.value, metadata);
}

function isPlaced(node: Node): node is PlacedBranch {
  return node.kind === 'map' && node.place !== null;
}

/** Fields that go, fields that change, and fields that come. At least one stays. */
function mapSplices(source: JsonSource, branch: PlacedBranch, target: MetaMap): readonly Splice[] {
  const entries = entriesOf(branch);
  const gone = entries.map(({ key }) => !target.has(key));
  const cuts = dropSpans(branch.place, entries.map(spanOf), (index) => gone[index] === true);
  const changed = entries.flatMap(({ key, value }) => {
    const field = target.get(key);
    return field === undefined ? [] : nodeSplices(source, branch, value, field);
  });
  return [...cuts.flatMap((cut) => (cut ? [{ ...cut, text: '' }] : [])), ...changed, ...insertions(source, branch, target)];
}

function nodeSplices(source: JsonSource, parent: PlacedBranch, node: Node, value: MetaValue): readonly Splice[] {
  if (saysMeta(node, value, source.file)) return [];
  if (isPlaced(node) && isMap(value) && entriesOf(node).some(({ key }) => value.has(key))) return mapSplices(source, node, value);
  const { start, end } = placeOf(node);
  return [{ start, end, text: printNode(metaNode(value), itemLayout(source.text, source.root, parent)) }];
}

/** New fields, each behind the one before it that is there already; those before all of them in front of the first that stays. */
function insertions(source: JsonSource, branch: PlacedBranch, target: MetaMap): readonly Splice[] {
  const layout = itemLayout(source.text, source.root, branch);
  const comma = layout.eol === null ? layout.comma : `,${layout.eol}${layout.indent}`;
  const there = new Map(entriesOf(branch).map((entry) => [entry.key, spanOf(entry)]));
  const front = entriesOf(branch).find(({ key }) => target.has(key));
  const frontStart = front ? spanOf(front).start : branch.place.start + 1;
  let anchor: number | null = null;
  const splices: Splice[] = [];
  for (const [key, value] of target) {
    const span = there.get(key);
    if (span) {
      anchor = span.end;
      continue;
    }
    const text = printMember(memberOf(key, value), layout);
    const at: number = anchor ?? frontStart;
    splices.push({ start: at, end: at, text: anchor === null ? text + comma : comma + text });
  }
  return splices;
}

function entriesOf(branch: Branch): readonly Entry[] {
  return branch.items.filter((item) => item.kind === 'entry');
}

function memberOf(key: string, value: MetaValue): Entry {
  return { kind: 'entry', key, keySpan: null, value: metaNode(value) };
}

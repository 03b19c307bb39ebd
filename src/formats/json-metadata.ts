import { isList, isMap } from '../core/fields.ts';
import type { MetaMap, MetaValue } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import type { Branch, Entry, Node, Scalar } from '../core/tree.ts';

/** The metadata block of a JSON text: the member `sops` of the top object. `sops-format.md` §5.2, §13.4. */

/** The key of the block. */
export const blockKey = 'sops';

/** The block of an object, `null` where there is none. An empty one is none, as for sops. @throws SecError `bad-metadata` */
export function findBlock(root: Branch, file: string): { readonly entry: Entry; readonly metadata: MetaMap } | null {
  const entries = root.items.filter((item) => item.kind === 'entry' && item.key === blockKey);
  const [entry, second] = entries;
  if (entry?.kind !== 'entry') return null;
  if (second) throw new SecError({ code: 'bad-metadata', file, reason: 'there are two entries named sops' });
  if (entry.value.kind !== 'map') throw new SecError({ code: 'bad-metadata', file, reason: 'the entry named sops is no map' });
  return entry.value.items.length === 0 ? null : { entry, metadata: metaMapOf(entry.value, file) };
}

function metaMapOf(branch: Branch, file: string): MetaMap {
  const map = new Map<string, MetaValue>();
  for (const item of branch.items) {
    if (item.kind !== 'entry') continue;
    if (map.has(item.key)) throw new SecError({ code: 'bad-metadata', file, reason: 'a field stands there twice' });
    map.set(item.key, metaValueOf(item.value, file));
  }
  return map;
}

function metaValueOf(node: Node, file: string): MetaValue {
  if (node.kind === 'map') return metaMapOf(node, file);
  if (node.kind === 'list') return node.items.flatMap((item) => (item.kind === 'comment' ? [] : [metaValueOf(item, file)]));
  const { value } = node;
  switch (value.type) {
    case 'str':
    case 'time':
      return value.text;
    case 'int':
    case 'float':
      return Number(value.text);
    case 'bool':
      return value.value;
    case 'null':
    case 'bytes':
      return null;
  }
}

/** A metadata value as a tree without places, to print it. */
export function metaNode(value: MetaValue): Node {
  if (isMap(value)) {
    const items = Array.from(value, ([key, field]): Entry => ({ kind: 'entry', key, keySpan: null, value: metaNode(field) }));
    return { kind: 'map', items, place: null };
  }
  if (isList(value)) return { kind: 'list', items: value.map(metaNode), place: null };
  return { kind: 'leaf', value: metaScalar(value), place: null };
}

function metaScalar(value: string | number | boolean | null): Scalar {
  if (value === null) return { type: 'null' };
  if (typeof value === 'string') return { type: 'str', text: value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  return { type: Number.isSafeInteger(value) ? 'int' : 'float', text: String(value) };
}

/** Whether a node of the block already says a value. The order of fields does not matter. */
export function saysMeta(node: Node, value: MetaValue, file: string): boolean {
  return sameMeta(metaValueOf(node, file), value);
}

function sameMeta(a: MetaValue, b: MetaValue): boolean {
  if (isMap(a)) return isMap(b) && a.size === b.size && [...a].every(([key, value]) => sameMeta(value, b.get(key) ?? null) && b.has(key));
  if (isList(a)) return isList(b) && a.length === b.length && a.every((value, index) => sameMeta(value, b[index] ?? null));
  return a === b;
}

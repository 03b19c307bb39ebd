import { sameValue } from '../core/fields.ts';
import type { MetaMap, MetaValue } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import type { Branch, Entry, Node } from '../core/tree.ts';

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

/** Whether a node of the block already says a value. The order of fields does not matter. */
export function saysMeta(node: Node, value: MetaValue, file: string): boolean {
  return sameValue(metaValueOf(node, file), value);
}

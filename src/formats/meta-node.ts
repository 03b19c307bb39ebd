import { isList, isMap } from '../core/fields.ts';
import type { MetaValue } from '../core/metadata.ts';
import type { Entry, Node, Scalar } from '../core/tree.ts';

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

import { isList, isMap } from '../../src/core/fields.ts';
import type { MetaMap, MetaValue } from '../../src/core/metadata.ts';

/** A metadata value as one writes it in a test. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };

export function toMap(fields: Readonly<Record<string, Plain>>): MetaMap {
  return new Map(Object.entries(fields).map(([name, value]) => [name, toMeta(value)]));
}

function toMeta(value: Plain): MetaValue {
  if (isPlainList(value)) return value.map(toMeta);
  return typeof value === 'object' && value !== null ? toMap(value) : value;
}

function isPlainList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

/** The same as JSON text, in which the order of names can be seen. */
export function toJson(map: MetaMap, indent?: number): string {
  return JSON.stringify(fromMeta(map), null, indent);
}

function fromMeta(value: MetaValue): unknown {
  if (isMap(value)) return Object.fromEntries([...value].map(([name, child]) => [name, fromMeta(child)]));
  return isList(value) ? value.map(fromMeta) : value;
}

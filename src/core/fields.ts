import type { MetaMap, MetaValue } from './metadata.ts';
import { plainDecimal } from './numbers.ts';
import { SecError } from './problem.ts';
import { isTime } from './time.ts';

/**
 * The fields of a metadata block, read as loosely as sops reads them: names in any case, texts for numbers and the other way round
 * (`sops-format.md` §13.4).
 */

/** How a reader of fields gives up: it throws, and the caller's caller said for which file. */
export type Refuse = (reason: string) => never;

/** @throws SecError `bad-metadata` when called */
export function refusing(file: string): Refuse {
  return (reason) => {
    throw new SecError({ code: 'bad-metadata', file, reason });
  };
}

/** The name under which a map holds a field: exactly, or else in another case, or else as it would be written. */
export function fieldName(map: MetaMap, name: string): string {
  if (map.has(name)) return name;
  for (const stored of map.keys()) if (stored.toLowerCase() === name) return stored;
  return name;
}

/** The value of a field, whatever the case of its name. */
export function field(map: MetaMap, name: string): MetaValue | undefined {
  return map.get(fieldName(map, name));
}

/** A field as text, empty where it is missing. Refuses a list or a map. */
export function textField(map: MetaMap, name: string, refuse: Refuse): string {
  return textOf(field(map, name)) ?? refuse(`${name} is not a text`);
}

/** A field as RFC 3339 text. Refuses a missing one. */
export function timeField(map: MetaMap, name: string, refuse: Refuse): string {
  const text = textField(map, name, refuse);
  return isTime(text) ? text : refuse(`${name} is ${text === '' ? 'missing' : 'not a time as in 2026-01-02T03:04:05Z'}`);
}

/** A field as a number that is not negative, 0 where it is missing. Refuses anything else. */
export function countField(map: MetaMap, name: string, refuse: Refuse): number {
  return countOf(field(map, name)) ?? refuse(`${name} is not a whole number`);
}

/** A field as a boolean, `false` where it is missing. Refuses anything else. */
export function booleanField(map: MetaMap, name: string, refuse: Refuse): boolean {
  return booleanOf(field(map, name)) ?? refuse(`${name} is neither true nor false`);
}

/** A field that holds a list of maps: nothing, `null` and an empty map are no entries, and one map is one. Refuses anything else. */
export function mapsField(map: MetaMap, name: string, refuse: Refuse): readonly MetaMap[] {
  const value = field(map, name) ?? [];
  if (isMap(value)) return value.size === 0 ? [] : [value];
  if (!isList(value)) return refuse(`${name} is not a list`);
  return value.map((entry) => (isMap(entry) ? entry : refuse(`an entry of ${name} is not a map`)));
}

/** A value as text; `null` where it is a list or a map. */
export function textOf(value: MetaValue | undefined): string | null {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return plainDecimal(value);
  return typeof value === 'boolean' ? (value ? '1' : '0') : null;
}

/** Sops reads a zero in front as octal, as Go does. `2.0` was accepted up to 3.12 (§23.6). */
export function countOf(value: MetaValue | undefined): number | null {
  const text = textOf(value);
  if (text === '') return 0;
  if (text === null || !/^\d+(\.0+)?$/.test(text)) return null;
  const count = /^0\d/.test(text) ? Number(`0o${text}`) : Number(text);
  return Number.isSafeInteger(count) ? count : null;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['', '0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);

export function booleanOf(value: MetaValue | undefined): boolean | null {
  if (typeof value === 'number') return value !== 0;
  return booleans.get(textOf(value) ?? 'none') ?? null;
}

/** Whether two values mean the same: the order of a map's names does not count. */
export function sameValue(one: MetaValue, other: MetaValue): boolean {
  if (isMap(one)) return isMap(other) && sameMap(one, other);
  if (isList(one)) return isList(other) && one.length === other.length && one.every((value, at) => sameValue(value, other[at] ?? null));
  return one === other;
}

function sameMap(one: MetaMap, other: MetaMap): boolean {
  return one.size === other.size && [...one].every(([name, value]) => other.has(name) && sameValue(value, other.get(name) ?? null));
}

export function isMap(value: MetaValue | undefined): value is MetaMap {
  return value instanceof Map;
}

export function isList(value: MetaValue | undefined): value is readonly MetaValue[] {
  return Array.isArray(value);
}

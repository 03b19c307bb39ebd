import { isList, isMap, refusing } from './fields.ts';
import type { Refuse } from './fields.ts';
import type { MetaMap, MetaValue } from './metadata.ts';
import { plainDecimal } from './numbers.ts';
import { SecError } from './problem.ts';

/** Metadata in formats that have only names and texts: dotenv and INI. `sops-format.md` §13.6. */

/** Between the parts of a flat name, from left to right. */
const separator = /__(map|list)_/;
/** Deeper than any block, and within what a call stack holds. */
const maxDepth = 100;

/**
 * The leaves of a block in their order, each under its flat name. Nothing is written for `null`, an empty map and an empty list; line
 * breaks in texts are for the format to escape.
 *
 * @throws SecError `bad-metadata` for what would be read back as something else
 */
export function flatten(block: MetaMap, file: string): readonly (readonly [name: string, text: string])[] {
  const leaves: [string, string][] = [];
  const refuse = refusing(file);
  for (const [name, value] of block) flattenValue([name], value, leaves, refuse);
  return leaves;
}

/**
 * The block of flat names and texts.
 *
 * @throws SecError `bad-metadata` for a name that occurs twice, one that is both a text and a container or both a map and a list, a
 * list with a gap; `too-deep`
 */
export function unflatten(leaves: Iterable<readonly [name: string, text: string]>, file: string): MetaMap {
  const refuse = refusing(file);
  const root: Container = { kind: 'map', children: new Map() };
  for (const [name, text] of leaves) insert(root, name, text, file);
  return new Map([...root.children].map(([name, child]) => [name, build(child, name, refuse)]));
}

function flattenValue(steps: readonly string[], value: MetaValue, leaves: [string, string][], refuse: Refuse): void {
  if (value === null) return;
  if (isMap(value)) {
    for (const [name, child] of value) flattenValue([...steps, 'map', name], child, leaves, refuse);
  } else if (isList(value)) {
    for (const [at, child] of value.entries()) {
      if (isNothing(child)) refuse(`a list with an empty entry cannot be written in this format: ${flatName(steps)}`);
      flattenValue([...steps, 'list', String(at)], child, leaves, refuse);
    }
  } else {
    const name = flatName(steps);
    const readBack = name.split(separator);
    const same = readBack.length === steps.length && readBack.every((part, at) => part === steps[at]);
    if (!same) refuse(`a name with __map_ or __list_ in it cannot be written in this format: ${name}`);
    leaves.push([name, leafText(value)]);
  }
}

/** Name, then kind of container and name in it, and so on. */
function flatName(steps: readonly string[]): string {
  return steps.map((step, at) => (at % 2 === 1 ? `__${step}_` : step)).join('');
}

/** Whether nothing at all would be written for a value, so that a list would get a gap. */
function isNothing(value: MetaValue): boolean {
  if (isMap(value)) return [...value.values()].every(isNothing);
  return isList(value) ? value.length === 0 : value === null;
}

/** Scalars as these formats print them (§9). */
function leafText(value: string | number | boolean): string {
  return typeof value === 'number' ? plainDecimal(value) : String(value);
}

/** A list's children are under their positions as text until it is whole. */
interface Container {
  readonly kind: 'map' | 'list';
  readonly children: Map<string, Container | string>;
}

function insert(root: Container, flat: string, text: string, file: string): void {
  const refuse = refusing(file);
  const [first = '', ...rest] = flat.split(separator);
  if (rest.length > 2 * maxDepth) throw new SecError({ code: 'too-deep', file, limit: maxDepth });
  let inside = root;
  let name = first;
  for (let at = 0; at < rest.length; at += 2) {
    const kind = rest[at] === 'list' ? 'list' : 'map';
    inside = enter(inside, name, kind) ?? refuse(`${flat} stands where another field holds something else`);
    name = kind === 'list' ? position(rest[at + 1] ?? '') : (rest[at + 1] ?? '');
  }
  const present = inside.children.get(name);
  if (typeof present === 'object') refuse(`${flat} stands where another field holds something else`);
  if (present !== undefined) refuse(`${flat} is there twice`);
  inside.children.set(name, text);
}

/** The container under a name, made where there is nothing yet; `null` where there is something else. */
function enter(parent: Container, name: string, kind: 'map' | 'list'): Container | null {
  const present = parent.children.get(name);
  if (present === undefined) {
    const made: Container = { kind, children: new Map() };
    parent.children.set(name, made);
    return made;
  }
  return typeof present === 'object' && present.kind === kind ? present : null;
}

/** A position as decimal digits. Sops takes anything else for 0. */
function position(text: string): string {
  return /^[+-]?\d+$/.test(text) ? text.replace(/^\+?0*(?=\d)/, '') : '0';
}

function build(node: Container | string, name: string, refuse: Refuse): MetaValue {
  if (typeof node === 'string') return node;
  const { kind, children } = node;
  if (kind === 'map') return new Map([...children].map(([key, child]) => [key, build(child, key, refuse)]));
  return Array.from({ length: children.size }, (_, at) => {
    const child = children.get(String(at)) ?? refuse(`the list ${name} has a gap`);
    return build(child, name, refuse);
  });
}

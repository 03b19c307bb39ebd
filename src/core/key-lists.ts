import { field, fieldName, isList, isMap, mapsField, sameValue, textField, textOf, timeField } from './fields.ts';
import type { Refuse } from './fields.ts';
import type { KeyGroup, MetaMap, MetaValue, StoredKey } from './metadata.ts';

/** The lists of keys in a metadata block, at its top or in key groups. `sops-format.md` §13.1, §13.3, §13.4. */

/** The lists that sops knows, in the order in which it loads them, each with the texts of its entries. */
const knownLists: ReadonlyMap<string, readonly string[]> = new Map([
  ['kms', ['arn', 'aws_profile', 'created_at', 'enc', 'role']],
  ['gcp_kms', ['created_at', 'enc', 'resource_id']],
  ['hckms', ['created_at', 'enc', 'key_id']],
  ['azure_kv', ['created_at', 'enc', 'name', 'vault_url', 'version']],
  ['hc_vault', ['created_at', 'enc', 'engine_path', 'key_name', 'vault_address']],
  ['pgp', ['created_at', 'enc', 'fp']],
  ['age', ['enc', 'recipient']],
]);

/** Sops writes these into a key group even when they are empty. */
const alwaysInGroup = ['age', 'hc_vault'] as const;

const groupsField = 'key_groups';

/** The names of all fields that hold keys. */
export const keyFields: readonly string[] = [groupsField, ...knownLists.keys()];

/**
 * The key groups of a block; none where it names no key. Keys at the top are the one group, and `key_groups` does not count then.
 */
export function readGroups(block: MetaMap, refuse: Refuse): readonly KeyGroup[] {
  if (!hasGroups(block, refuse)) {
    const keys = readKeys(block, refuse);
    return keys.length === 0 ? [] : [newGroup(keys)];
  }
  return groupMaps(block, refuse).map((stored) => ({ keys: readKeys(stored, refuse), stored }));
}

/** A group of keys that was in no file yet. */
export function newGroup(keys: readonly StoredKey[]): KeyGroup {
  return { keys, stored: new Map() };
}

/**
 * Puts the groups into a block in place of those that it has; leaves all as it stands where they mean the same.
 *
 * @param block an empty one, or one that could be read
 */
export function putGroups(block: Map<string, MetaValue>, groups: readonly KeyGroup[]): void {
  if (sameGroups(readGroups(block, neverRead), groups)) return;
  const hadGroups = hasGroups(block, neverRead);
  const [first, ...others] = groups;
  const single = others.length === 0 ? first : undefined;
  if (!hadGroups) dropLists(block);
  putLists(block, single?.keys ?? []);
  if (!single) block.set(fieldName(block, groupsField), groups.map(writeGroup));
  else if (hadGroups) block.delete(fieldName(block, groupsField));
}

function neverRead(reason: string): never {
  throw new RangeError(`the block was not read before: ${reason}`);
}

/** Whether the keys of a block are in its `key_groups`: where no list that sops knows has an entry at the top. */
function hasGroups(block: MetaMap, refuse: Refuse): boolean {
  return [...knownLists.keys()].every((kind) => mapsField(block, kind, refuse).length === 0) && groupMaps(block, refuse).length > 0;
}

/** An empty group, which sops loads, may be `null`. */
function groupMaps(block: MetaMap, refuse: Refuse): readonly MetaMap[] {
  const groups = field(block, groupsField);
  const whole = isList(groups) ? groups.map((group) => group ?? new Map<string, MetaValue>()) : (groups ?? null);
  return mapsField(new Map([[groupsField, whole]]), groupsField, refuse);
}

function readKeys(map: MetaMap, refuse: Refuse): readonly StoredKey[] {
  const known = [...knownLists].flatMap(([kind, texts]) =>
    mapsField(map, kind, refuse).map((entry) => readKey(kind, texts, entry, refuse)),
  );
  const unknown = unknownLists(map).flatMap((kind) => mapsField(map, kind, refuse).map((fields) => ({ kind, fields })));
  return [...known, ...unknown];
}

/** Lists of a kind that we have never heard of, but that look like keys: each entry holds a wrapped data key. */
function unknownLists(map: MetaMap): readonly string[] {
  return [...map].flatMap(([name, value]) => (!keyFields.includes(name.toLowerCase()) && isKeyList(value) ? [name] : []));
}

function isKeyList(value: MetaValue): boolean {
  return isList(value) && value.every((entry) => isMap(entry) && typeof entry.get('enc') === 'string');
}

/** An entry with the names and types as sops writes them. Unknown fields stay, and so does the order. */
function readKey(kind: string, texts: readonly string[], entry: MetaMap, refuseBlock: Refuse): StoredKey {
  const refuse: Refuse = (reason) => refuseBlock(`in an entry of ${kind}, ${reason}`);
  const names = new Map(texts.map((name) => [fieldName(entry, name), name]));
  const context = kind === 'kms' ? fieldName(entry, 'context') : null;
  const fields = new Map<string, MetaValue>();
  for (const [stored, value] of entry) {
    const name = names.get(stored);
    if (name !== undefined) fields.set(name, textField(entry, name, refuse));
    else if (stored === context) fields.set('context', readContext(value, refuse));
    else fields.set(stored, value);
  }
  checkKey(kind, fields, refuse);
  return { kind, fields };
}

function readContext(value: MetaValue, refuse: Refuse): MetaMap {
  if (isList(value) ? value.length === 0 : value === null) return new Map();
  if (!isMap(value)) return refuse('context is not a map');
  return new Map([...value].map(([name, text]) => [name, textOf(text) ?? refuse('context holds something else than texts')]));
}

/** Sops refuses the whole file for these, whoever else could open it. */
function checkKey(kind: string, fields: MetaMap, refuse: Refuse): void {
  if (kind !== 'age') timeField(fields, 'created_at', refuse);
  if (kind === 'hckms' && !/^[^:]+:./s.test(textField(fields, 'key_id', refuse))) refuse('key_id is not region:key');
}

/** A group that means the same stays as it stands. */
function writeGroup({ keys, stored }: KeyGroup): MetaMap {
  if (stored.size > 0 && sameValue(listsOf(readKeys(stored, neverRead)), listsOf(keys))) return stored;
  const group = new Map(stored);
  dropLists(group);
  putLists(group, keys);
  for (const name of alwaysInGroup) {
    if (!group.has(fieldName(group, name))) group.set(name, []);
  }
  return inOrder(group, stored);
}

/** Empty lists, as old files have them, say nothing and may stay. */
function dropLists(map: Map<string, MetaValue>): void {
  const names = [...knownLists.keys()].map((kind) => fieldName(map, kind));
  for (const name of [...names, ...unknownLists(map)]) {
    if (!isEmpty(map.get(name))) map.delete(name);
  }
}

function isEmpty(value: MetaValue | undefined): boolean {
  if (isMap(value)) return value.size === 0;
  return isList(value) ? value.length === 0 : (value ?? null) === null;
}

function putLists(map: Map<string, MetaValue>, keys: readonly StoredKey[]): void {
  for (const [kind, entries] of listsOf(keys)) map.set(fieldName(map, kind), entries);
}

function listsOf(keys: readonly StoredKey[]): ReadonlyMap<string, MetaValue[]> {
  const lists = new Map<string, MetaValue[]>();
  for (const { kind, fields } of keys) {
    const list = lists.get(kind);
    if (list) list.push(fields);
    else lists.set(kind, [fields]);
  }
  return lists;
}

function sameGroups(one: readonly KeyGroup[], other: readonly KeyGroup[]): boolean {
  const lists = (groups: readonly KeyGroup[]): MetaValue => groups.map(({ keys }) => listsOf(keys));
  return sameValue(lists(one), lists(other));
}

/** The fields in the order in which they stood; new ones before the first that sorts behind them, which in a new map is the alphabet. */
export function inOrder(fields: MetaMap, stored: MetaMap): MetaMap {
  const names = [...stored.keys()].filter((name) => fields.has(name));
  for (const name of [...fields.keys()].filter((added) => !stored.has(added))) {
    const at = names.findIndex((present) => present > name);
    names.splice(at < 0 ? names.length : at, 0, name);
  }
  return new Map(names.map((name) => [name, fields.get(name) ?? null]));
}

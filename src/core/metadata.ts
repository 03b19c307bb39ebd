import { booleanField, booleanOf, countField, countOf, field, fieldName, isMap, refusing, textField, textOf, timeField } from './fields.ts';
import { inOrder, keyFields, putGroups, readGroups } from './key-lists.ts';
import { SecError } from './problem.ts';
import { oneSelector, selectorKinds } from './selection.ts';
import type { Selector } from './selection.ts';

/** The metadata block of a file: read, changed by spreading, written. `sops-format.md` §13. */

/** A value of the metadata block, in any of its layouts. Maps keep their order. */
export type MetaValue = string | number | boolean | null | readonly MetaValue[] | MetaMap;
export type MetaMap = ReadonlyMap<string, MetaValue>;

/** One entry of a key list: which list, and its fields as stored, unknown ones included. */
export interface StoredKey {
  readonly kind: string;
  /** The names and types of known fields are those that sops writes, whatever the file has. */
  readonly fields: MetaMap;
}

/** Keys of which one suffices for the data key, or for the group's share of it. */
export interface KeyGroup {
  readonly keys: readonly StoredKey[];
  /** The group's map as it was read, for what else it holds; empty for a new group and for keys at the top of the block. */
  readonly stored: MetaMap;
}

/** What the block says. It never changes: spread it with other fields. */
export interface Metadata {
  /** At least one. */
  readonly groups: readonly KeyGroup[];
  /** How many groups are needed; 0 where the file does not say. */
  readonly threshold: number;
  /** `null` where the file names none: `defaultSelector` holds then, but is not in the file (as in the binary format). */
  readonly selector: Selector | null;
  readonly macOnlyEncrypted: boolean;
  /** RFC 3339 as it stands in the file: the MAC is bound to `timeInSeconds` of it (§12.3). */
  readonly lastModified: string;
  /** An `ENC[…]` text, or empty where the file has none. */
  readonly mac: string;
  /** Not checked: operations that do not look at values take any (§14). */
  readonly version: string;
  /** Our own field `sec.layout`: how to get the plain text back in its old notation, encrypted. `null` where there is none. */
  readonly layout: string | null;
  /** The block as it was read, an empty map for a new file. What we do not know stays in it, as do order and spelling. */
  readonly stored: MetaMap;
}

/**
 * Reads a block.
 *
 * @param file name for messages
 * @throws SecError `not-encrypted` for an empty block, `bad-metadata`, `selectors-conflict`
 */
export function readMetadata(raw: MetaMap, file: string): Metadata {
  if (raw.size === 0) throw new SecError({ code: 'not-encrypted', file });
  const refuse = refusing(file);
  const texts = Object.fromEntries(selectorKinds.map((kind) => [kind, textField(raw, kind, refuse)]));
  const groups = readGroups(raw, refuse);
  return {
    groups: groups.length > 0 ? groups : refuse('it names no key'),
    threshold: countField(raw, 'shamir_threshold', refuse),
    selector: oneSelector(texts, file),
    macOnlyEncrypted: booleanField(raw, 'mac_only_encrypted', refuse),
    lastModified: timeField(raw, 'lastmodified', refuse),
    mac: textField(raw, 'mac', refuse),
    version: textField(raw, 'version', refuse),
    layout: readLayout(raw),
    stored: raw,
  };
}

/**
 * The block to write. What says the same as before stands as before, in its place and spelling, so that a file changes only where
 * its meaning does. A new block is in alphabetical order, as sops writes it since 3.13.
 */
export function writeMetadata(metadata: Metadata): MetaMap {
  const block = new Map(metadata.stored);
  putGroups(block, metadata.groups);
  put(block, 'shamir_threshold', metadata.threshold || null, (value) => countOf(value) === metadata.threshold);
  for (const kind of selectorKinds) putText(block, kind, metadata.selector?.kind === kind ? metadata.selector.text : '');
  put(block, 'mac_only_encrypted', metadata.macOnlyEncrypted || null, (value) => booleanOf(value) === metadata.macOnlyEncrypted);
  putText(block, 'lastmodified', metadata.lastModified);
  putText(block, 'mac', metadata.mac);
  putText(block, 'version', metadata.version);
  putLayout(block, metadata.layout);
  return inOrder(block, metadata.stored);
}

/**
 * Fields that we do not know and that look like a rule about what is encrypted. A newer program may have written the file by
 * them, so a writer should not guess.
 */
export function unknownRules({ stored }: Metadata): readonly string[] {
  const known: readonly string[] = ['mac_only_encrypted', ...selectorKinds, ...keyFields];
  return [...stored.keys()].filter((name) => /_(?:suffix|regex)$|encrypted/i.test(name) && !known.includes(name.toLowerCase()));
}

/** Puts a value under the name that the field has already, unless what stands there means the same; `null` takes it away. */
function put(block: Map<string, MetaValue>, name: string, value: MetaValue, isSame: (stored: MetaValue | undefined) => boolean): void {
  const stored = fieldName(block, name);
  if (isSame(block.get(stored))) return;
  if (value === null) block.delete(stored);
  else block.set(stored, value);
}

function putText(block: Map<string, MetaValue>, name: string, text: string): void {
  put(block, name, text === '' ? null : text, (value) => textOf(value) === text);
}

const ours = 'sec';

/** A hint that is not as we write it is as good as none: only notation depends on it. */
function readLayout(block: MetaMap): string | null {
  const fields = block.get(ours);
  const layout = isMap(fields) ? field(fields, 'layout') : null;
  return typeof layout === 'string' ? layout : null;
}

function putLayout(block: Map<string, MetaValue>, layout: string | null): void {
  if (readLayout(block) === layout) return;
  const stored = block.get(ours);
  const fields = new Map(isMap(stored) ? stored : []);
  if (layout === null) fields.delete(fieldName(fields, 'layout'));
  else fields.set(fieldName(fields, 'layout'), layout);
  if (fields.size === 0) block.delete(ours);
  else block.set(ours, fields);
}

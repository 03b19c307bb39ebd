import { writeMetadata } from './core/metadata.ts';
import type { KeyGroup, Metadata, StoredKey } from './core/metadata.ts';
import { SecError } from './core/problem.ts';
import { applySplices } from './core/tree.ts';
import { formatTime } from './core/time.ts';
import { providerOf } from './keys/index.ts';
import type { MasterKey } from './keys/key.ts';
import { unlockDataKey, wrapDataKey } from './keys/unlock.ts';
import { recordEvent } from './secret-audit.ts';
import { inspectFile, pathOf } from './secret-file.ts';
import type { SealedInput, SecretFile, Session } from './secret-file.ts';
import { newLock, sealSource, sealTreeAs } from './secret-seal.ts';
import type { OutputOptions, SealedFile } from './secret-seal.ts';

/** Who can open a file, changed: with the same data key, or with a new one. `sops-format.md` §18. */

export type Recipients = readonly (readonly MasterKey[])[];

/** The keys of a file. @throws SecError `bad-metadata` */
export function recipientsOf({ groups }: Metadata, file: string): Recipients {
  return groups.map(({ keys }) => keys.map((stored) => providerOf(stored.kind).read(stored, file)));
}

/** What a list of groups has that another has not, group by group; the order within a group does not matter. */
export interface RecipientChange {
  readonly kept: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export function compareRecipients(old: Recipients, now: Recipients): readonly RecipientChange[] {
  const labels = (group: readonly MasterKey[] | undefined): readonly string[] => (group ?? []).map(({ label }) => label);
  return Array.from({ length: Math.max(old.length, now.length) }, (_, index) => {
    const [before, after] = [labels(old[index]), labels(now[index])];
    return {
      kept: after.filter((label) => before.includes(label)),
      added: after.filter((label) => !before.includes(label)),
      removed: before.filter((label) => !after.includes(label)),
    };
  });
}

/** The changes of groups, in lines as sops has them. */
export function describeChanges(changes: readonly RecipientChange[]): string {
  const lines = changes.flatMap(({ kept, added, removed }, index) => [
    `Group ${index + 1}`,
    ...kept.map((label) => `    ${label}`),
    ...added.map((label) => `+++ ${label}`),
    ...removed.map((label) => `--- ${label}`),
  ]);
  return lines.join('\n');
}

/**
 * Wraps the data key that a file has for other people. Values, MAC and date stay to the letter; who was removed and kept the file, or
 * its data key, can still read it.
 *
 * @throws SecError `no-key-opened`, `wrap-failed`, `empty-group`, `bad-threshold`
 */
export async function rewrapFile(session: Session, input: SealedInput, groups: Recipients, threshold: number): Promise<Uint8Array> {
  const { file, format, bytes } = input;
  const { metadata } = inspectFile(input);
  const { dataKey, openedBy } = await unlockDataKey(metadata, session.keys, { order: null, file });
  await recordEvent(session.context, 'rewrap', pathOf(input), openedBy);
  const createdAt = formatTime(session.context.now());
  const wrapped = await wrapDataKey({ groups, threshold, dataKey, createdAt, file }, session.keys);
  dataKey.fill(0);
  const source = format.read(bytes, file);
  const block = writeMetadata({ ...metadata, ...wrapped, threshold: storedThreshold(metadata, wrapped) });
  const written = format.encode(applySplices(source.text, format.updateMetadata(source, block)));
  inspectFile({ ...input, bytes: written });
  return written;
}

/** One group needs no threshold, but a file that had one keeps one (§18). */
function storedThreshold({ threshold }: Metadata, wrapped: Pick<Metadata, 'groups' | 'threshold'>): number {
  return wrapped.groups.length === 1 && threshold > 0 ? Math.min(threshold, 1) : wrapped.threshold;
}

/** For whom a file gets a new data key. */
export interface NewKeys {
  readonly groups: Recipients;
  /** `null` where nobody said: then all groups are needed. */
  readonly threshold: number | null;
  /** The format to write, where it is another. */
  readonly output?: OutputOptions | null;
}

/**
 * Seals a file under a new data key for these people. Every ciphertext changes, and no value, layout or version does; keys that were
 * there before keep their date.
 *
 * @throws SecError as `rewrapFile`, and `cannot-encrypt`
 */
export async function rotateFile(session: Session, old: SecretFile, { groups, threshold, output }: NewKeys): Promise<SealedFile> {
  const { format, file, metadata } = old;
  const { selector, macOnlyEncrypted } = metadata;
  await recordEvent(session.context, 'rotate', pathOf(old));
  const lock = await newLock(session, { file, format, path: pathOf(old) }, { groups, threshold, selector, macOnlyEncrypted });
  const kept = lock.metadata.groups.map((group, index): KeyGroup => ({ ...group, keys: withOldDates(group.keys, metadata.groups, index) }));
  const source = format.read(old.plain(), file);
  const { lastModified, threshold: needed } = lock.metadata;
  const renewed = { ...metadata, groups: kept, threshold: needed, lastModified };
  const options = { ...lock.options, selection: old.textOptions.selection };
  if (output) return sealTreeAs(source.tree, { ...renewed, layout: null }, options, output);
  return sealSource(source, renewed, options, old.text.source);
}

/** An entry that was there before keeps its `created_at`. */
function withOldDates(keys: readonly StoredKey[], groups: readonly KeyGroup[], index: number): readonly StoredKey[] {
  const before = groups[index]?.keys ?? [];
  return keys.map((key) => {
    const date = before.find((old) => isSameKey(old, key))?.fields.get('created_at');
    return date === undefined || !key.fields.has('created_at') ? key : { ...key, fields: new Map([...key.fields, ['created_at', date]]) };
  });
}

function isSameKey(one: StoredKey, other: StoredKey): boolean {
  return one.kind === other.kind && providerOf(one.kind).read(one, '').label === providerOf(other.kind).read(other, '').label;
}

/** Takes keys out of all groups by their labels. One that is nowhere is passed over, as in sops. */
export function withoutRecipients(groups: Recipients, removed: readonly MasterKey[]): Recipients {
  const labels = new Set(removed.map(({ kind, label }) => `${kind} ${label}`));
  return groups.map((group) => group.filter(({ kind, label }) => !labels.has(`${kind} ${label}`)));
}

/** New keys join the first group, each once. */
export function withRecipients(groups: Recipients, added: readonly MasterKey[]): Recipients {
  const [first = [], ...others] = groups;
  const isNew = ({ kind, label }: MasterKey): boolean => !first.some((key) => key.kind === kind && key.label === label);
  return [[...first, ...added.filter(isNew)], ...others];
}

/** @throws SecError `no-group` */
export function withoutGroup(groups: Recipients, index: number, file: string): Recipients {
  if (index < groups.length) return groups.filter((_, at) => at !== index);
  throw new SecError({ code: 'no-group', file, index, groups: groups.length });
}

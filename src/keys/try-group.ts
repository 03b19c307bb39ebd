import type { StoredKey } from '../core/metadata.ts';
import type { Attempt } from '../core/problem.ts';
import type { KeyWorld, MasterKey, Unwrapped } from './key.ts';
import { failed } from './key.ts';

/** An entry of a file, and the key that it is for. */
export interface Entry {
  readonly kind: string;
  readonly stored: StoredKey;
  readonly key: MasterKey;
}

/** What became of a group of keys. */
export type GroupTry =
  | { readonly opened: true; readonly key: MasterKey; readonly dataKey: Uint8Array }
  | { readonly opened: false; readonly attempts: readonly Attempt[] };

export interface TryOptions {
  readonly world: KeyWorld;
  /** Whether the order of kinds is somebody's wish: then a kind has its turn before the next opens in silence. */
  readonly strict: boolean;
  /** How many bytes the data key, or a share of it, may have. */
  readonly lengths: readonly number[];
}

/** Tries the entries of a group in their order until one opens: all that open in silence, then all the others. */
export async function tryGroup(entries: readonly Entry[], options: TryOptions): Promise<GroupTry> {
  const attempts: Attempt[] = [];
  for (const turn of options.strict ? byKind(entries) : [entries]) {
    const result = (await tryQuietly(turn, options)) ?? (await tryAll(turn, options));
    if (result.opened) return result;
    attempts.push(...result.attempts);
  }
  return { opened: false, attempts };
}

async function tryQuietly(entries: readonly Entry[], { world, lengths }: TryOptions): Promise<GroupTry | null> {
  for (const { stored, key } of entries) {
    const dataKey = await key.unwrapQuietly?.(stored, world);
    if (dataKey && lengths.includes(dataKey.length)) return { opened: true, key, dataKey };
  }
  return null;
}

async function tryAll(entries: readonly Entry[], { world, lengths }: TryOptions): Promise<GroupTry> {
  const attempts: Attempt[] = [];
  for (const { stored, key } of entries) {
    const result = checkLength(await key.unwrap(stored, world), lengths);
    if (result.opened) return { opened: true, key, dataKey: result.dataKey };
    attempts.push({ label: key.label, ...result.failure });
  }
  return { opened: false, attempts };
}

function checkLength(result: Unwrapped, lengths: readonly number[]): Unwrapped {
  if (!result.opened || lengths.includes(result.dataKey.length)) return result;
  return failed('malformed', `it opens, but holds ${result.dataKey.length} bytes, which are no data key`);
}

/** Entries in a row of one kind. */
function byKind(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const turns: Entry[][] = [];
  for (const entry of entries) {
    const last = turns.at(-1);
    if (last?.[0]?.kind === entry.kind) last.push(entry);
    else turns.push([entry]);
  }
  return turns;
}

import type { StoredKey } from '../core/metadata.ts';
import type { Attempt } from '../core/problem.ts';
import { callOnce } from './calls.ts';
import { failed, remembered, type KeyWorld, type MasterKey, type Unwrapped } from './key.ts';
import { firstOpened } from './race.ts';
import type { KeyServices } from './service-places.ts';
import { Turnstile } from './turnstile.ts';

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
  readonly services: KeyServices;
  /** Whether the order of kinds is somebody's wish: then a kind has its turn before the next opens in silence. */
  readonly strict: boolean;
  /** How many bytes the data key, or a share of it, may have. */
  readonly lengths: readonly number[];
}

/**
 * Tries the entries of each group until one opens: those that open in silence; then those that need a program or a person, one after
 * another; then all servers at once; then the key services.
 */
export async function tryGroups(groups: readonly (readonly Entry[])[], options: TryOptions): Promise<readonly GroupTry[]> {
  if (options.strict) return oneByOne(groups, (entries) => tryByKind(entries, options));
  const here = await oneByOne(groups, (entries) => tryHere(entries, options));
  return Promise.all(here.map((tried, index) => orElse(tried, () => tryServers(groups[index] ?? [], options))));
}

async function tryByKind(entries: readonly Entry[], options: TryOptions): Promise<GroupTry> {
  let tried: GroupTry = nothingTried;
  for (const turn of byKind(entries)) {
    tried = await orElse(tried, () => tryHere(turn, options));
    tried = await orElse(tried, () => tryServers(turn, options));
  }
  return tried;
}

async function tryHere(entries: readonly Entry[], options: TryOptions): Promise<GroupTry> {
  if (!options.services.local) return nothingTried;
  const local = entries.filter(({ key }) => key.unwrapQuietly !== undefined);
  return (await tryQuietly(local, options)) ?? (await tryAll(local, options));
}

async function tryQuietly(entries: readonly Entry[], { world, lengths }: TryOptions): Promise<GroupTry | null> {
  for (const { stored, key } of entries) {
    const dataKey = await key.unwrapQuietly?.(stored, world);
    if (dataKey && lengths.includes(dataKey.length)) return { opened: true, key, dataKey };
  }
  return null;
}

async function tryAll(entries: readonly Entry[], { world, lengths }: TryOptions): Promise<GroupTry> {
  const turnstile = remembered(world, 'try: programs and people', () => new Turnstile(programsAtOnce));
  let tried: GroupTry = nothingTried;
  for (const { stored, key } of entries) {
    tried = await orElse(tried, async () => {
      const result = await turnstile.pass(() => key.unwrap(stored, world));
      return resultOf(key, checkLength(result, lengths));
    });
  }
  return tried;
}

async function tryServers(entries: readonly Entry[], options: TryOptions): Promise<GroupTry> {
  const { local, remote } = options.services;
  const far = local ? entries.filter(({ key }) => key.unwrapQuietly === undefined) : [];
  let tried = await tryAtOnce(far, options);
  for (const place of remote) {
    tried = await orElse(tried, async () => {
      const { openByService } = await import('./service-keys.ts');
      const asked = await openByService(entries, place, options.world);
      return asked.opened ? resultOf(asked.entry.key, checkLength({ opened: true, dataKey: asked.dataKey }, options.lengths)) : asked;
    });
  }
  return tried.opened || local || remote.length > 0 ? tried : { opened: false, attempts: entries.map(({ key }) => switchedOff(key)) };
}

async function tryAtOnce(entries: readonly Entry[], { world, lengths }: TryOptions): Promise<GroupTry> {
  const tries = entries.map(({ kind, stored, key }) => async (inner: KeyWorld): Promise<GroupTry> => {
    const name = JSON.stringify([kind, key.label, stored.fields.get('enc') ?? null]);
    return resultOf(key, checkLength(await callOnce(name, inner, (calling) => key.unwrap(stored, calling)), lengths));
  });
  const results = await firstOpened(tries, world);
  const opened = results.find((result) => result.opened);
  return opened ?? { opened: false, attempts: results.flatMap((result) => (result.opened ? [] : result.attempts)) };
}

/** Of a command with many files, so many run a program such as gpg at the same time. */
const programsAtOnce = 4;

const nothingTried: GroupTry = { opened: false, attempts: [] };

/** What was tried already, if it opened; else what is tried now, with the failures of before. */
async function orElse(before: GroupTry, next: () => Promise<GroupTry>): Promise<GroupTry> {
  if (before.opened) return before;
  const tried = await next();
  return tried.opened ? tried : { opened: false, attempts: [...before.attempts, ...tried.attempts] };
}

function resultOf(key: MasterKey, result: Unwrapped): GroupTry {
  if (result.opened) return { opened: true, key, dataKey: Uint8Array.from(result.dataKey) };
  const { reason, detail, hint } = result.failure;
  return { opened: false, attempts: [{ label: key.label, reason, detail, hint }] };
}

function switchedOff({ label }: MasterKey): Attempt {
  const hint = 'name a key service with: --keyservice tcp://HOST:PORT';
  return { label, reason: 'unsupported', detail: 'local keys are switched off, and no key service is named', hint };
}

function checkLength(result: Unwrapped, lengths: readonly number[]): Unwrapped {
  if (!result.opened || lengths.includes(result.dataKey.length)) return result;
  return failed('malformed', `it opens, but holds ${result.dataKey.length} bytes, which are no data key`);
}

async function oneByOne<T, R>(items: readonly T[], visit: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await visit(item));
  return results;
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

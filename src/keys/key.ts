import type { Attempt, UnwrapReason } from '../core/problem.ts';
import type { StoredKey } from '../core/metadata.ts';
import type { Context } from '../context.ts';
import type { ChosenLimits } from './limits.ts';

/** What a key may use of the outside world. */
export interface KeyWorld extends Pick<
  Context,
  'env' | 'home' | 'platform' | 'hostname' | 'files' | 'programs' | 'network' | 'terminal' | 'now'
> {
  /** One line to standard error. */
  warn(text: string): void;
  /** A line that somebody has to see now, such as a request to touch a key. */
  notify?(text: string): void;
  /**
   * The recipients of a kind that the user's own configuration names for a file, as people write them. None where there is no
   * configuration, or a broken one.
   */
  configured(kind: string, file: string): Promise<readonly string[]>;
  /** Says that what is under way here is not needed any more: a call to a server ends then. */
  readonly signal?: AbortSignal;
  /** What the configuration says of calls to servers. It is read when it is asked for. */
  limits?(): Promise<ChosenLimits | null>;
  /** Remembered for the length of a command: read identities, entered passphrases, clients. */
  readonly memory: Map<string, unknown>;
}

/**
 * One key that locks a file: a recipient. It never changes; to change a key is to put another in its place.
 */
export interface MasterKey {
  /** The name of its list in the metadata: `age`, `pgp`, `kms`, … */
  readonly kind: string;
  /** The key as people write it and as sops compares it. */
  readonly label: string;
  /**
   * The same key in full, where its text leaves a part of it to a server: so that it can be compared with the keys of files. A kind
   * without it leaves nothing.
   * @throws SecError `wrap-failed`
   */
  complete?(world: KeyWorld): Promise<MasterKey>;
  /**
   * Locks the data key (or the share of it), giving the entry to store (`sops-format.md` §13.3, fields in written order).
   * `createdAt` is RFC 3339 in seconds, for the kinds that store it.
   * @throws SecError `wrap-failed`
   */
  wrap(dataKey: Uint8Array, createdAt: string, world: KeyWorld): Promise<StoredKey>;
  /**
   * Opens the data key with what is at hand: no question, no other program, no network. `null` where that does not do. Every key of a
   * file is asked this before the first `unwrap`, so that nobody is asked in vain. A kind without it has no quiet way.
   */
  unwrapQuietly?(stored: StoredKey, world: KeyWorld): Promise<Uint8Array | null>;
  /** Opens the data key from the entry it was read from, by any means. Never throws for a key that merely does not fit. */
  unwrap(stored: StoredKey, world: KeyWorld): Promise<Unwrapped>;
}

export type Unwrapped = { readonly opened: true; readonly dataKey: Uint8Array } | { readonly opened: false; readonly failure: Failure };

/** Why a key did not open. `isBusy`: its server takes no more calls for now, so that it is worth asking again later. */
export interface Failure extends Omit<Attempt, 'label'> {
  readonly isBusy?: boolean;
}

/**
 * What `make` gave the first time in this command. One module owns a name, so that the type behind it is known.
 */
export function remembered<T>(world: Pick<KeyWorld, 'memory'>, name: string, make: () => T): T {
  if (!world.memory.has(name)) world.memory.set(name, make());
  return world.memory.get(name) as T; // oxlint-disable-line typescript/no-unsafe-type-assertion -- the owner of the name put it there
}

/** Keys as people wrote them, each in full. @throws SecError `wrap-failed` */
export function completed(keys: readonly MasterKey[], world: KeyWorld): Promise<readonly MasterKey[]> {
  return Promise.all(keys.map(async (key) => (await key.complete?.(world)) ?? key));
}

/** A failed attempt, in short. */
export function failed(reason: UnwrapReason, detail: string, hint: string | null = null): Unwrapped {
  return { opened: false, failure: { reason, detail, hint } };
}

/** A kind of key. */
export interface KeyProvider {
  readonly kind: string;
  /** A recipient as people write it (flag, variable, configuration). @throws SecError `bad-recipient` */
  parse(text: string): MasterKey;
  /** The key of an entry in a file. @throws SecError `bad-metadata` */
  read(stored: StoredKey, file: string): MasterKey;
  /** Labels of the user's own identities of this kind, for reports. */
  identities(world: KeyWorld): Promise<readonly string[]>;
}

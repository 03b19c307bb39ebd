import type { KeyGroup, Metadata, StoredKey } from '../core/metadata.ts';
import { SecError, type TriedGroup } from '../core/problem.ts';
import { decryptionOrder, inDecryptionOrder } from './decryption-order.ts';
import { joinShares, neededGroups, splitDataKey, thresholdFor } from './groups.ts';
import { keyProviders, providerOf } from './index.ts';
import { failed, type KeyProvider, type KeyWorld, type MasterKey } from './key.ts';
import { keyServices } from './service-places.ts';
import { type Entry, type GroupTry, tryGroups } from './try-group.ts';
import { gatherWarnings } from './warnings.ts';

export interface UnlockOptions {
  /** Name for messages. */
  readonly file: string;
  /** The text of `--decryption-order`, `null` where it was not given. */
  readonly order: string | null;
}

/** A data key, and the keys that opened it or their groups' shares of it. */
export interface Unlocked {
  readonly dataKey: Uint8Array;
  readonly openedBy: readonly MasterKey[];
}

const KEY_LENGTHS: readonly number[] = [16, 24, 32];
/** The place of a share stands behind it. */
const SHARE_LENGTHS: readonly number[] = [17, 25, 33];

/**
 * Opens the data key of a file. Keys that open in silence come before all others, unless someone chose the order, and servers are
 * asked at once; every group is tried, and one of its keys is enough (`sops-format.md` §16).
 *
 * @throws SecError `no-key-opened` with what was tried, `bad-decryption-order`, `bad-metadata`, `usage` for limits and services
 */
export async function unlockDataKey(
  { groups, threshold }: Pick<Metadata, 'groups' | 'threshold'>,
  world: KeyWorld,
  { file, order }: UnlockOptions,
  providers: readonly KeyProvider[] = keyProviders,
): Promise<Unlocked> {
  const inOrder = decryptionOrder(order, world.env);
  const warnings = gatherWarnings(world);
  const lengths = groups.length === 1 ? KEY_LENGTHS : SHARE_LENGTHS;
  const entries = groups.map(({ keys }) => {
    const read = keys.map((stored) => readEntry(stored, file, providers));
    return inDecryptionOrder(read, inOrder);
  });
  const services = keyServices(world);
  const tries = await tryGroups(entries, { world: warnings.world, services, strict: inOrder.chosen, lengths });
  const opened = tries.filter((one) => one.opened);
  const needed = neededGroups(groups.length, threshold);
  if (opened.length < needed) {
    const identities = await ownIdentities(groups, warnings.world, providers);
    throw new SecError({
      code: 'no-key-opened',
      file,
      report: { needed, groups: tries.map((one, index) => reportOf(one, entries[index] ?? [])), identities, warnings: warnings.all() },
    });
  }
  warnings.show();
  const [first = new Uint8Array(), ...others] = opened.map(({ dataKey }) => dataKey);
  const dataKey = groups.length === 1 ? first : await joinShares([first, ...others], file);
  return { dataKey, openedBy: opened.map(({ key }) => key) };
}

/** What to lock, and for whom. */
export interface Lock {
  readonly groups: readonly (readonly MasterKey[])[];
  /** `null` or 0 where nobody said: then all groups are needed. */
  readonly threshold: number | null;
  readonly dataKey: Uint8Array;
  /** RFC 3339 in seconds, for the kinds that store it. */
  readonly createdAt: string;
  /** Name for messages. */
  readonly file: string;
}

/**
 * Locks a data key for every key of every group; if one of them fails, all do (`sops-format.md` §§15, 16).
 *
 * @returns what goes into the metadata
 * @throws SecError `no-recipients`, `empty-group`, `bad-threshold`, `wrap-failed`
 */
export async function wrapDataKey(lock: Lock, world: KeyWorld): Promise<Pick<Metadata, 'groups' | 'threshold'>> {
  const { groups, dataKey, createdAt, file } = lock;
  if (groups.length === 0) throw new SecError({ code: 'no-recipients', file });
  if (groups.some((keys) => keys.length === 0)) throw new SecError({ code: 'empty-group', file });
  const threshold = thresholdFor(groups.length, lock.threshold);
  const shares = groups.length === 1 ? [dataKey] : await splitDataKey(dataKey, groups.length, threshold);
  const { wrapSomewhere } = await import('./service-keys.ts');
  const wrapped = shares.map(async (share, index): Promise<KeyGroup> => {
    const keys = groups[index] ?? [];
    return { keys: await Promise.all(keys.map((key) => wrapSomewhere(key, share, createdAt, world))), stored: new Map() };
  });
  return { groups: await Promise.all(wrapped), threshold };
}

/** Whom an entry is for. One that cannot be read opens nothing, and keeps no other from it. */
function readEntry(stored: StoredKey, file: string, providers: readonly KeyProvider[]): Entry {
  const provider = providerOf(stored.kind, providers);
  try {
    return { kind: stored.kind, stored, key: provider.read(stored, file) };
  } catch (error) {
    if (!(error instanceof SecError) || error.problem.code !== 'bad-metadata') throw error;
    return { kind: stored.kind, stored, key: unreadableKey(stored.kind, error) };
  }
}

function unreadableKey(kind: string, error: SecError): MasterKey {
  const reason = error.problem.code === 'bad-metadata' ? error.problem.reason : '';
  return {
    kind,
    label: `a key of the kind ${kind}`,
    wrap: () => Promise.reject(error),
    unwrap: () => Promise.resolve(failed('malformed', reason)),
  };
}

function reportOf(one: GroupTry, entries: readonly Entry[]): TriedGroup {
  return one.opened ? { opened: true, attempts: [] } : { ...one, keys: entries.map(({ key }) => key.label) };
}

/** The user's own identities of the kinds that the file has, each once. */
async function ownIdentities(groups: readonly KeyGroup[], world: KeyWorld, providers: readonly KeyProvider[]): Promise<readonly string[]> {
  const kinds = new Set(groups.flatMap(({ keys }) => keys.map(({ kind }) => kind)));
  const own = await Promise.all([...kinds].map((kind) => providerOf(kind, providers).identities(world)));
  return [...new Set(own.flat())];
}

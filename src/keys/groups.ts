import { SecError } from '../core/problem.ts';

/**
 * A data key shared out over groups of keys (Shamir, `sops-format.md` §16). A share is the values of the polynomials, one a byte of the
 * data key, and behind them the place where they were taken: the number of the group, from one.
 */

const LEAST = 2;
const MOST = 255;

/**
 * How many groups are needed, as it is stored.
 *
 * @param configured `null` or 0 where nobody said: then all of them. It does not count for a single group, and is stored all the same
 * @throws SecError `bad-threshold`
 */
export function thresholdFor(groups: number, configured: number | null): number {
  if (groups === 1) return configured ?? 0;
  const threshold = configured === null || configured === 0 ? groups : configured;
  if (threshold >= LEAST && threshold <= groups && groups <= MOST) return threshold;
  throw new SecError({ code: 'bad-threshold', threshold, groups });
}

/** How many groups must open to read a file that says this threshold: below two there is nothing to put together. */
export function neededGroups(groups: number, stored: number): number {
  return groups === 1 ? 1 : Math.max(stored, LEAST);
}

/** One share for each of several groups, in their order. */
export async function splitDataKey(dataKey: Uint8Array, groups: number, threshold: number): Promise<readonly Uint8Array[]> {
  const { split } = await import('shamir-secret-sharing');
  const shares = await split(Uint8Array.from(dataKey), groups, threshold);
  const enough = shares.slice(0, threshold);
  return Promise.all(Array.from({ length: groups }, (_, group) => shareAt(enough, group + 1)));
}

/**
 * The data key from all shares that were recovered, which may be more than are needed.
 * @throws SecError `bad-metadata` where they are no shares of one key
 */
export async function joinShares(shares: readonly Uint8Array[], file: string): Promise<Uint8Array> {
  const { combine } = await import('shamir-secret-sharing');
  try {
    return await combine(shares.map((share) => Uint8Array.from(share)));
  } catch {
    throw new SecError({ code: 'bad-metadata', file, reason: 'the shares of its key groups do not belong together' });
  }
}

/**
 * The share at a place of our choice, where the library chose places at random. Moving all places by as much moves that one to zero,
 * and what stands at zero is what the library puts together.
 */
export async function shareAt(shares: readonly Uint8Array[], place: number): Promise<Uint8Array> {
  const there = shares.find((share) => share.at(-1) === place);
  if (there !== undefined) return there;
  const { combine } = await import('shamir-secret-sharing');
  const moved = shares.map((share) => share.map((byte, index) => (index === share.length - 1 ? byte ^ place : byte)));
  return Uint8Array.of(...(await combine(moved)), place);
}

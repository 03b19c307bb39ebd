import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinShares, neededGroups, shareAt, splitDataKey, thresholdFor } from '../../src/keys/groups.ts';
import { problemOf, problemOfAsync } from '../helpers/problem.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

// sops-format.md §20.3
describe('known answers', () => {
  const two = ['07aa0101', '0e311802', '09b1e603'].map(bytes);
  const three = ['16ab9d01', '4a355e02', '5cb43c03', '170c2904'].map(bytes);
  const pick = (shares: readonly Uint8Array[], places: readonly number[]): readonly Uint8Array[] =>
    shares.filter((share) => places.includes(share.at(-1) ?? 0));

  test.each([
    [two, [1, 2]],
    [two, [1, 3]],
    [two, [2, 3]],
    [two, [1, 2, 3]],
    [three, [1, 2, 3]],
    [three, [2, 3, 4]],
    [three, [1, 2, 4]],
    [three, [1, 2, 3, 4]],
  ])('shares %# give the secret', async (shares, places) => {
    expect(await joinShares(pick(shares, places), 'a.yaml')).toEqual(bytes('002aff'));
  });

  test('enough shares give every other one', async () => {
    expect(await shareAt(pick(two, [1, 2]), 3)).toEqual(two[2]);
    expect(await shareAt(pick(two, [1, 3]), 3)).toEqual(two[2]);
    expect(await shareAt(pick(three, [1, 2, 3]), 4)).toEqual(three[3]);
    expect(await shareAt(pick(three, [4, 2, 3]), 1)).toEqual(three[0]);
  });
});

const split = fc.integer({ min: 2, max: 12 }).chain((groups) => fc.tuple(fc.constant(groups), fc.integer({ min: 2, max: groups })));
const dataKey = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('shares lie at the numbers of their groups, and any that are enough give the data key', async () => {
  await fc.assert(
    fc.asyncProperty(split, dataKey, fc.nat(), async ([groups, threshold], key, order) => {
      const shares = await splitDataKey(key, groups, threshold);
      expect(shares.map((share) => [share.length, share.at(-1)])).toEqual(shares.map((_, index) => [33, index + 1]));
      const turned = [...shares.slice(order % groups), ...shares.slice(0, order % groups)];
      expect(await joinShares(turned.slice(0, threshold), 'a.yaml')).toEqual(key);
      expect(await joinShares(turned, 'a.yaml')).toEqual(key);
    }),
  );
});

test('fewer than are needed give something else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 3, max: 6 }), dataKey, async (threshold, key) => {
      const shares = await splitDataKey(key, 6, threshold);
      expect(await joinShares(shares.slice(0, threshold - 1), 'a.yaml')).not.toEqual(key);
    }),
  );
});

test('no two splits are the same', async () => {
  const key = new Uint8Array(32);
  expect(await splitDataKey(key, 2, 2)).not.toEqual(await splitDataKey(key, 2, 2));
});

test.each([
  ['one of one', ['07aa0101']],
  ['twice the same', ['07aa0101', '07aa0101']],
  ['of two lengths', ['07aa0101', '0e3102']],
])('%s are no shares of one key', async (_, shares) => {
  expect(await problemOfAsync(() => joinShares(shares.map(bytes), 'a.yaml'))).toEqual({
    code: 'bad-metadata',
    file: 'a.yaml',
    reason: 'the shares of its key groups do not belong together',
  });
});

describe('the threshold to store', () => {
  test.each([
    [1, null, 0],
    [1, 0, 0],
    [1, 2, 2],
    [2, null, 2],
    [3, 0, 3],
    [3, 2, 2],
    [255, 255, 255],
  ])('for %i groups and %s is %i', (groups, configured, stored) => {
    expect(thresholdFor(groups, configured)).toBe(stored);
  });

  // K3 of sops-format.md §22.5
  test.each([
    [2, 1],
    [2, 3],
    [3, -1],
    [256, 2],
  ])('for %i groups cannot be %i', (groups, threshold) => {
    expect(problemOf(() => thresholdFor(groups, threshold))).toEqual({ code: 'bad-threshold', threshold, groups });
  });
});

test.each([
  [1, 0, 1],
  [1, 2, 1],
  [3, 0, 2],
  [3, 1, 2],
  [3, 3, 3],
  [3, 9, 9],
])('of %i groups with a stored threshold of %i, %i must open', (groups, stored, needed) => {
  expect(neededGroups(groups, stored)).toBe(needed);
});

import { describe, expect, test } from 'vitest';
import type { KeyGroup, StoredKey } from '../../src/core/metadata.ts';
import { SecError } from '../../src/core/problem.ts';
import { age, generateIdentity } from '../../src/keys/age.ts';
import { failed, type KeyProvider, type KeyWorld, type MasterKey } from '../../src/keys/key.ts';
import { unlockDataKey, wrapDataKey } from '../../src/keys/unlock.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { problemOfAsync } from '../helpers/problem.ts';

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);

/** How a made-up key behaves: the data key that it gives in silence, or with effort, or not at all. */
type Behaviour = 'quiet' | 'loud' | 'shut';

/** A kind whose keys behave as their names say, and write down what is asked of them. */
function madeUp(kind: string, log: string[]): KeyProvider {
  const key = (name: string, behaviour: Behaviour): MasterKey => ({
    kind,
    label: name,
    wrap: (share, createdAt) =>
      name === 'broken'
        ? Promise.reject(new SecError({ code: 'wrap-failed', label: name, reason: 'it is broken', hint: null }))
        : Promise.resolve(entry(kind, name, share, createdAt)),
    unwrapQuietly: (stored) => {
      log.push(`${name} quietly`);
      return Promise.resolve(behaviour === 'quiet' ? shareIn(stored) : null);
    },
    unwrap: (stored, world) => {
      log.push(name);
      if (name === 'gossip') world.warn('a bad line');
      return Promise.resolve(behaviour === 'shut' ? failed('no-key', `no ${name}`, 'find it') : { opened: true, dataKey: shareIn(stored) });
    },
  });
  return {
    kind,
    parse: (text) => key(...named(text)),
    read: (stored, file) => {
      const name = stored.fields.get('name');
      if (typeof name !== 'string') throw new SecError({ code: 'bad-metadata', file, reason: 'an entry has no name' });
      return key(...named(name));
    },
    identities: () => Promise.resolve([`my ${kind} key`]),
  };
}

function named(text: string): [string, Behaviour] {
  const behaviour = (['quiet', 'loud', 'shut'] as const).find((one) => text.endsWith(one));
  return [text, behaviour ?? 'shut'];
}

function entry(kind: string, name: string, share: Uint8Array, createdAt = ''): StoredKey {
  return { kind, fields: new Map(Object.entries({ name, createdAt, share: Buffer.from(share).toString('hex') })) };
}

function shareIn({ fields }: StoredKey): Uint8Array {
  return Uint8Array.from(Buffer.from(String(fields.get('share')), 'hex'));
}

/** A group of entries by kind and name, all of which hold the same. */
function group(names: readonly string[], share: Uint8Array = dataKey): KeyGroup {
  const keys = names.map((name) => entry(name.split('-')[0] ?? '', name, share));
  return { keys, stored: new Map() };
}

async function unlock(groups: readonly KeyGroup[], options: { threshold?: number; order?: string | null; world?: KeyWorld } = {}) {
  const log: string[] = [];
  const providers = ['age', 'pgp', 'kms'].map((kind) => madeUp(kind, log));
  const { threshold = 0, order = null, world = keyWorld() } = options;
  const problem = { code: '' };
  try {
    const unlocked = await unlockDataKey({ groups, threshold }, world, { file: 'a.yaml', order }, providers);
    expect(unlocked.dataKey).toEqual(dataKey);
    return { log, openedBy: unlocked.openedBy.map(({ label }) => label), problem };
  } catch (error) {
    if (error instanceof SecError) return { log, openedBy: [], problem: error.problem };
    throw error;
  }
}

describe('in a group', () => {
  test('all keys are tried in silence before the first is tried aloud', async () => {
    expect(await unlock([group(['kms-1-loud', 'pgp-1-loud', 'age-1-loud', 'kms-2-quiet'])])).toMatchObject({
      log: ['age-1-loud quietly', 'pgp-1-loud quietly', 'kms-1-loud quietly', 'kms-2-quiet quietly'],
      openedBy: ['kms-2-quiet'],
    });
  });

  test('age comes before pgp, and others as they stand', async () => {
    const { log } = await unlock([group(['kms-2-shut', 'pgp-1-shut', 'kms-1-shut', 'age-2-shut', 'age-1-shut', 'pgp-2-loud'])]);
    expect(log.filter((line) => !line.endsWith('quietly'))).toEqual(['age-2-shut', 'age-1-shut', 'pgp-1-shut', 'pgp-2-loud']);
  });

  test.each([
    ['--decryption-order', { order: 'kms,pgp' }],
    ['SOPS_DECRYPTION_ORDER', { world: keyWorld({ env: { SOPS_DECRYPTION_ORDER: 'kms,pgp' } }) }],
    ['SEC_DECRYPTION_ORDER', { world: keyWorld({ env: { SOPS_DECRYPTION_ORDER: 'age', SEC_DECRYPTION_ORDER: 'kms,pgp' } }) }],
    ['the flag before the variable', { order: 'kms,pgp', world: keyWorld({ env: { SEC_DECRYPTION_ORDER: 'age' } }) }],
    ['unknown words and empty ones', { order: 'kms,,foo,pgp, age' }],
  ])('an order by %s holds to the letter', async (_, options) => {
    expect(await unlock([group(['age-1-quiet', 'pgp-1-loud', 'kms-1-shut'])], options)).toMatchObject({
      log: ['kms-1-shut quietly', 'kms-1-shut', 'pgp-1-loud quietly', 'pgp-1-loud'],
      openedBy: ['pgp-1-loud'],
    });
  });

  // K9 of sops-format.md §22.5
  test.each([
    ['age,age', 'age'],
    ['kms,age,kms', 'kms'],
    ['foo,foo', 'foo'],
    [',', ''],
  ])('the order %j names a kind twice', async (order, kind) => {
    expect(await unlock([group(['age-1-quiet'])], { order })).toMatchObject({ log: [], problem: { code: 'bad-decryption-order', kind } });
  });

  test.each([16, 24, 32])('a data key may have %i bytes', async (length) => {
    const short = dataKey.subarray(0, length);
    const unlocked = await unlockDataKey(
      { groups: [group(['age-quiet'], short)], threshold: 0 },
      keyWorld(),
      { file: 'a.yaml', order: null },
      [madeUp('age', [])],
    );
    expect(unlocked.dataKey).toEqual(short);
  });

  test('what is no data key by its length is passed by', async () => {
    const groups = [{ keys: [...group(['age-1-quiet'], dataKey.subarray(1)).keys, ...group(['pgp-1-shut']).keys], stored: new Map() }];
    expect((await unlock(groups)).problem).toMatchObject({
      report: {
        groups: [
          {
            attempts: [
              { label: 'age-1-quiet', reason: 'malformed', detail: 'it opens, but holds 31 bytes, which are no data key', hint: null },
              { label: 'pgp-1-shut', reason: 'no-key' },
            ],
          },
        ],
      },
    });
  });
});

// K6 of sops-format.md §22.5
test('a report says what was tried, what was at hand and what was wrong with it', async () => {
  const world = keyWorld();
  const unreadable = { kind: 'pgp', fields: new Map() };
  const unknown = { kind: 'hckms', fields: new Map([['key_id', 'eu-west-101:1234']]) };
  const keys = [unknown, unreadable, ...group(['age-1-shut']).keys, ...group(['age-2-shut']).keys];
  expect((await unlock([{ keys, stored: new Map() }], { world, threshold: 2 })).problem).toEqual({
    code: 'no-key-opened',
    file: 'a.yaml',
    report: {
      needed: 1,
      groups: [
        {
          opened: false,
          attempts: [
            { label: 'age-1-shut', reason: 'no-key', detail: 'no age-1-shut', hint: 'find it' },
            { label: 'age-2-shut', reason: 'no-key', detail: 'no age-2-shut', hint: 'find it' },
            { label: 'a key of the kind pgp', reason: 'malformed', detail: 'an entry has no name', hint: null },
            { label: 'eu-west-101:1234', reason: 'unsupported', detail: 'sec has no client for keys of the kind hckms', hint: null },
          ],
          keys: ['age-1-shut', 'age-2-shut', 'a key of the kind pgp', 'eu-west-101:1234'],
        },
      ],
      identities: ['my pgp key', 'my age key'],
      warnings: [],
    },
  });
  expect(world.warnings).toEqual([]);
});

describe('warnings about places of keys', () => {
  const gossip = (name: string): KeyGroup => ({
    keys: [entry('age', name, dataKey), entry('pgp', 'pgp-1-loud', dataKey)],
    stored: new Map(),
  });

  test('are shown once, where the file opens', async () => {
    const world = keyWorld();
    expect(await unlock([gossip('gossip')], { world })).toMatchObject({ openedBy: ['pgp-1-loud'] });
    expect(world.warnings).toEqual(['a bad line']);
  });

  test('are in the report, where it does not', async () => {
    const world = keyWorld();
    const { problem } = await unlock([{ keys: [entry('age', 'gossip', dataKey)], stored: new Map() }], { world });
    expect(problem).toMatchObject({ report: { warnings: ['a bad line'] } });
    expect(world.warnings).toEqual([]);
  });
});

describe('several groups', () => {
  const log: string[] = [];
  const provider = madeUp('age', log);
  const plan = (names: readonly (readonly string[])[], threshold: number | null) => ({
    groups: names.map((keys) => keys.map((name) => provider.parse(name))),
    threshold,
    dataKey,
    createdAt: '2026-01-02T03:04:05Z',
    file: 'a.yaml',
  });

  test('every group is tried, also after enough have opened, and all shares are joined', async () => {
    const locked = await wrapDataKey(plan([['age-1-quiet'], ['age-2-loud'], ['age-3-shut', 'age-4-loud']], 2), keyWorld());
    expect(locked.threshold).toBe(2);
    expect(await unlock(locked.groups, { threshold: locked.threshold })).toMatchObject({
      log: [
        'age-1-quiet quietly',
        'age-2-loud quietly',
        'age-2-loud',
        'age-3-shut quietly',
        'age-4-loud quietly',
        'age-3-shut',
        'age-4-loud',
      ],
      openedBy: ['age-1-quiet', 'age-2-loud', 'age-4-loud'],
    });
  });

  // K1 of sops-format.md §22.5
  test('with a threshold, one may stay shut', async () => {
    const locked = await wrapDataKey(plan([['age-1-quiet'], ['age-2-shut'], ['age-3-loud']], 2), keyWorld());
    expect(await unlock(locked.groups, { threshold: 2 })).toMatchObject({ openedBy: ['age-1-quiet', 'age-3-loud'] });
  });

  // K2 of sops-format.md §22.5
  test('without a threshold, all are needed, and that is stored', async () => {
    const locked = await wrapDataKey(plan([['age-1-quiet'], ['age-2-shut']], null), keyWorld());
    expect(locked.threshold).toBe(2);
    expect((await unlock(locked.groups, { threshold: 2 })).problem).toMatchObject({
      code: 'no-key-opened',
      report: {
        needed: 2,
        groups: [
          { opened: true, attempts: [] },
          { opened: false, attempts: [{ label: 'age-2-shut' }] },
        ],
      },
    });
  });

  test('all keys of a group get the same share, and each group another', async () => {
    const { groups } = await wrapDataKey(plan([['age-1-quiet', 'age-2-quiet'], ['age-3-quiet']], null), keyWorld());
    const shares = groups.map(({ keys }) => keys.map(shareIn));
    expect(shares[0]?.[0]).toEqual(shares[0]?.[1]);
    expect(shares.flat().map((share) => share.at(-1))).toEqual([1, 1, 2]);
    expect(groups.flatMap(({ keys }) => keys.map(({ fields }) => fields.get('createdAt')))).toEqual(Array(3).fill('2026-01-02T03:04:05Z'));
  });

  test('a single group gets the data key itself, and its threshold is kept', async () => {
    const locked = await wrapDataKey(plan([['age-1-quiet']], 3), keyWorld());
    expect(locked.threshold).toBe(3);
    expect(await unlock(locked.groups, { threshold: 3 })).toMatchObject({ openedBy: ['age-1-quiet'] });
  });

  test.each([
    ['no group', plan([], null), { code: 'no-recipients', file: 'a.yaml' }],
    ['an empty group', plan([['age-1-quiet'], []], null), { code: 'empty-group', file: 'a.yaml' }],
    ['a threshold of one', plan([['age-1-quiet'], ['age-2-quiet']], 1), { code: 'bad-threshold', threshold: 1, groups: 2 }],
    [
      'a key that fails',
      plan([['age-1-quiet', 'broken']], null),
      { code: 'wrap-failed', label: 'broken', reason: 'it is broken', hint: null },
    ],
  ])('%s locks nothing', async (_, lock, problem) => {
    expect(await problemOfAsync(() => wrapDataKey(lock, keyWorld()))).toEqual(problem);
  });

  test('shares of two files are refused', async () => {
    const one = await wrapDataKey(plan([['age-1-quiet'], ['age-2-quiet']], null), keyWorld());
    const other = await wrapDataKey(plan([['age-1-quiet'], ['age-2-quiet']], null), keyWorld());
    const [first] = one.groups;
    const [same] = other.groups;
    expect((await unlock(first && same ? [first, same] : [], { threshold: 2 })).problem).toEqual({
      code: 'bad-metadata',
      file: 'a.yaml',
      reason: 'the shares of its key groups do not belong together',
    });
  });
});

test('age keys lock and unlock a file of two groups', async () => {
  const alice = await generateIdentity(new Date(0));
  const bob = await generateIdentity(new Date(0));
  const groups = [[age().parse(alice.recipient)], [age().parse(bob.recipient)]];
  const locked = await wrapDataKey({ groups, threshold: null, dataKey, createdAt: '', file: 'a.yaml' }, keyWorld());
  const both = keyWorld({ env: { SEC_AGE_KEY: `${alice.text}\n${bob.text}` } });
  const { openedBy, ...unlocked } = await unlockDataKey(locked, both, { file: 'a.yaml', order: null });

  expect(unlocked.dataKey).toEqual(dataKey);
  expect(openedBy.map(({ label }) => label)).toEqual([alice.recipient, bob.recipient]);
  const one = keyWorld({ env: { SEC_AGE_KEY: alice.text } });
  expect(await problemOfAsync(() => unlockDataKey(locked, one, { file: 'a.yaml', order: null }))).toMatchObject({ code: 'no-key-opened' });
});

import { describe, expect, test } from 'vitest';
import type { StoredKey } from '../../src/core/metadata.ts';
import { failed, type KeyProvider, type KeyWorld, type MasterKey, type Unwrapped } from '../../src/keys/key.ts';
import { unlockDataKey } from '../../src/keys/unlock.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { problemOfAsync } from '../helpers/problem.ts';

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const opened: Unwrapped = { opened: true, dataKey };

/** A kind of keys that only a server has. What the server does with a call is up to the test. */
function serverKeys(answer: (name: string, world: KeyWorld) => Promise<Unwrapped>): KeyProvider {
  const key = (name: string): MasterKey => ({
    kind: 'kms',
    label: name,
    wrap: () => Promise.reject(new Error('nothing is locked here')),
    unwrap: (stored, world) => answer(String(stored.fields.get('enc')), world),
  });
  return { kind: 'kms', parse: key, read: ({ fields }) => key(String(fields.get('name'))), identities: () => Promise.resolve([]) };
}

/** A file that one of these servers opens; an entry is its wrapped key. */
function lockedBy(...names: readonly string[]) {
  const keys = names.map((name): StoredKey => ({
    kind: 'kms',
    fields: new Map([
      ['name', name],
      ['enc', `enc of ${name}`],
    ]),
  }));
  return { groups: [{ keys, stored: new Map() }], threshold: 0 };
}

function unlock(file: ReturnType<typeof lockedBy>, world: KeyWorld, provider: KeyProvider) {
  return unlockDataKey(file, world, { file: 'a.yaml', order: null }, [provider]);
}

/** A server that answers once as many calls wait as are awaited, or all that are left. */
function crowdedServer(expected: number, all: number) {
  const seen = { calls: 0, most: 0 };
  let waiting: (() => void)[] = [];
  const answer = (): Promise<Unwrapped> => {
    seen.calls += 1;
    const result = new Promise<Unwrapped>((done) => waiting.push(() => done(opened)));
    seen.most = Math.max(seen.most, waiting.length);
    if (waiting.length === expected || seen.calls === all) {
      const answered = waiting;
      waiting = [];
      // Whoever should have waited has come by the next turn.
      setImmediate(() => answered.forEach((done) => done()));
    }
    return result;
  };
  return { seen, provider: serverKeys(answer) };
}

describe('of many files', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, (() => Promise<{ calls: number; timeout: null }>) | null, number]>([
    ['by default', {}, null, 32],
    ['by SEC_KEY_CALLS', { SEC_KEY_CALLS: '5' }, null, 5],
    ['by the configuration', {}, () => Promise.resolve({ calls: 7, timeout: null }), 7],
    ['by SEC_KEY_CALLS before the configuration', { SEC_KEY_CALLS: '3' }, () => Promise.resolve({ calls: 7, timeout: null }), 3],
  ])('each wrapped key is asked for once, and so many at the same time as are allowed %s', async (_, env, limits, allowed) => {
    const { seen, provider } = crowdedServer(allowed, 200);
    const world: KeyWorld = { ...keyWorld({ env }), ...(limits === null ? {} : { limits }) };
    // 300 files, of which every third has the wrapped key of another.
    const files = Array.from({ length: 300 }, (__, i) => lockedBy(`${i % 3 === 0 ? i : i - (i % 3) + 1}`));
    const results = await Promise.all(files.map((file) => unlock(file, world, provider)));

    expect(results.map((result) => result.dataKey)).toEqual(Array(300).fill(dataKey));
    expect(seen).toEqual({ calls: 200, most: allowed });
  });

  test('each gets a data key of its own', async () => {
    const world = keyWorld();
    const provider = serverKeys(() => Promise.resolve(opened));
    const first = await unlock(lockedBy('one'), world, provider);
    first.dataKey.fill(0);

    expect((await unlock(lockedBy('one'), world, provider)).dataKey).toEqual(dataKey);
  });
});

describe('of one file', () => {
  test('all servers are asked at once, the first answer counts, and the others are ended', async () => {
    const ended: string[] = [];
    const provider = serverKeys(async (name, world) => {
      if (name === 'enc of quick') return opened;
      await new Promise<void>((done) => world.signal?.addEventListener('abort', () => done()));
      ended.push(name);
      return failed('unreachable', 'it was ended');
    });
    const { openedBy } = await unlock(lockedBy('slow', 'quick', 'silent'), keyWorld(), provider);
    await new Promise((next) => setImmediate(next));

    expect(openedBy.map(({ label }) => label)).toEqual(['quick']);
    expect(ended).toEqual(['enc of slow', 'enc of silent']);
  });

  test('what another file waits for goes on', async () => {
    const asked: string[] = [];
    let answerSlow = (): void => undefined;
    let answerQuick = (): void => undefined;
    const provider = serverKeys((name, world) => {
      asked.push(name);
      world.signal?.addEventListener('abort', () => asked.push(`${name} ended`));
      return new Promise((done) => {
        if (name === 'enc of slow') answerSlow = () => done(opened);
        else answerQuick = () => done(opened);
      });
    });
    const world = keyWorld();
    const both = unlock(lockedBy('slow', 'quick'), world, provider);
    const slow = unlock(lockedBy('slow'), world, provider);
    await new Promise((next) => setImmediate(next));
    answerQuick();
    await both;
    expect(asked).toEqual(['enc of slow', 'enc of quick', 'enc of quick ended']);

    answerSlow();
    expect((await slow).dataKey).toEqual(dataKey);
    expect(asked.filter((line) => line === 'enc of slow')).toEqual(['enc of slow']);
  });

  test('what was ended for one file is asked for again for the next', async () => {
    let isSlow = true;
    const provider = serverKeys((name) => (name === 'enc of slow' && isSlow ? new Promise(() => undefined) : Promise.resolve(opened)));
    const world = keyWorld();
    await unlock(lockedBy('slow', 'quick'), world, provider);
    isSlow = false;

    expect((await unlock(lockedBy('slow'), world, provider)).dataKey).toEqual(dataKey);
  });

  test('a server that never answers is waited for no longer than is said', async () => {
    const provider = serverKeys(() => new Promise(() => undefined));
    const problem = await problemOfAsync(() => unlock(lockedBy('silent'), keyWorld({ env: { SEC_UNLOCK_TIMEOUT: '1' } }), provider));

    expect(problem).toMatchObject({
      report: {
        groups: [
          {
            attempts: [
              {
                label: 'silent',
                reason: 'unreachable',
                detail: 'no answer within 1 second',
                hint: 'check the network, or wait longer with: --unlock-timeout SECONDS',
              },
            ],
          },
        ],
      },
    });
  });
});

describe('a server that has too much to do', () => {
  const busy: Unwrapped = { opened: false, failure: { reason: 'unreachable', detail: 'too much', hint: null, isBusy: true } };

  /** A world that only counts its pauses. */
  function patientWorld() {
    const pauses: number[] = [];
    const world = keyWorld({ env: { SEC_KEY_CALLS: '8' } });
    const network = { ...world.network, pause: async (ms: number) => void pauses.push(ms) };
    return { pauses, world: { ...world, network } };
  }

  test('is asked again, later each time', async () => {
    const { pauses, world } = patientWorld();
    let calls = 0;
    const provider = serverKeys(() => Promise.resolve((calls += 1) < 4 ? busy : opened));

    expect((await unlock(lockedBy('one'), world, provider)).dataKey).toEqual(dataKey);
    expect(pauses).toEqual([500, 1000, 2000]);
  });

  test('is not asked for ever', async () => {
    const { pauses, world } = patientWorld();
    const problem = await problemOfAsync(() =>
      unlock(
        lockedBy('one'),
        world,
        serverKeys(() => Promise.resolve(busy)),
      ),
    );

    expect(problem).toMatchObject({
      report: { groups: [{ attempts: [{ label: 'one', reason: 'unreachable', detail: 'too much', hint: null }] }] },
    });
    expect(pauses).toEqual([500, 1000, 2000, 4000]);
  });

  test('is asked less at the same time from then on', async () => {
    const { world } = patientWorld();
    const inside: number[] = [];
    let now = 0;
    let isFirst = true;
    const provider = serverKeys(async () => {
      const answer = isFirst ? busy : opened;
      isFirst = false;
      now += 1;
      inside.push(now);
      await new Promise((next) => setImmediate(next));
      now -= 1;
      return answer;
    });
    await Promise.all(Array.from({ length: 40 }, (_, i) => unlock(lockedBy(`${i}`), world, provider)));

    expect(Math.max(...inside.slice(0, 8))).toBe(8);
    expect(Math.max(...inside.slice(16))).toBe(4);
  });
});

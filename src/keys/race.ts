import type { KeyWorld } from './key.ts';

/**
 * Runs all tries at once until one opens, and ends the others then.
 *
 * @returns what was known by then, in the order of the tries
 * @throws what the first try throws that does, once the others are told to end
 */
export async function firstOpened<T extends { readonly opened: boolean }>(
  tries: readonly ((world: KeyWorld) => Promise<T>)[],
  world: KeyWorld,
): Promise<readonly T[]> {
  const end = new AbortController();
  const signal = world.signal === undefined ? end.signal : AbortSignal.any([end.signal, world.signal]);
  const results: (T | undefined)[] = tries.map(() => undefined);
  let win = (): void => undefined;
  const won = new Promise<void>((done) => {
    win = done;
  });
  const all = tries.map(async (attempt, index) => {
    const result = await attempt({ ...world, signal });
    results[index] = result;
    if (result.opened) win();
  });
  try {
    await Promise.race([won, Promise.all(all)]);
    return results.flatMap((result) => result ?? []);
  } finally {
    end.abort();
  }
}

import { SecError } from '../core/problem.ts';
import type { KeyWorld } from './key.ts';
import { remembered } from './key.ts';

/** How often a wrong passphrase may be given again. */
const ATTEMPTS = 3;

/**
 * Asks for a passphrase until `accept` takes it. Files are unlocked side by side, so questions wait for one another.
 *
 * @param accept opens with the passphrase; `null` says that it was wrong
 * @returns `null` where nobody is there to answer, or no answer was right
 * @throws SecError `interrupted` when the person ends the question
 */
export async function askPassphrase<T>(
  world: KeyWorld,
  what: string,
  accept: (passphrase: string) => Promise<T | null>,
): Promise<T | null> {
  return inQueue(world, () => askNow(world, what, accept));
}

/** Asks when all who came before have their answers. @throws SecError `interrupted` also where nobody waits for the answer any more */
export async function inQueue<T>(world: KeyWorld, ask: () => Promise<T>): Promise<T> {
  const queue = remembered(world, 'ask: last question', () => ({ last: Promise.resolve() }));
  const answer = queue.last.then(() => {
    if (world.signal?.aborted === true) throw new SecError({ code: 'interrupted' });
    return ask();
  });
  queue.last = answer.then(
    () => undefined,
    () => undefined,
  );
  return answer;
}

async function askNow<T>(world: KeyWorld, what: string, accept: (passphrase: string) => Promise<T | null>): Promise<T | null> {
  if (world.terminal === null) return null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const again = attempt === 1 ? '' : 'that was not it, once more: ';
    const opened = await accept(await world.terminal.secret(`${again}passphrase of ${what}`));
    if (opened !== null) return opened;
  }
  return null;
}

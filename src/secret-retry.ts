import type { Context } from './context.ts';
import { SecError } from './core/problem.ts';

/** Changes that several programs make in one file at once. */

/** Eight writers get through with less; a file that changes faster than that is none that people keep. */
const tries = 20;
const longestWait = 64;

/**
 * Reads, changes and saves, and does it again with the file as it is by then where somebody else has saved it meanwhile.
 *
 * @throws SecError `file-changed` where that goes on and on, and as the change
 */
export async function withRetries(context: Context, change: () => Promise<void>): Promise<void> {
  for (let left = tries; ; left -= 1) {
    try {
      await change();
      return;
    } catch (error) {
      if (left === 1 || !(error instanceof SecError) || error.problem.code !== 'file-changed') throw error;
    }
    const [byte = 0] = context.random(1);
    // Those who have just met must not meet again.
    await context.network.pause(1 + (byte % longestWait));
  }
}

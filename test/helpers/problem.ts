import { SecError } from '../../src/core/problem.ts';
import type { Problem } from '../../src/core/problem.ts';

/** The problem that a call ends with, or `null` where it ends well. Other errors pass through. */
export function problemOf(run: () => unknown): Problem | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof SecError) return error.problem;
    throw error;
  }
}

/** The same of a promise. */
export async function problemOfAsync(run: () => Promise<unknown>): Promise<Problem | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (error instanceof SecError) return error.problem;
    throw error;
  }
}

import { SecError } from './core/problem.ts';
import type { Session } from './secret-file.ts';

/**
 * Does the same with many files, side by side, so that what they wait for they wait for together.
 *
 * @returns what came of each, in their order
 * @throws what the first of them throws that fails; what comes behind it is ended, and nothing is left under way
 */
export async function withEach<T, R>(
  session: Session,
  items: readonly T[],
  visit: (session: Session, item: T) => Promise<R>,
): Promise<readonly R[]> {
  if (items.length < 2) return Promise.all(items.map((item) => visit(session, item)));
  const ends = items.map(() => new AbortController());
  const endFrom = (index: number): void => ends.slice(index).forEach((end) => end.abort());
  const outcomes = await Promise.allSettled(
    items.map(async (item, index) => {
      try {
        return await visit(withSignal(session, ends[index]?.signal), item);
      } catch (error) {
        // Who ends a question wants none of the others.
        endFrom(isInterruption(error) ? 0 : index + 1);
        throw error;
      }
    }),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') return outcome.value;
    throw firstReason(outcomes) ?? outcome.reason;
  });
}

function withSignal({ context, keys }: Session, signal: AbortSignal | undefined): Session {
  return signal === undefined ? { context, keys } : { context, keys: { ...keys, signal } };
}

/** An ended question explains why the files behind it failed. */
function firstReason(outcomes: readonly PromiseSettledResult<unknown>[]): unknown {
  const reasons = outcomes.flatMap((outcome): readonly unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
  return reasons.find(isInterruption) ?? reasons[0];
}

function isInterruption(error: unknown): boolean {
  return error instanceof SecError && error.problem.code === 'interrupted';
}

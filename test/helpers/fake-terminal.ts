import type { Terminal } from '../../src/context.ts';
import { SecError } from '../../src/core/problem.ts';

/** A terminal whose person is a test. */
export interface FakeTerminal extends Terminal {
  /** What it was asked so far. */
  readonly asked: readonly string[];
}

/** Gives these answers to the secrets that it is asked for, in turn; then the person ends the question. */
export function fakeTerminal(...answers: readonly string[]): FakeTerminal {
  const asked: string[] = [];
  return {
    asked,
    secret: (question) => {
      const answer = answers[asked.length];
      asked.push(question);
      return answer === undefined ? Promise.reject(new SecError({ code: 'interrupted' })) : Promise.resolve(answer);
    },
    confirm: () => Promise.reject(new Error('asked to confirm')),
    choose: () => Promise.reject(new Error('asked to choose')),
  };
}

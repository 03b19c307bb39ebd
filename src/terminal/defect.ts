import { because, type Explanation } from './words.ts';

/**
 * An error that nobody foresaw, in words. Its message may hold a value, so it is not among them: only its kind, its place in the
 * program, and what the system said.
 */
export function explainDefect(error: unknown): Explanation {
  if (!(error instanceof Error)) return { summary: 'internal error (not an error)' };
  const code = 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : null;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : null;
  if (code !== null && path !== null) return { summary: `${path}: ${because(code)}` };
  return {
    summary: `internal error (${code ?? error.name} ${placeOf(error.stack ?? '')})`,
    hint: 'this is a defect of sec: report it with this line, which holds no secret',
  };
}

/** File, line and column, since a built file has few lines; without the folders of this machine. A line of the message may look like one: only calls are looked at. */
function placeOf(stack: string): string {
  const call = stack.split('\n').find((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line)) ?? '';
  const place = /([^/\\():]+:\d+:\d+)\)?$/.exec(call)?.[1];
  return place === undefined ? 'in an unknown place' : `at ${place}`;
}

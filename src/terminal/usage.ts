import type { Problem } from '../core/problem.ts';

/** What is wrong with a command line, from the words of commander's error. */
export function usageProblem(error: Error): Problem {
  const [first = '', ...rest] = error.message.split('\n');
  const suggestion = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(rest.join(' '))?.[1];
  const hint = suggestion === undefined ? 'sec --help shows what there is' : `did you mean ${suggestion}`;
  return { code: 'usage', message: withoutValues(first.replace(/^error: /, '').replace(/\.$/, '')), hint };
}

/** A secret that begins with a dash is taken for an option, and may not be shown. The names of options have no capitals. */
function withoutValues(message: string): string {
  return message.replace(/^(unknown option) '(.*)'$/s, (_, what: string, word: string) => {
    const name = /^(?:--[a-z][a-z0-9-]*|-[a-z])(?==|$)/.exec(word)?.[0];
    return name === undefined ? `${what} that begins with a dash` : `${what} ${name}`;
  });
}

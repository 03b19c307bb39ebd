import type { Terminal } from '../../src/context.ts';
import { SecError } from '../../src/core/problem.ts';
import { canary, type EditingOptions } from './editing.ts';

/** What edits of `app.yaml` are made of that go wrong. */

/** The last lines of a message that says where the text is. */
export const kept = ['  not saved: your text is kept, encrypted, in KEPT', 'hint: go on with it by: sec edit --resume app.yaml', ''];
/** Makes a text that cannot be saved. */
export const broken = `sed -i 's/old/${canary}/; $ a db: {}' "$1"`;
/** Makes it one that can. */
export const fix = `sed -i '/{}/d' "$1"`;
export const whatIsBroken = [
  'sec: app.yaml, line 4: the key db is there a second time',
  'hint: give one of the two another name, or delete it',
  '',
].join('\n');

/** Answers the choices in turn; then the person ends the question. Notes what was asked. */
export function person(answers: readonly (string | boolean)[], asked: string[] = [], meanwhile: () => void = () => undefined): Terminal {
  const next = async (question: string): Promise<unknown> => {
    const answer = answers[asked.length];
    asked.push(question);
    meanwhile();
    if (answer === undefined) throw new SecError({ code: 'interrupted' });
    return answer;
  };
  return {
    secret: () => Promise.reject(new Error('asked for a secret')),
    confirm: async (question) => (await next(question)) === true,
    choose: async (question, choices) => {
      const answer = await next([question, ...choices.map(({ value, name }) => `${value}: ${name}`)].join('\n'));
      const choice = choices.find(({ value }) => value === answer);
      if (choice === undefined) throw new Error(`no choice: ${String(answer)}`);
      return choice.value;
    },
  };
}

/** Does not take the file itself for the first few times. */
export function fullDisk(times: number): NonNullable<EditingOptions['change']> {
  let left = times;
  return (context) => ({
    ...context,
    files: {
      ...context.files,
      write: async (path, bytes, options) => {
        left -= 1;
        if (left >= 0) throw Object.assign(new Error(path), { code: 'ENOSPC' });
        return context.files.write(path, bytes, options);
      },
    },
  });
}

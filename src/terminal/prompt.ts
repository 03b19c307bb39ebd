import type { Terminal } from '../context.ts';
import { SecError } from '../core/problem.ts';

/** A way to the person: opened for one question, and closed after it. */
export interface Line {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Aborted where this process shall end: the question is over, and whoever asked may still do what must not wait. */
  readonly gone?: AbortSignal;
  close(): void;
}

/** Questions on a terminal. Nothing is loaded or opened before the first one. */
export function promptTerminal(open: () => Promise<Line>): Terminal {
  return {
    // With a mask one sees how long the answer is, and `toggleMask` shows it all.
    secret: async (message) => String(await ask(open, { type: 'password', message, mask: false, toggleMask: false })),
    confirm: async (message, fallback) => (await ask(open, { type: 'confirm', message, default: fallback })) === true,
    choose: async (message, choices) => {
      const answer = await ask(open, { type: 'select', message, choices });
      const choice = choices.find(({ value }) => value === answer);
      if (choice === undefined) throw new TypeError('an answer that was no choice');
      return choice.value;
    },
  };
}

type Question =
  | { readonly type: 'password'; readonly message: string; readonly mask: false; readonly toggleMask: false }
  | { readonly type: 'confirm'; readonly message: string; readonly default: boolean }
  | { readonly type: 'select'; readonly message: string; readonly choices: readonly { readonly value: string; readonly name: string }[] };

async function ask(open: () => Promise<Line>, question: Question): Promise<unknown> {
  const { default: inquirer } = await import('inquirer');
  const line = await open();
  try {
    const prompt = inquirer.createPromptModule({
      input: line.input,
      output: line.output,
      ...(line.gone === undefined ? {} : { signal: line.gone }),
    });
    const answers: { readonly answer: unknown } = await prompt([{ ...question, name: 'answer' }]);
    return answers.answer;
  } catch (error) {
    if (isEnd(error)) throw new SecError({ code: 'interrupted' }, { cause: error });
    throw error;
  } finally {
    line.close();
  }
}

/** Ctrl-C, or a terminal that is gone. */
function isEnd(error: unknown): boolean {
  return error instanceof Error && ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name);
}

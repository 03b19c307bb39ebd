import { SecError } from './problem.ts';

/** The regular expressions of Go, for selectors and path rules: RE2 is not what JavaScript has. */

/** Whether any part of a text matches. Takes time in proportion to the text, whatever the expression. */
export type Expression = (text: string) => boolean;

/**
 * Compiles an expression. Where sops takes one that RE2 refuses for one that never matches, and so encrypts nothing, we stop
 * (`sops-format.md` §23.1).
 *
 * @param where what holds it, for the message
 * @throws SecError `bad-expression`
 */
export async function compileExpression(source: string, where: string): Promise<Expression> {
  // Loaded here, so that a file with a suffix rule does not pay for it.
  const { RE2JS, RE2JSException } = await import('re2js');
  try {
    const compiled = RE2JS.compile(source);
    return (text) => compiled.test(text);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new SecError({ code: 'bad-expression', where, reason: error.message }, { cause: error });
  }
}

import type { Context } from '../context.ts';
import { SecError } from '../core/problem.ts';

/**
 * Asks on standard output, and takes the answers from standard input, as sops does: another word asks again, and no word or several
 * are an error.
 */
export async function askYesOrNo(context: Context, question: string): Promise<boolean> {
  const lines = Buffer.from(await context.readInput())
    .toString('utf8')
    .split('\n');
  for (const line of lines) {
    await context.out(question);
    const [word, ...more] = line.trim().split(/\s+/);
    if (word === undefined || word === '' || more.length > 0) break;
    if (/^[yn]$/i.test(word)) return word.toLowerCase() === 'y';
  }
  throw new SecError({ code: 'usage', message: 'unexpected newline' });
}

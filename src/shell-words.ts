/**
 * Splits a command as sops does: quotes, backslashes and comments count as in a shell, and nothing is expanded. `null` where a quote
 * is not closed.
 */
export async function splitWords(command: string): Promise<readonly string[] | null> {
  const { split } = await import('shlex');
  try {
    return split(withoutComments(command));
  } catch {
    return null;
  }
}

/** A text as one word, for a command that people copy: what a file says may not become more of it. */
export function quoteWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A `#` begins a comment where a word begins, and nowhere else. */
function withoutComments(command: string): string {
  const quotedOrComment = /("(?:\\[^]|[^"\\])*"|'[^']*'|\\[^])|(?<=^|\s)#.*$/gm;
  return command.replace(quotedOrComment, (_, quoted: string | undefined) => quoted ?? '');
}

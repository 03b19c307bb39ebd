import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
import { parseBracketPath, parsePath, type Path, type PathUse } from '../core/path.ts';
import type { SecretFile } from '../secret-file.ts';
import { logLine } from '../terminal/log-line.ts';

/** What commands that open a file have in common, whether or not they write one. */

/** A path in the notation that the name of the program asks for. @throws SecError `bad-path` */
export function readPath({ calledAs }: Context, text: string, use: PathUse): Path {
  return mannersOf(calledAs).valuesAsSops ? parseBracketPath(text, use) : parsePath(text, use);
}

/** Says with `--verbose` that a file was opened, in the words that scripts look for. */
export function tellOpened(context: Context, { file }: SecretFile, { verbose }: { readonly verbose?: boolean }): void {
  if (!verbose) return;
  const text = 'Data key recovered successfully';
  context.err(mannersOf(context.calledAs).speaksAsSops ? logLine('SOPS', 'info', text, context.now()) : `sec: ${file}: ${text}`);
}

import type { Declaration } from './declaration.ts';

import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
import { parseBracketPath, parsePath, type Path, type PathUse } from '../core/path.ts';
import type { SecretFile, Session } from '../secret-file.ts';
import { indentFor } from '../secret-plan.ts';
import type { OutputOptions } from '../secret-seal.ts';
import { formatFor } from '../secret-target.ts';
import { logLine } from '../terminal/log-line.ts';

/** What commands that write sealed files have in common. */

export interface PrintFlags {
  readonly outputType?: string;
  readonly indent?: string;
  readonly config?: string;
}

export function withPrinting(command: Declaration): Declaration {
  return command
    .option('--output-type <type>', 'write as yaml, json, dotenv, ini or binary; the file keeps its name')
    .option('--indent <columns>', 'indentation of a text that is newly printed');
}

/** The format to write, where it is not that of the file; `null` where the text stays what it is. @throws SecError `unknown-format` */
export async function outputFor(session: Session, file: SecretFile, flags: PrintFlags): Promise<OutputOptions | null> {
  if (flags.outputType === undefined) return null;
  const format = await formatFor(file.file, flags.outputType);
  if (format.name === file.format.name) return null;
  const indent = await indentFor(session, file.file, format.name, { config: flags.config ?? null, indent: flags.indent ?? null });
  return { format, indent };
}

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

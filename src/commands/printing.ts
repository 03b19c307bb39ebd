import type { SecretFile, Session } from '../secret-file.ts';
import { indentFor } from '../secret-plan.ts';
import type { OutputOptions } from '../secret-seal.ts';
import { formatFor } from '../secret-target.ts';
import type { Declaration } from './declaration.ts';

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

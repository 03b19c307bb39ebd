import type { Command } from 'commander';

import type { Context } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { startSession } from '../secret-file.ts';
import type { Session } from '../secret-file.ts';
import { indentFor, planFor } from '../secret-plan.ts';
import { sealNewFile } from '../secret-seal.ts';
import type { SealedFile } from '../secret-seal.ts';
import { formatFor, readTarget, saveFile } from '../secret-target.ts';
import type { Target } from '../secret-target.ts';
import { planFlags, withNewFile, withTypes } from './options.ts';
import type { NewFileFlags, TypeFlags } from './options.ts';

interface EncryptFlags extends TypeFlags, NewFileFlags {
  readonly inPlace?: boolean;
  readonly output?: string;
  readonly indent?: string;
}

export function declareEncrypt(program: Command, context: Context): void {
  withNewFile(withTypes(program.command('encrypt')))
    .summary('encrypt the values of a file')
    .argument('[file]', 'the plain file; standard input without one')
    .option('-i, --in-place', 'write the encrypted text over the file')
    .option('--output <file>', 'write there instead of standard output')
    .option('--indent <columns>', 'indentation of a text that is newly printed')
    .action((file: string | undefined, flags: EncryptFlags) => encrypt(context, file ?? null, flags));
}

async function encrypt(context: Context, path: string | null, flags: EncryptFlags): Promise<void> {
  const name = nameOf(path, flags);
  const session = startSession(context);
  const target = await readTarget(session, path, { inputType: flags.inputType ?? null, nameOverride: flags.filenameOverride ?? null });
  const plan = await planFor(session, name, planFlags(flags));
  const format = await formatFor(target.name, flags.outputType ?? null);
  const isSame = format.name === target.format.name;
  const indent = isSame
    ? null
    : await indentFor(session, name, format.name, { config: flags.config ?? null, indent: flags.indent ?? null });
  const sealed = await sealNewFile(session, target, plan, { format, indent });
  await deliver(session, target, sealed, flags);
}

/** The name that decides on the rule. @throws SecError `options-conflict` */
function nameOf(path: string | null, { inPlace, output, filenameOverride }: EncryptFlags): string {
  const isInput = path === null || path === '-';
  if (inPlace && output !== undefined) throw conflict('--in-place and --output exclude each other');
  if (inPlace && isInput) throw conflict('--in-place needs a file: standard input has no place');
  if (isInput && filenameOverride === undefined)
    throw conflict('standard input needs --filename-override, which says the format and the rule');
  return filenameOverride ?? path ?? '';
}

function conflict(message: string): SecError {
  return new SecError({ code: 'options-conflict', message });
}

async function deliver(
  session: Session,
  target: Target,
  { bytes, sealed, clear }: SealedFile,
  { inPlace, output }: EncryptFlags,
): Promise<void> {
  if (inPlace && target.path !== null) await saveFile(session, target.path, bytes, { expected: target.bytes });
  else if (output !== undefined) await saveFile(session, output, bytes, {});
  else await session.context.out(bytes);
  if (clear.length > 0) session.context.err(`sec: ${sealed} encrypted, ${clear.length} plain: ${named(clear)}`);
}

const mostNamed = 10;

function named(paths: readonly string[]): string {
  const more = paths.length - mostNamed;
  return paths.slice(0, mostNamed).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

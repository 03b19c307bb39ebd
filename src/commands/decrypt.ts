import type { Context } from '../context.ts';
import type { Path } from '../core/path.ts';
import { SecError } from '../core/problem.ts';
import { valueAt } from '../core/tree-path.ts';
import type { Format, PrintOptions } from '../formats/format.ts';
import { openSecretFile, startSession } from '../secret-file.ts';
import type { SecretFile, Session } from '../secret-file.ts';
import { formatToPrint, readToOpen, saveFile } from '../secret-target.ts';
import type { Target } from '../secret-target.ts';
import type { Declaration } from './declaration.ts';
import { readPath, tellOpened } from './opened.ts';
import { keyVariables } from './key-options.ts';
import { inputOptions, openOptions, withOpening, withTypes } from './options.ts';
import type { OpenFlags, TypeFlags } from './options.ts';

interface DecryptFlags extends TypeFlags, OpenFlags {
  readonly inPlace?: boolean;
  readonly output?: string;
  readonly extract?: string;
  readonly indent?: string;
  readonly config?: string;
}

export function declareDecrypt(program: Declaration, context: Context): void {
  withOpening(withTypes(program.command('decrypt')))
    .summary('print a file with its values in the clear')
    .argument('[file]', 'the encrypted file; standard input without one')
    .option('-i, --in-place', 'write the plain text over the file')
    .option('--output <file>', 'write there instead of standard output')
    .option('--extract <path>', 'print only this value')
    .option('--indent <columns>', 'indentation of a text that is newly printed')
    .option('--config <file>', 'the configuration to use')
    .action((file: string | undefined, flags: DecryptFlags) => decrypt(context, file ?? null, flags));
}

async function decrypt(context: Context, path: string | null, flags: DecryptFlags): Promise<void> {
  refuseConflicts(path, flags);
  const session = startSession(context, keyVariables(flags));
  const target = await readToOpen(session, path, inputOptions(flags));
  const file = await openSecretFile(session, target, openOptions(flags));
  tellOpened(context, file, flags);
  const output = await formatToPrint(target.name, flags.outputType ?? null);
  const bytes = await plainBytes(session, file, output, flags);
  await deliver(session, target, bytes, flags);
}

function refuseConflicts(path: string | null, { inPlace, output }: DecryptFlags): void {
  if (inPlace && output !== undefined) throw conflict('--in-place and --output exclude each other');
  if (inPlace && (path === null || path === '-')) throw conflict('--in-place needs a file: standard input has no place');
}

function conflict(message: string): SecError {
  return new SecError({ code: 'options-conflict', message });
}

/** A document that keeps its format keeps its layout; anything else is printed anew. */
async function plainBytes(session: Session, file: SecretFile, output: Format, flags: DecryptFlags): Promise<Uint8Array> {
  const isSame = output.name === file.format.name && flags.indent === undefined && flags.extract === undefined;
  if (isSame) return file.plain();
  const { indentFor } = await import('../secret-plan.ts');
  const indent = await indentFor(session, file.file, output.name, { config: flags.config ?? null, indent: flags.indent ?? null });
  const options = { file: file.file, indent };
  if (flags.extract !== undefined)
    return extract(file, output, { text: flags.extract, path: readPath(session.context, flags.extract, 'extract') }, options);
  return output.encode(output.print(file.tree, null, options));
}

interface Asked {
  readonly text: string;
  readonly path: Path;
}

/** `sops-cli.md` §13.2. @throws SecError `bad-path`, `path-not-found`, `cannot-write` */
function extract(file: SecretFile, output: Format, { text, path }: Asked, options: PrintOptions): Uint8Array {
  const [document, ...others] = file.tree.documents;
  const value = document === undefined ? null : valueAt(document, path);
  if (value === null) throw new SecError({ code: 'path-not-found', file: options.file, path: text });
  if (value.kind === 'map') return output.encode(output.print({ documents: [value, ...others] }, null, options));
  return output.printValue(value, options);
}

async function deliver(session: Session, target: Target, bytes: Uint8Array, { inPlace, output }: DecryptFlags): Promise<void> {
  if (inPlace && target.path !== null) await saveFile(session, target.path, bytes, { expected: target.bytes });
  else if (output !== undefined) await saveFile(session, output, bytes, { mode: 0o600 });
  else await session.context.out(bytes);
}

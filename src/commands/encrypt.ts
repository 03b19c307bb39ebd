import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
import { SecError } from '../core/problem.ts';
import { recordEvent } from '../secret-audit.ts';
import { startSession } from '../secret-file.ts';
import type { SecretFile, Session } from '../secret-file.ts';
import { indentFor, planFor } from '../secret-plan.ts';
import { resealFile, sealNewFile } from '../secret-seal.ts';
import type { SealedFile } from '../secret-seal.ts';
import { formatFor, readTarget, saveChanged, saveFile } from '../secret-target.ts';
import type { Target } from '../secret-target.ts';
import { openToChange } from '../secret-trust.ts';
import type { Declaration } from './declaration.ts';
import { type KeyFlags, keyVariables, trustOf, type TrustFlags, withKeys, withTrust } from './key-options.ts';
import { identityVariables, inputOptions, planFlags, withNewFile, withTypes } from './options.ts';
import type { NewFileFlags, TypeFlags } from './options.ts';

interface EncryptFlags extends TypeFlags, NewFileFlags, KeyFlags, TrustFlags {
  readonly inPlace?: boolean;
  readonly output?: string;
  readonly indent?: string;
  readonly over?: string;
  readonly allowPlaintext?: boolean;
}

export function declareEncrypt(program: Declaration, context: Context): void {
  withTrust(withKeys(withNewFile(withTypes(program.command('encrypt')))))
    .summary('encrypt the values of a file')
    .argument('[file]', 'the plain file; standard input without one')
    .option('-i, --in-place', 'write the encrypted text over the file')
    .option('--output <file>', 'write there instead of standard output')
    .option('--over <file>', 'bring this encrypted file up to date: only what changed is encrypted anew')
    .option('--allow-plaintext', 'write the file though nothing in it is encrypted')
    .option('--indent <columns>', 'indentation of a text that is newly printed')
    .action((file: string | undefined, flags: EncryptFlags) => encrypt(context, file ?? null, flags));
}

async function encrypt(context: Context, path: string | null, flags: EncryptFlags): Promise<void> {
  const name = nameOf(path, flags);
  const session = startSession(context, { ...keyVariables(flags), ...identityVariables(flags) });
  const target = await readTarget(session, path, inputOptions(flags));
  if (flags.over !== undefined) {
    await encryptOver(session, target, flags.over, flags);
    return;
  }
  const isSealed = await refusingBadBlock(target, () => target.format.read(target.bytes, target.file).metadata !== null);
  if (isSealed && !mannersOf(context.calledAs).encryptsRest) throw new SecError({ code: 'already-encrypted', file: target.file });
  const sealed = isSealed
    ? await refusingBadBlock(target, () => encryptRest(session, target, flags))
    : await encryptNew(session, target, name, flags);
  await deliver(session, target, sealed?.bytes ?? target.bytes, flags);
  if (sealed !== null && mannersOf(context.calledAs).reports) report(session, sealed);
}

/** The name that decides on the rule. @throws SecError `options-conflict` */
function nameOf(path: string | null, { inPlace, output, over, ...input }: EncryptFlags): string {
  const { nameOverride } = inputOptions(input);
  const isInput = path === null || path === '-';
  if ([inPlace, output !== undefined, over !== undefined].filter(Boolean).length > 1)
    throw conflict('--in-place, --output and --over exclude each other');
  if (inPlace && isInput) throw conflict('--in-place needs a file: standard input has no place');
  if (isInput && nameOverride === null) throw conflict('standard input needs --filename-override, which says the format and the rule');
  return nameOverride ?? path ?? '';
}

function conflict(message: string): SecError {
  return new SecError({ code: 'options-conflict', message });
}

async function encryptNew(session: Session, target: Target, name: string, flags: EncryptFlags): Promise<SealedFile> {
  const plan = await planFor(session, name, planFlags(flags));
  const format = await formatFor(target.name, flags.outputType ?? null);
  const isSame = format.name === target.format.name;
  const config = flags.config ?? null;
  const indent = isSame ? null : await indentFor(session, name, format.name, { config, indent: flags.indent ?? null });
  const sealed = await sealNewFile(session, target, plan, { format, indent });
  const isPlain = sealed.sealed === 0 && sealed.clear.length > 0;
  if (isPlain && !flags.allowPlaintext && mannersOf(session.context.calledAs).refusesAllClear)
    throw new SecError({ code: 'nothing-encrypted', file: target.file });
  return sealed;
}

/** What looks like a metadata block and is none is no plain text either (`sops-format.md` §18). @throws SecError `already-encrypted` */
async function refusingBadBlock<T>({ file }: Target, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const isBlock = cause instanceof SecError && (cause.problem.code === 'bad-metadata' || cause.problem.code === 'bad-version');
    throw isBlock ? new SecError({ code: 'already-encrypted', file }, { cause }) : cause;
  }
}

/** A file that is encrypted already: what was added by hand is encrypted, and nothing else changes. `null` where there is nothing to do. */
async function encryptRest(session: Session, target: Target, flags: EncryptFlags): Promise<SealedFile | null> {
  const file = await openToChange(session, target, { ignoreMac: false, decryptionOrder: null, takesNew: true }, trustOf(flags));
  if (file.text.added.length === 0) return null;
  session.context.err(`sec: ${target.file}: encrypted what was new: ${named(file.text.added)}`);
  await recordEvent(session.context, 'encrypt', target.path);
  return resealFile(session, file, file.plain(), { raiseVersion: false, always: true });
}

/** @throws SecError `options-conflict`, and as files are opened and sealed */
async function encryptOver(session: Session, target: Target, over: string, flags: EncryptFlags): Promise<void> {
  const old = await readTarget(session, over, { inputType: null, nameOverride: null });
  if (old.format.name !== target.format.name) throw conflict(`${over} is ${old.format.name}, and ${target.file} is ${target.format.name}`);
  const file: SecretFile = await openToChange(session, old, { ignoreMac: false, decryptionOrder: null }, trustOf(flags));
  const sealed = resealFile(session, file, target.bytes, { raiseVersion: false });
  if (sealed === null) return;
  await saveChanged(session, over, sealed.bytes, { expected: old.bytes });
  report(session, sealed);
}

async function deliver(session: Session, target: Target, bytes: Uint8Array, { inPlace, output }: EncryptFlags): Promise<void> {
  if (output !== undefined) await saveFile(session, output, bytes, {});
  else if (!inPlace || target.path === null) await session.context.out(bytes);
  else if (Buffer.compare(bytes, target.bytes) !== 0) await saveFile(session, target.path, bytes, { expected: target.bytes });
}

/** What stays readable is said, since nobody should learn it from a leak. */
function report({ context }: Session, { sealed, clear }: SealedFile): void {
  if (clear.length > 0) context.err(`sec: ${sealed} encrypted, ${clear.length} plain: ${named(clear)}`);
}

const mostNamed = 10;

function named(paths: readonly string[]): string {
  const more = paths.length - mostNamed;
  return paths.slice(0, mostNamed).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

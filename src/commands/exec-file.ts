import { isAbsolute, join, normalize } from 'node:path';

import type { Context } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { openSecretFile, startSession, type SecretFile } from '../secret-file.ts';
import { indentFor } from '../secret-plan.ts';
import type { Declaration } from './declaration.ts';
import { formatToPrint, readToOpen } from '../secret-target.ts';
import { keyVariables, withKeys, type KeyFlags } from './key-options.ts';
import { presentVariables, runShell, shellFor, variablesOfUser, warnOfBackground } from './run-shell.ts';

interface ExecFileFlags extends KeyFlags {
  readonly background?: boolean;
  readonly fifo: boolean;
  readonly user?: string;
  readonly filename?: string;
  readonly inputType?: string;
  readonly outputType?: string;
  readonly decryptionOrder?: string;
  readonly indent?: string;
}

/** `docs/commands/exec-file.md`. */
export function declareExecFile(program: Declaration, context: Context, end: (status: number) => void): void {
  withKeys(program.command('exec-file'))
    .summary('run a shell command with the path of the plain text, as sops does')
    .argument('<file>', 'the encrypted file')
    .argument('<command>', 'the command line, for /bin/sh, with {} for the path')
    .option('--no-fifo', 'write a file that can be read more than once, instead of a pipe')
    .option('--filename <name>', 'the name that the command sees')
    .option('--user <name>', 'run as this user')
    .option('--background', 'do not wait for the command, nor give it our streams')
    .option('--input-type <type>', 'read as yaml, json, dotenv, ini or binary, whatever the name says')
    .option('--output-type <type>', 'write as yaml, json, dotenv, ini or binary')
    .option('--decryption-order <kinds>', 'the kinds of keys to try first, e.g. age,kms')
    .option('--indent <columns>', 'indentation of a text that is newly printed')
    .option('--config <file>', 'the configuration to use')
    .action(async (file: string, line: string, flags: ExecFileFlags) => end(await execFile(context, { file, line }, flags)));
}

async function execFile(context: Context, given: { readonly file: string; readonly line: string }, flags: ExecFileFlags): Promise<number> {
  if (flags.background) warnOfBackground(context, 'exec-file');
  const session = startSession(context, keyVariables(flags));
  const target = await readToOpen(session, given.file, { inputType: flags.inputType ?? null, nameOverride: null });
  const file = await openSecretFile(session, target, { ignoreMac: false, decryptionOrder: flags.decryptionOrder ?? null });
  const output = await formatToPrint(target.name, flags.outputType ?? null);
  const isSame = output.name === file.format.name && flags.indent === undefined;
  const indent = isSame
    ? null
    : await indentFor(session, file.file, output.name, { config: flags.config ?? null, indent: flags.indent ?? null });
  const bytes = isSame ? file.plain() : output.encode(output.print(file.tree, null, { file: file.file, indent }));
  return runWith(context, { line: given.line, bytes, file }, flags);
}

interface Work {
  readonly line: string;
  readonly bytes: Uint8Array;
  readonly file: SecretFile;
}

/** The folder goes with the command, or with us where a signal ends us. */
async function runWith(context: Context, { line, bytes }: Work, flags: ExecFileFlags): Promise<number> {
  const { files } = context;
  const isFifo = flags.fifo && context.platform !== 'win32';
  const name = nameFor(context, flags.filename ?? '', isFifo);
  const env = { ...presentVariables(context), ...(await variablesOfUser(context, flags.user)) };
  const folder = await files.privateFolder();
  try {
    const path = join(folder, name);
    const shell = line.replaceAll('{}', path);
    const takeBack = isFifo ? await context.system.offer(path, bytes) : await written(context, path, bytes);
    try {
      if (!flags.background) return await runShell(context, shell, env);
      await context.system.leave({ ...shellFor(context, shell), env });
      return 0;
    } finally {
      await takeBack();
    }
  } finally {
    await files.remove(folder);
  }
}

async function written({ files }: Context, path: string, bytes: Uint8Array): Promise<() => Promise<void>> {
  try {
    await files.create(path, bytes, 0o600);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw new SecError({ code: 'file-unwritable', file: path, reason: String(cause.code) }, { cause });
  }
  return () => Promise.resolve();
}

/** @throws SecError `usage` for a name that leads out of the folder */
function nameFor({ random }: Context, asked: string, isFifo: boolean): string {
  const usual = isFifo ? 'tmp-file' : `tmp-file${Buffer.from(random(4)).readUInt32BE()}`;
  const name = asked === '' ? usual : asked;
  if (!isAbsolute(name) && !/^\.\.(?:[/\\]|$)/.test(normalize(name))) return name;
  throw new SecError({ code: 'usage', message: 'The provided filename is not a local path.' });
}

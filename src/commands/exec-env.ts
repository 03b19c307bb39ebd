import type { Context } from '../context.ts';
import { SecError } from '../core/problem.ts';
import type { Entry, Scalar } from '../core/tree.ts';
import { scalarText } from '../formats/scalar-text.ts';
import { openSecretFile, startSession, type SecretFile } from '../secret-file.ts';
import type { Declaration } from './declaration.ts';
import { readToOpen } from '../secret-target.ts';
import { keyVariables, withKeys, type KeyFlags } from './key-options.ts';
import { presentVariables, runShell, shellFor, variablesOfUser, warnOfBackground, type Variables } from './run-shell.ts';

interface ExecEnvFlags extends KeyFlags {
  readonly background?: boolean;
  readonly pristine?: boolean;
  readonly sameProcess?: boolean;
  readonly user?: string;
  readonly decryptionOrder?: string;
}

/** `docs/commands/exec-env.md`. */
export function declareExecEnv(program: Declaration, context: Context, end: (status: number) => void): void {
  withKeys(program.command('exec-env'))
    .summary("run a shell command with a file's values in its environment, as sops does")
    .argument('<file>', 'the encrypted file')
    .argument('<command>', 'the command line, for /bin/sh')
    .option('--pristine', 'pass nothing but the values')
    .option('--same-process', 'let the shell take our place')
    .option('--user <name>', 'run as this user')
    .option('--background', 'do not wait for the command, nor give it our streams')
    .option('--decryption-order <kinds>', 'the kinds of keys to try first, e.g. age,kms')
    .action(async (file: string, line: string, flags: ExecEnvFlags) => end(await execEnv(context, { file, line }, flags)));
}

async function execEnv(context: Context, given: { readonly file: string; readonly line: string }, flags: ExecEnvFlags): Promise<number> {
  const { background, sameProcess } = flags;
  if (background) warnOfBackground(context, 'exec-env');
  if (background && sameProcess)
    throw new SecError({ code: 'options-conflict', message: 'The --same-process flag cannot be used with --background' });
  const session = startSession(context, keyVariables(flags));
  const target = await readToOpen(session, given.file, { inputType: null, nameOverride: null });
  const file = await openSecretFile(session, target, { ignoreMac: false, decryptionOrder: flags.decryptionOrder ?? null });
  const secrets = variablesOf(file);
  const present = flags.pristine ? {} : presentVariables(context);
  const env = { ...present, ...(await variablesOfUser(context, flags.user)), ...secrets };
  if (background) {
    await context.system.leave({ ...shellFor(context, given.line), env });
    return 0;
  }
  if (sameProcess) return context.programs.become({ ...shellFor(context, given.line), env });
  return runShell(context, given.line, env);
}

/** The entries of the first document, under their keys (`sops-cli.md` §13.9). @throws SecError `bad-variable` */
function variablesOf({ tree, file }: SecretFile): Variables {
  const entries = (tree.documents[0]?.items ?? []).filter((item): item is Entry => item.kind === 'entry');
  return Object.fromEntries(entries.map((entry) => [nameOf(entry, file), valueOf(entry, file)]));
}

function nameOf({ key }: Entry, file: string): string {
  if (key === '' || /[=\0]/.test(key)) throw new SecError({ code: 'bad-variable', file, key, reason: 'a name cannot hold it' });
  return key;
}

function valueOf({ key, value }: Entry, file: string): string {
  const bad = (reason: string): SecError => new SecError({ code: 'bad-variable', file, key, reason });
  if (value.kind !== 'leaf') throw bad('it holds a list or a map');
  const text = textOf(value.value);
  if (text === null) throw bad('it is not valid UTF-8');
  if (text.includes('\0')) throw bad('it holds a NUL byte');
  return text;
}

/** `null` for bytes that are no text. */
function textOf(value: Scalar): string | null {
  if (value.type === 'bytes') return null;
  return value.type === 'null' ? '<nil>' : scalarText(value);
}

import type { Context } from '../context.ts';
import { environmentOf, type Variable } from '../core/environment.ts';
import { SecError } from '../core/problem.ts';
import { interpretValues } from '../formats/dotenv-values.ts';
import { openSecretFile, startSession, type SecretFile, type Session } from '../secret-file.ts';
import { withEach } from '../secret-many.ts';
import { readToOpen } from '../secret-target.ts';
import type { Declaration } from './declaration.ts';
import { execFiles } from './exec-files.ts';
import { type KeyFlags, keyVariables, withKeys } from './key-options.ts';

interface ExecFlags extends KeyFlags {
  readonly file: readonly string[];
  readonly config?: string;
  readonly decryptionOrder?: string;
  readonly prefix: string;
  readonly separator: string;
  readonly only: readonly string[];
  readonly pristine?: boolean;
  readonly keepEnv?: boolean;
}

/** `docs/commands/exec.md`. */
export function declareExec(program: Declaration, context: Context, end: (status: number) => void): void {
  withKeys(program.command('exec'))
    .summary('run a program with the secrets in its environment')
    .description(
      'Runs a program, without a shell, with the values of encrypted files as environment variables: db.password is DB_PASSWORD.',
    )
    .argument('<command>', 'the program')
    .argument('[args...]', 'its arguments, as they are')
    .option('-f, --file <file>', 'an encrypted file; of several, the later wins', append, [])
    .option('--prefix <text>', 'put this in front of each name', '')
    .option('--separator <text>', 'put this between the parts of a name', '_')
    .option('--only <names>', 'pass only these variables, with commas', appendList, [])
    .option('--pristine', 'pass nothing but the secrets')
    .option('--keep-env', 'let variables that are set already win')
    .option('--decryption-order <kinds>', 'the kinds of keys to try first, with commas')
    .option('--config <file>', 'the configuration to use')
    .passThroughOptions()
    .action(async (file: string, args: readonly string[], flags: ExecFlags) => {
      end(await exec(context, { file, args }, flags));
    });
}

function append(value: string, values: readonly string[]): readonly string[] {
  return [...values, value];
}

function appendList(value: string, values: readonly string[]): readonly string[] {
  return [...values, ...value.split(',').map((name) => name.trim())];
}

async function exec(
  context: Context,
  command: { readonly file: string; readonly args: readonly string[] },
  flags: ExecFlags,
): Promise<number> {
  checkFlags(flags);
  const session = startSession(context, keyVariables(flags));
  const files = await execFiles(session, flags.file, flags.config ?? null);
  const variables = await withEach(session, files, (each, file) => variablesOf(each, file, flags));
  const env = environment(context, select(variables.flat(), flags.only), flags);
  return become(context, { ...command, env });
}

/** @throws SecError `usage`, `options-conflict` */
function checkFlags({ prefix, separator, pristine, keepEnv }: ExecFlags): void {
  if (pristine && keepEnv) throw new SecError({ code: 'options-conflict', message: '--pristine and --keep-env exclude each other' });
  const odd = [prefix, separator].find((text) => !/^\w*$/.test(text));
  if (odd !== undefined) throw new SecError({ code: 'usage', message: '--prefix and --separator take letters, digits and _ only' });
}

/** @throws SecError as a file is opened, `name-collision`, `bad-variable` */
async function variablesOf(session: Session, path: string, flags: ExecFlags): Promise<readonly Variable[]> {
  const target = await readToOpen(session, path, { inputType: null, nameOverride: null });
  const file = await openSecretFile(session, target, { ignoreMac: false, decryptionOrder: flags.decryptionOrder ?? null });
  const { prefix, separator } = flags;
  const keys = file.format.name === 'dotenv' ? 'as-written' : 'upper-case';
  return environmentOf(meaningOf(file), { file: path, prefix, separator, keys });
}

function meaningOf({ file, format, tree, plain }: SecretFile): SecretFile['tree'] {
  if (format.name === 'dotenv') return interpretValues(format.read(plain(), file), file);
  if (format.name !== 'binary') return tree;
  throw new SecError({ code: 'bad-variable', file, key: 'the content', reason: 'a file that is encrypted as a whole has no names' });
}

/** @throws SecError `usage` for a name that is none: whoever asks for it would miss it later, and not know why */
function select(variables: readonly Variable[], only: readonly string[]): readonly Variable[] {
  if (only.length === 0) return variables;
  const known = [...new Set(variables.map(({ name }) => name))];
  const missing = only.find((name) => !known.includes(name));
  if (missing === undefined) return variables.filter(({ name }) => only.includes(name));
  throw new SecError({ code: 'usage', message: `--only: there is no variable ${missing}`, hint: `one of: ${known.join(', ')}` });
}

type Variables = Readonly<Record<string, string>>;

function environment({ env }: Context, variables: readonly Variable[], { pristine, keepEnv }: ExecFlags): Variables {
  const secrets = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  if (pristine) return secrets;
  const present = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  return keepEnv ? { ...secrets, ...present } : { ...present, ...secrets };
}

interface Runnable {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Variables;
}

/** @throws SecError `command-missing`, `command-not-executable` */
async function become(context: Context, program: Runnable): Promise<number> {
  try {
    return await context.programs.become(program);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
    if (code === null) throw cause;
    if (code === 'ENOENT') throw new SecError({ code: 'command-missing', command: program.file }, { cause });
    throw new SecError({ code: 'command-not-executable', command: program.file, reason: code }, { cause });
  }
}

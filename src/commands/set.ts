import { resolve } from 'node:path';

import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
import { printPath, type Path } from '../core/path.ts';
import { SecError } from '../core/problem.ts';
import { textOrBytes } from '../core/cipher.ts';
import type { Leaf, Node } from '../core/tree.ts';
import { withValue } from '../secret-change.ts';
import { reportClear } from '../secret-clear.ts';
import { startSession } from '../secret-file.ts';
import type { SecretFile, Session } from '../secret-file.ts';
import { resealFile } from '../secret-seal.ts';
import { withRetries } from '../secret-retry.ts';
import { readFile, readTarget, saveChanged } from '../secret-target.ts';
import type { Target } from '../secret-target.ts';
import { openToChange } from '../secret-trust.ts';
import { parseJsonValue } from '../secret-value.ts';
import type { Declaration } from './declaration.ts';
import { readPath, tellOpened } from './opened.ts';
import { outputFor, withPrinting, type PrintFlags } from './printing.ts';
import { keyVariables, trustOf, type TrustFlags, withTrust } from './key-options.ts';
import { inputOptions, openOptions, withInput, withOpening } from './options.ts';
import type { InputFlags, OpenFlags } from './options.ts';

interface SetFlags extends PrintFlags, InputFlags, OpenFlags, TrustFlags {
  readonly stdin?: boolean;
  readonly fromFile?: string;
  readonly json?: boolean;
  readonly generate?: string;
  readonly valueFile?: boolean;
  readonly valueStdin?: boolean;
  readonly idempotent?: boolean;
}

export function declareSet(program: Declaration, context: Context): void {
  withPrinting(withTrust(withOpening(withInput(program.command('set')))))
    .summary('set one value; asks for it unless told where it comes from')
    .argument('<file>', 'the encrypted file')
    .argument('<path>', 'e.g. db.password, hosts[0] or ["a.b"]')
    .argument('[json]', 'the value as JSON; in an argument, other users of the machine can see it')
    .option('--stdin', 'take the text from standard input, without its last line break')
    .option('--from-file <file>', 'take the content of a file as the text')
    .option('--json', 'read what --stdin, --from-file or the prompt gives as JSON')
    .option('--generate <length>', 'make up a password of letters and digits')
    .option('--value-file', 'take the third argument as a file with the JSON')
    .option('--value-stdin', 'take the JSON from standard input')
    .option('--idempotent', 'write nothing where the value is there already; always so')
    .action((file: string, path: string, json: string | undefined, flags: SetFlags) =>
      set(context, { file, path, json: json ?? null }, flags),
    );
}

interface SetArguments {
  readonly file: string;
  readonly path: string;
  readonly json: string | null;
}

async function set(context: Context, given: SetArguments, flags: SetFlags): Promise<void> {
  const steps = readPath(context, given.path, 'set');
  refuseConflicts(given.json, flags);
  const session = startSession(context, keyVariables(flags));
  let value: Node | null = null;
  await withRetries(context, async () => {
    const target = await readTarget(session, given.file, inputOptions(flags));
    const file = await openToChange(session, target, openOptions(flags), trustOf(flags));
    if (value === null) tellOpened(context, file, flags);
    value ??= await valueFrom(session, printPath(steps), given.json, flags);
    await put(session, { path: given.file, target, file, steps, value }, flags);
  });
}

interface Change {
  /** Where the file stands. */
  readonly path: string;
  readonly target: Target;
  readonly file: SecretFile;
  readonly steps: Path;
  readonly value: Node;
}

async function put(session: Session, { path, target, file, steps, value }: Change, flags: SetFlags): Promise<void> {
  const manners = mannersOf(session.context.calledAs);
  const held = manners.valuesAsSops ? asSopsHolds(file, steps, value) : value;
  const changed = withValue(file, steps, held, manners.valuesAsSops);
  if (changed === null && (flags.idempotent || !manners.rewritesEqual)) return;
  const sealed = resealFile(session, file, changed ?? file.plain(), {
    raiseVersion: false,
    always: manners.rewritesEqual,
    output: await outputFor(session, file, flags),
  });
  if (sealed !== null) {
    await saveChanged(session, path, sealed.bytes, { expected: target.bytes });
    if (manners.reports) reportClear(session, file, sealed, steps);
  }
  if (manners.reports && file.format.name === 'dotenv') await warnOfReaders(session, printPath(steps), value);
}

/** @throws SecError `already-encrypted` under the key of the metadata, `bad-value` for a list */
function asSopsHolds({ file, format }: SecretFile, [first]: Path, value: Node): Node {
  const isFlat = format.name === 'dotenv' || format.name === 'ini';
  if (first === 'sops' || (format.name === 'dotenv' && String(first).startsWith('sops_')))
    throw new SecError({ code: 'already-encrypted', file });
  if (value.kind === 'list') throw new SecError({ code: 'bad-value', reason: 'it is a list' });
  if (!isFlat || value.kind !== 'leaf' || value.value.type !== 'int') return value;
  return { ...value, value: { type: 'float', text: value.value.text } };
}

/** sops stores a text as it is, and to programs a `.env` file has a syntax. */
async function warnOfReaders({ context }: Session, name: string, value: Node): Promise<void> {
  const { isMisread } = await import('../formats/dotenv-values.ts');
  if (value.kind !== 'leaf' || value.value.type !== 'str' || !isMisread(value.value.text)) return;
  context.err(`sec: ${name}: sec exec, and programs that read .env files, will take another text from this value: set it in quotes`);
}

/** @throws SecError `options-conflict` */
function refuseConflicts(argument: string | null, flags: SetFlags): void {
  const sources = [argument !== null, flags.stdin, flags.fromFile !== undefined, flags.generate !== undefined, flags.valueStdin].filter(
    Boolean,
  );
  if (sources.length > 1) throw new SecError({ code: 'options-conflict', message: 'the value can come from one place only' });
  if (flags.valueFile && argument === null) throw new SecError({ code: 'usage', message: '--value-file needs the file as third argument' });
}

/** @throws SecError `bad-value`, `no-terminal`, and as files are read */
async function valueFrom(session: Session, name: string, argument: string | null, flags: SetFlags): Promise<Node> {
  const { context } = session;
  if (argument !== null) return parseJsonValue(flags.valueFile ? await readFileOfValue(session, argument) : Buffer.from(argument));
  if (flags.valueStdin) return parseJsonValue(await context.readInput());
  if (flags.generate !== undefined) return textLeaf(Buffer.from(password(context, flags.generate)));
  const bytes = flags.stdin
    ? someInput(withoutLastBreak(await context.readInput()), 'standard input is empty')
    : flags.fromFile === undefined
      ? someInput(Buffer.from(await ask(context, name)), 'nothing was typed')
      : await readFile(session, flags.fromFile);
  return flags.json ? parseJsonValue(bytes) : textLeaf(bytes);
}

/** A file that is missing here is not the file that is missing there. @throws SecError `usage`, and as files are read */
async function readFileOfValue(session: Session, path: string): Promise<Uint8Array> {
  if ((await session.context.files.stat(resolve(session.context.cwd, path))) !== null) return readFile(session, path);
  throw new SecError({ code: 'usage', message: `Error: cannot read the file of the value ${path}: there is no such file` });
}

/** What fed us may have failed, and an empty text would take the place of a secret. @throws SecError `bad-value` */
function someInput(bytes: Uint8Array, otherwise: string): Uint8Array {
  if (bytes.length > 0) return bytes;
  throw new SecError({ code: 'bad-value', reason: `${otherwise}: an empty text is given as the argument '""'` });
}

async function ask({ terminal }: Context, name: string): Promise<string> {
  if (terminal !== null) return terminal.secret(`New value of ${name}`);
  throw new SecError({
    code: 'no-terminal',
    message: `nobody is there to type the value of ${name}`,
    hint: 'give it with --stdin, --from-file or --generate',
  });
}

function textLeaf(bytes: Uint8Array): Leaf {
  return { kind: 'leaf', value: textOrBytes(bytes), place: null };
}

function withoutLastBreak(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}

const passwordSigns = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const longestPassword = 4096;

/** Letters and digits, each equally likely. */
function password({ random }: Context, length: string): string {
  const wanted = /^\d{1,4}$/.test(length) ? Number(length) : 0;
  if (wanted < 1 || wanted > longestPassword)
    throw new SecError({ code: 'usage', message: `--generate takes a length from 1 to ${longestPassword}` });
  // Bytes beyond the last whole multiple would make some signs likelier than others.
  const limit = 256 - (256 % passwordSigns.length);
  let text = '';
  while (text.length < wanted) {
    for (const byte of random(wanted)) if (byte < limit && text.length < wanted) text += passwordSigns[byte % passwordSigns.length] ?? '';
  }
  return text;
}

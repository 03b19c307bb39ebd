import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
import { SecError } from '../core/problem.ts';
import { logLine } from '../terminal/log-line.ts';
import { readRootLine, readSopsLine, type SopsLine } from './line.ts';

/** What a line of sops asks of the rest of the program. */
export interface Program {
  isCommand(word: string): boolean;
  /** Runs a line of our own. */
  run(argv: readonly string[]): Promise<void>;
  /** Our own version. */
  readonly version: string;
}

/** The release whose ways we know. Scripts look at it, and it says what they may expect. */
const release = '3.13.3';

/** Reads a command line as sops does, and does what it says. @throws SecError as lines are read, and as commands fail */
export async function answerSopsLine(argv: readonly string[], context: Context, program: Program): Promise<void> {
  const isSops = mannersOf(context.calledAs).readsLinesAsSops;
  const line = isSops ? readSopsLine(argv, context.env) : readRootLine(argv, program.isCommand);
  if (line.kind === 'run') await runLine(line, context, program);
  else if (line.kind === 'version') await context.out(isSops ? `sops ${release}\n` : `sec ${program.version}\n`);
  else if (line.kind === 'help') await program.run([...line.topic, '--help']);
  else await refuse(line, isSops, context, program);
}

type Of<K extends SopsLine['kind']> = Extract<SopsLine, { readonly kind: K }>;

function runLine({ argv, warnings }: Of<'run'>, context: Context, program: Program): Promise<void> {
  const { speaksAsSops } = mannersOf(context.calledAs);
  for (const text of warnings) context.err(speaksAsSops ? logLine('CMD', 'warning', text, context.now()) : `sec: ${text}`);
  return program.run(argv);
}

/** sops shows the help where its results go. @throws SecError `usage` */
async function refuse({ topic, reason }: Of<'misread'>, isSops: boolean, context: Context, program: Program): Promise<void> {
  const message = withoutValues(reason);
  if (isSops) {
    await context.out(`Incorrect Usage${topic.length === 0 ? '.' : ':'} ${message}\n\n`);
    await program.run([...topic, '--help']);
  }
  throw new SecError({ code: 'usage', message, ...(isSops ? {} : { hint: 'sec --help shows what there is' }) });
}

/** A secret that begins with a dash is taken for a flag, and may not be shown. The names of flags have no capitals. */
function withoutValues(reason: string): string {
  return reason.replace(/^(flag provided but not defined: -)(?![a-z][a-z0-9-]*$).*$/s, '$1…');
}

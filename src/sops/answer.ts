import { resolve } from 'node:path';
import { ruleFor } from '../config/rule.ts';
import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
import { SecError } from '../core/problem.ts';
import { startSession } from '../secret-file.ts';
import { configFor } from '../secret-plan.ts';
import { logLine } from '../terminal/log-line.ts';
import { helpOfSops, type HelpTopic } from './help.ts';
import { readRootLine, readSopsLine, type ConfigNeeds, type SopsLine } from './line.ts';

/** What a line of sops asks of the rest of the program. */
export interface Program {
  isCommand(word: string): boolean;
  /** Runs a line of our own, which stands for one without a command or not. */
  run(argv: readonly string[], isRoot: boolean): Promise<void>;
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
  else if (line.kind === 'help') await showHelp(line, isSops, context, program);
  else await refuse(line, isSops, context);
}

type Of<K extends SopsLine['kind']> = Extract<SopsLine, { readonly kind: K }>;

async function runLine({ argv, warnings, isRoot, needs }: Of<'run'>, context: Context, program: Program): Promise<void> {
  const { speaksAsSops } = mannersOf(context.calledAs);
  for (const text of warnings) context.err(speaksAsSops ? logLine('CMD', 'warning', text, context.now()) : `sec: ${text}`);
  if (mannersOf(context.calledAs).readsLinesAsSops) await checkConfig(needs, context);
  await program.run(argv, isRoot);
}

/** @throws SecError `bad-config`, `no-rule` */
async function checkConfig({ config, sound, rule }: ConfigNeeds, context: Context): Promise<void> {
  if (!sound) return;
  const found = await configFor(startSession(context), null, config);
  if (found?.hasRules && rule !== null) await ruleFor(found, resolve(context.cwd, rule), rule);
}

async function showHelp(about: HelpTopic, isSops: boolean, context: Context, program: Program): Promise<void> {
  if (isSops) await context.out(helpOfSops(about, release));
  else await program.run([...about.topic, '--help'], false);
}

/** sops shows the help where its results go. @throws SecError `usage` */
async function refuse({ topic, reason }: Of<'misread'>, isSops: boolean, context: Context): Promise<void> {
  const message = withoutValues(reason);
  const isParent = topic.length === 0 || ['groups', 'completion'].includes(topic.join(' '));
  if (isSops) await context.out(`Incorrect Usage${isParent ? '.' : ':'} ${message}\n\n${helpOfSops({ topic, isBrief: false }, release)}`);
  throw new SecError({ code: 'usage', message, ...(isSops ? {} : { hint: 'sec --help shows what there is' }) });
}

/** A secret that begins with a dash is taken for a flag, and may not be shown. The names of flags have no capitals. */
function withoutValues(reason: string): string {
  return reason.replace(/^(flag provided but not defined: -)(?![a-z][a-z0-9-]*$).*$/s, '$1…');
}

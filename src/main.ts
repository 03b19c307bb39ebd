import type { Command, CommanderError } from 'commander';
import { commands, type CommandEntry } from './commands/index.ts';
import { readPlainLine } from './commands/plain-line.ts';
import type { Context } from './context.ts';
import { mannersOf } from './core/manners.ts';
import { SecError, type Problem } from './core/problem.ts';
import { exitStatus } from './exit-codes.ts';
import { explainDefect } from './terminal/defect.ts';
import { print } from './terminal/words.ts';

/** As `package.json` says it. */
const version = '0.1.0';

/** Runs a command line (without the names of Node and of the program) in a world. Gives the exit status, and never throws. */
export async function main(argv: readonly string[], context: Context, available: readonly CommandEntry[] = commands): Promise<number> {
  const run: Run = { command: null, isRoot: false, status: 0, help: '' };
  try {
    if (argv.at(-1) === '--generate-bash-completion') await complete(argv.slice(0, -1), context, available);
    else if (isOfSops(argv, context, available)) await runOfSops(argv, context, available, run);
    else if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) await context.out(`sec ${version}\n`);
    else await runCommand(argv, context, available, run);
    return run.status;
  } catch (error) {
    // Without a command, sops looks first whether the file is there.
    return fail(error, context, run.isRoot && run.command === 'rotate' ? null : run.command);
  }
}

/** What becomes known while a command line is read and run. */
interface Run {
  command: string | null;
  /** Whether the line had no command in it. */
  isRoot: boolean;
  status: number;
  help: string;
}

/** Whether a command line is read as sops reads it: by our name, one that has no command in front but options or a file. */
function isOfSops([first]: readonly string[], { calledAs }: Context, available: readonly CommandEntry[]): boolean {
  if (mannersOf(calledAs).readsLinesAsSops) return true;
  if (first === undefined || ['help', '--help', '-h', '--version', '-v'].includes(first)) return false;
  return !available.some(({ name }) => name === first) && (/^-./.test(first) || /[./]/.test(first));
}

async function complete(words: readonly string[], context: Context, available: readonly CommandEntry[]): Promise<void> {
  const { candidatesFor, printCandidates } = await import('./commands/candidates.ts');
  await context.out(printCandidates(await candidatesFor(words, context, available), context));
}

async function runOfSops(argv: readonly string[], context: Context, available: readonly CommandEntry[], run: Run): Promise<void> {
  const { answerSopsLine } = await import('./sops/answer.ts');
  await answerSopsLine(argv, context, {
    isCommand: (word) => available.some(({ name }) => name === word),
    run: (line, isRoot) => {
      run.isRoot = isRoot;
      return runCommand(line, context, available, run);
    },
    version,
  });
}

async function runCommand(argv: readonly string[], context: Context, available: readonly CommandEntry[], run: Run): Promise<void> {
  const plain = await plainLine(argv, { argv, context, available, run });
  if (plain !== null) await plain();
  else await runByCommander(argv, context, available, run);
}

/** Runs a line of a known command that has nothing unusual. `null` for any other. */
async function plainLine(
  [name, ...words]: readonly string[],
  { context, available, run }: Line,
): Promise<(() => void | Promise<void>) | null> {
  const entry = available.find((one) => one.name === name);
  if (entry === undefined) return null;
  const declareCommand = await entry.load();
  const act = readPlainLine((program) => declareCommand(program, context, (status) => void (run.status = status)), words);
  if (act !== null) run.command = entry.name;
  return act;
}

async function runByCommander(argv: readonly string[], context: Context, available: readonly CommandEntry[], run: Run): Promise<void> {
  const { Command, CommanderError } = await import('commander');
  const program = prepare(new Command(mannersOf(context.calledAs).name), run);
  for (const entry of available) await declare(entry, program, { argv, context, available, run });
  try {
    await program.parseAsync(knownTopic(argv, available), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    await answer(error, context, run);
  }
}

/** Help on a command that there is not is that command: an error that names it, and what it may have been. */
function knownTopic(argv: readonly string[], available: readonly CommandEntry[]): readonly string[] {
  const [word, topic] = argv;
  const isKnown = topic === undefined || topic === 'help' || topic.startsWith('-') || available.some(({ name }) => name === topic);
  return word === 'help' && !isKnown ? [topic] : argv;
}

/** Before any command is declared, so that each inherits it. */
function prepare(program: Command, run: Run): Command {
  const write = (text: string): void => void (run.help += text);
  return program
    .description('Secrets in files: encrypts the values of YAML, JSON, .env and INI files, and whole files, in the SOPS format.')
    .version(`sec ${version}`, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: write,
      outputError: () => undefined,
      getOutHasColors: () => false,
      getOutHelpWidth: () => 100,
    })
    .hook('preAction', (_, action) => void (run.command = action.name()));
}

interface Line {
  readonly argv: readonly string[];
  readonly context: Context;
  readonly available: readonly CommandEntry[];
  readonly run: Run;
}

/** Only the command at hand is loaded. The others are names, for help and for suggestions. */
async function declare(entry: CommandEntry, program: Command, { argv, context, available, run }: Line): Promise<void> {
  const isFirst = available.some(({ name }) => name === argv[0]);
  if (isFirst ? entry.name !== argv[0] : !argv.includes(entry.name)) {
    program.command(entry.name).summary(entry.summary);
    return;
  }
  const declareCommand = await entry.load();
  declareCommand(program, context, (status) => void (run.status = status));
}

/** What commander throws is mostly no error: it has printed what was asked for. */
async function answer(error: CommanderError, context: Context, run: Run): Promise<void> {
  if (!error.code.startsWith('commander.help') && error.code !== 'commander.version') {
    const { usageProblem } = await import('./terminal/usage.ts');
    throw new SecError(usageProblem(error), { cause: error });
  }
  if (error.exitCode === 0) {
    await context.out(run.help);
    return;
  }
  // Nothing was given at all, which sops calls a missing file.
  context.err(run.help.trimEnd());
  run.status = 100;
}

async function fail(error: unknown, context: Context, command: string | null): Promise<number> {
  if (!(error instanceof SecError)) {
    context.err(print(explainDefect(error)));
    return 1;
  }
  // Who closed our output has read enough, and whoever hears a pipe break says nothing.
  if (error.problem.code !== 'output-closed') context.err(await told(error.problem, command, context));
  return exitStatus(error.problem, command);
}

async function told(problem: Problem, command: string | null, { calledAs, cwd, now }: Context): Promise<string> {
  if (!mannersOf(calledAs).speaksAsSops) {
    const { explain } = await import('./terminal/explain.ts');
    return print(explain(problem));
  }
  const { explainAsSops } = await import('./terminal/sops-words.ts');
  return explainAsSops(problem, { command, cwd, now: now() });
}

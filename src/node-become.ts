import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import type { Program } from './context.ts';
import { canBeReplacedBy } from './node-executable.ts';
import { hasCode, systemError } from './node-files.ts';
import { shellForRawArguments } from './node-raw-arguments.ts';
import { cleanUp } from './node-signals.ts';

/**
 * Runs a program in the place of this one: by replacing this process where Node can and nothing can go wrong, else as a child that
 * gets every signal and gives its status.
 */
export async function become(program: Program, path: string, cwd: string): Promise<number> {
  const env = given(program.env ?? process.env);
  const args = [program.file, ...program.args];
  cleanUp();
  const shell = shellForRawArguments(path, program.args);
  if (shell !== null) return stayBehind({ file: 'sh', args: ['-c', shell] }, '/bin/sh', { env, cwd: program.cwd ?? cwd });
  const execve: unknown = Reflect.get(process, 'execve');
  if (typeof execve === 'function' && program.cwd === undefined && canBeReplacedBy(path, args, env)) {
    // Node ignores both, and what is ignored stays so in the next program. What is caught does not.
    process.on('SIGPIPE', () => undefined);
    process.on('SIGXFSZ', () => undefined);
    Reflect.apply(execve, process, [path, args, env]);
  }
  return stayBehind(program, path, { env, cwd: program.cwd ?? cwd });
}

function given(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries(entries);
}

async function stayBehind(program: Program, path: string, where: { env: Record<string, string>; cwd: string }): Promise<number> {
  let child: ChildProcess | null = null;
  passOnSignals(() => child);
  child = spawn(path, program.args, { ...where, argv0: program.file, stdio: 'inherit' });
  const { status, signal } = await statusOf(child, program.file);
  return status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function statusOf(child: ChildProcess, name: string): Promise<{ status: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((done, fail) => {
    // The program itself is there: it is its interpreter that is missing.
    child.on('error', (error) => fail(hasCode(error, 'ENOENT') ? systemError('ENOEXEC', name) : error));
    child.on('exit', (status, signal) => done({ status, signal }));
  });
}

/** For a single process. */
const forOne = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
/** What a terminal sends to all processes in its foreground, so that the child has it already. */
const forAll = ['SIGINT', 'SIGQUIT', 'SIGWINCH', 'SIGTSTP'] as const;

/**
 * We stop when the child has stopped, and not when we are asked to: the child decides what such a request means. The listeners stay
 * for good: once the child has ended, so do we.
 */
function passOnSignals(child: () => ChildProcess | null): void {
  const pass = (signal: NodeJS.Signals): void => send(child(), signal);
  const stop = (): true => process.kill(process.pid, 'SIGSTOP');
  for (const signal of forOne) process.on(signal, pass);
  for (const signal of forAll) process.on(signal, () => (isInForeground() ? undefined : pass(signal)));
  if (statFields('self') === null) {
    process.on('SIGTSTP', stop);
    process.on('SIGCONT', pass);
    return;
  }
  process.on('SIGCHLD', () => isStopped(child()) && stop());
  process.on('SIGCONT', () => isStopped(child()) && pass('SIGCONT'));
}

/** It may have ended, or belong to another user by now. */
function send(child: ChildProcess | null, signal: NodeJS.Signals): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(child.pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH', 'EPERM')) throw error;
  }
}

/** Whether the terminal sends its signals to our process group, to which the child belongs. */
function isInForeground(): boolean {
  const fields = statFields('self');
  return fields === null ? [0, 1, 2].some(isatty) : fields[2] === fields[5];
}

function isStopped(child: ChildProcess | null): boolean {
  return child?.pid !== undefined && statFields(String(child.pid))?.[0] === 'T';
}

/** State, parent, group, session, terminal, foreground group of the terminal: `proc(5)`, from its third field on. */
function statFields(pid: string): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

import type { Account, Context, Finished } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
import { SecError } from '../core/problem.ts';
import { logLine } from '../terminal/log-line.ts';

/** A command line given to a shell, as `exec-env` and `exec-file` of sops do it (`sops-cli.md` §13.9). */

export type Variables = Readonly<Record<string, string>>;

/** The variables at hand. */
export function presentVariables({ env }: Context): Variables {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** Becomes another user, and gives the variables that go with that. @throws SecError `usage` where that cannot be */
export async function variablesOfUser({ system }: Context, user: string | undefined): Promise<Variables> {
  if (user === undefined || user === '') return {};
  const { name, home } = await asAccount(() => system.actAs(user), user);
  return { HOME: home, USER: name, LOGNAME: name };
}

async function asAccount(become: () => Promise<Account>, user: string): Promise<Account> {
  try {
    return await become();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT') throw new SecError({ code: 'usage', message: `user: unknown user ${user}` }, { cause });
    if (code === 'EPERM') throw new SecError({ code: 'usage', message: `only root can run a command as ${user}` }, { cause });
    throw cause;
  }
}

/** sops means to drop the option. */
export function warnOfBackground({ calledAs, err, now }: Context, command: string): void {
  if (!mannersOf(calledAs).speaksAsSops) return;
  err(logLine('CMD', 'warning', `${command}'s --background option is deprecated and will be removed in a future version of sops`, now()));
}

/** The program and its arguments that run a command line. */
export function shellFor({ platform }: Context, line: string): { readonly file: string; readonly args: readonly string[] } {
  return platform === 'win32' ? { file: 'cmd.exe', args: ['/C', line] } : { file: '/bin/sh', args: ['-c', line] };
}

/** Runs a command line with our streams. Gives its status; of one that did not end well, it is said how it ended. */
export async function runShell(context: Context, line: string, env: Variables): Promise<number> {
  const ended = await context.programs.run({ ...shellFor(context, line), env, streams: 'inherit' });
  if (ended.status !== 0) context.err(howItEnded(ended));
  return ended.status ?? signalled;
}

/** The status of sops where a signal ended the command. */
const signalled = 255;

/** In the words of Go, which scripts may know. */
function howItEnded({ status, signal }: Finished): string {
  return status === null ? `signal: ${signalWords[signal ?? ''] ?? signal}` : `exit status ${status}`;
}

const signalWords: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGALRM: 'alarm clock',
  SIGHUP: 'hangup',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

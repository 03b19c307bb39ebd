import { posix, win32 } from 'node:path';
import type { Caller, Context } from './context.ts';
import { SecError } from './core/problem.ts';
import { settingsOfFolder } from './secret-settings.ts';

/** The log of a user's own: what was done to files, one JSON text a line, and no value. `docs/audit.md` describes it. */

/** What is done to a file. `rewrap` gives its data key to other people, and opens no value. */
export type LoggedAction = 'decrypt' | 'encrypt' | 'rotate' | 'rewrap';

/** One line of the log. */
export interface LoggedEvent {
  /** RFC 3339, in UTC. */
  readonly time: string;
  readonly action: string;
  /** Absolute path; for standard input the working folder. */
  readonly file: string;
  /** The public names of the keys that opened the file: one a key group. None where nothing had to be opened. */
  readonly openedBy: readonly string[];
  readonly user: string;
  /** `null` where the system has none. */
  readonly uid: number | null;
  readonly pid: number;
  /** The name of the program that called us; `null` where the system does not tell. */
  readonly program: string | null;
  /** Whom a CI, or sudo, says to act for. */
  readonly actor: string | null;
}

/** What a line is made of. */
export interface Done extends Pick<LoggedEvent, 'file' | 'openedBy'> {
  readonly action: LoggedAction;
}

/**
 * Writes an event into the log, if there is to be one. What cannot be written down is not done.
 *
 * @throws SecError `log-failed`, `usage` for a variable that says neither on, off, nor where
 */
export async function writeLog(context: Context, done: Done): Promise<void> {
  const place = await placeOfLog(context);
  if (place === null) return;
  try {
    const event = eventOf(done, await context.system.caller(), context);
    await context.system.append(place, Buffer.from(`${JSON.stringify(event)}\n`));
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new SecError({ code: 'log-failed', file: place, reason }, { cause });
  }
}

/** Where the log is written; `null` where none is asked for. @throws SecError `usage` */
export async function placeOfLog(context: Context): Promise<string | null> {
  const said = context.env['SEC_AUDIT_LOG'] ?? '';
  if (said === '') return (await settingsOfFolder(context, context.env, 'audit'))?.auditLog === true ? usualPlaceOfLog(context) : null;
  if (/^(?:on|true|yes|1)$/i.test(said)) return usualPlaceOfLog(context);
  if (/^(?:off|false|no|0)$/i.test(said)) return null;
  if (pathsOf(context).isAbsolute(said)) return said;
  throw new SecError({ code: 'usage', message: 'SEC_AUDIT_LOG takes on, off, or the absolute path of a file' });
}

/** Where the log is unless somebody says otherwise: among what programs keep of their past. */
export function usualPlaceOfLog(context: Pick<Context, 'env' | 'home' | 'platform'>): string {
  const { isAbsolute, join } = pathsOf(context);
  const { env, home, platform } = context;
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'sec', 'audit.jsonl');
  const named = env['XDG_STATE_HOME'] ?? '';
  return join(isAbsolute(named) ? named : join(home, '.local', 'state'), 'sec', 'audit.jsonl');
}

function pathsOf({ platform }: Pick<Context, 'platform'>): typeof posix {
  return platform === 'win32' ? win32 : posix;
}

/** Longest texts of a line, so that a line has an end: a path may have more only where no system has such files. */
const longest = { path: 4096, name: 512 } as const;
const mostKeys = 32;

function eventOf({ action, file, openedBy }: Done, { user, uid, pid, program }: Caller, { env, now }: Context): LoggedEvent {
  return {
    time: now().toISOString(),
    action,
    file: cut(file, longest.path),
    openedBy: openedBy.slice(0, mostKeys).map((label) => cut(withoutLogin(label), longest.name)),
    user: cut(user, longest.name),
    uid,
    pid,
    program: program === null ? null : cut(program, longest.name),
    actor: actorOf(env),
  };
}

/** Who started the run of a CI, and who became another user. */
const actors = [
  ['GitHub', 'GITHUB_ACTOR'],
  ['GitLab', 'GITLAB_USER_LOGIN'],
  ['Azure Pipelines', 'BUILD_REQUESTEDFOR'],
  ['Bitbucket', 'BITBUCKET_STEP_TRIGGERER_UUID'],
  ['Buildkite', 'BUILDKITE_BUILD_CREATOR'],
  ['CircleCI', 'CIRCLE_USERNAME'],
  ['Jenkins', 'BUILD_USER_ID'],
  ['sudo', 'SUDO_USER'],
] as const;

function actorOf(env: Context['env']): string | null {
  const [source, variable] = actors.find(([, name]) => (env[name] ?? '') !== '') ?? [null, ''];
  return source === null ? null : `${cut(env[variable] ?? '', longest.name)} (${source})`;
}

/** An address may have a name and a password in it, which are nobody's to read. */
function withoutLogin(label: string): string {
  return label.replace(/(:\/\/)[^/?#]*@/, '$1…@');
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** A line of the log; `null` for one that is damaged, or from elsewhere. */
export function parseEvent(line: string): LoggedEvent | null {
  const value = parsed(line);
  const text = (name: string): string | null => stringOr(value, name);
  const number = (name: string): number | null => (typeof value[name] === 'number' ? value[name] : null);
  const [time, action, file, user] = [text('time'), text('action'), text('file'), text('user')];
  if (time === null || action === null || file === null || user === null || Number.isNaN(Date.parse(time))) return null;
  const openedBy = Array.isArray(value['openedBy']) ? value['openedBy'].filter((label) => typeof label === 'string') : [];
  const pid = number('pid') ?? 0;
  return { time, action, file, openedBy, user, uid: number('uid'), pid, program: text('program'), actor: text('actor') };
}

function stringOr(value: Readonly<Record<string, unknown>>, name: string): string | null {
  const found = value[name];
  return typeof found === 'string' ? found : null;
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}

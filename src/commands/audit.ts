import { relative, resolve, sep } from 'node:path';
import type { Context, LogEnd } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { parseEvent, placeOfLog, usualPlaceOfLog, type LoggedEvent } from '../secret-audit-log.ts';
import { printable } from '../terminal/words.ts';
import type { Declaration } from './declaration.ts';

interface AuditFlags {
  readonly file?: string;
  readonly action?: string;
  readonly since?: string;
  readonly limit?: string;
  readonly log?: string;
  readonly json?: boolean;
}

export function declareAudit(program: Declaration, context: Context): void {
  program
    .command('audit')
    .summary('show what was done to files, where that is written down; needs no key')
    .option('--file <path>', 'only what was done to this file, or below this folder')
    .option('--action <action>', 'only this: decrypt, encrypt, rotate or rewrap')
    .option('--since <time>', 'only since then: a date, or how long ago, as in 7d, 12h or 30m')
    .option('--limit <number>', 'only so many, the last ones')
    .option('--log <file>', 'the log to read')
    .option('--json', 'print a list of maps, as JSON')
    .action((flags: AuditFlags) => audit(context, flags));
}

async function audit(context: Context, flags: AuditFlags): Promise<void> {
  const isMeant = filterOf(flags, context);
  const limit = limitOf(flags.limit);
  const found = (await eventsOf(context, flags.log ?? null)).filter(isMeant);
  const events = limit === 0 ? [] : found.slice(-limit);
  await context.out(flags.json ? `${JSON.stringify(events, null, 2)}\n` : table(events));
}

const actions = ['decrypt', 'encrypt', 'rotate', 'rewrap'];

/** @throws SecError `usage` */
function filterOf({ file, action, since }: AuditFlags, context: Context): (event: LoggedEvent) => boolean {
  if (action !== undefined && !actions.includes(action))
    throw new SecError({ code: 'usage', message: `--action takes one of ${actions.join(', ')}` });
  const place = file === undefined ? null : resolve(context.cwd, file);
  const first = since === undefined ? -Infinity : timeOf(since, context.now());
  return (event) =>
    (action === undefined || event.action === action) && (place === null || isWithin(place, event.file)) && Date.parse(event.time) >= first;
}

function isWithin(place: string, file: string): boolean {
  const inner = relative(place, file);
  return inner !== '..' && !inner.startsWith(`..${sep}`);
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** @throws SecError `usage` */
function timeOf(text: string, now: Date): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count !== undefined) return now.getTime() - Number(count) * (units[unit] ?? 0);
  const time = /^\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new SecError({ code: 'usage', message: '--since takes a date, as in 2026-01-02, or how long ago, as in 7d' });
  return time;
}

/** @throws SecError `usage` */
function limitOf(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new SecError({ code: 'usage', message: '--limit takes a whole number' });
}

/** As much as is read of a log: about two hundred thousand events. */
const most = 64 * 1024 * 1024;

/** What the log says, the oldest first. @throws SecError `no-log`, `file-unreadable` */
async function eventsOf(context: Context, log: string | null): Promise<readonly LoggedEvent[]> {
  const place = log ?? (await placeOfLog(context)) ?? usualPlaceOfLog(context);
  const end = await endOf(context, place, log);
  if (end === null) return [];
  const lines = Buffer.from(end.bytes).toString('utf8').split('\n');
  if (!end.isWhole) context.err(`sec: ${printable(place)} is long: only its last ${most / 1024 / 1024} MB are read`);
  const events = (end.isWhole ? lines : lines.slice(1)).filter((line) => line.trim() !== '').map(parseEvent);
  const damaged = events.filter((event) => event === null).length;
  if (damaged > 0) context.err(`sec: ${printable(place)}: ${damaged === 1 ? '1 line is' : `${damaged} lines are`} damaged, and left out`);
  return events.filter((event) => event !== null);
}

/** `null` for a log that is turned on and has nothing yet. */
async function endOf(context: Context, place: string, log: string | null): Promise<LogEnd | null> {
  try {
    return await context.system.readEnd(place, most);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (reason !== 'ENOENT' && reason !== 'ENOTDIR') throw new SecError({ code: 'file-unreadable', file: place, reason }, { cause });
    if (log === null && (await placeOfLog(context)) !== null) return null;
    throw new SecError({ code: 'no-log', file: place }, { cause });
  }
}

/** One event a line: when, what, who, which file, and by which key. The names of files are others', and must not move the cursor. */
function table(events: readonly LoggedEvent[]): string {
  const rows = events.map((event) =>
    [secondsOf(event.time), event.action, whoOf(event), event.file, event.openedBy.join(', ')].map(printable),
  );
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function secondsOf(time: string): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

function whoOf({ user, actor, program }: LoggedEvent): string {
  const via = program === null ? '' : ` by ${program}`;
  return `${user}${actor === null ? '' : ` for ${actor}`}${via}`;
}

import { resolve } from 'node:path';
import type { Client, ClientConfig } from 'pg';
import type { Context } from './context.ts';
import { SecError } from './core/problem.ts';
import type { MasterKey } from './keys/key.ts';
import { writeLog, type LoggedAction } from './secret-audit-log.ts';

/**
 * What is done to files, written into the databases that the administrator of this machine names (`sops-cli.md` §16), and into the log of
 * the user's own.
 */

/** Where the administrator says so, as with sops. No option and no variable changes it: who is audited must not decide on that. */
const usualPlace = '/etc/sops/audit.yaml';

/**
 * Writes an event into each database, and into the log. What cannot be written down is not done.
 *
 * @param action `rewrap` is for the log alone: sops has no word for it
 * @param file as it was typed; `null` for standard input
 * @param openedBy the keys that opened the file, where it had to be opened
 * @throws SecError `audit-failed`, `log-failed`
 */
export async function recordEvent(
  context: Context,
  action: LoggedAction,
  file: string | null,
  openedBy: readonly Pick<MasterKey, 'label'>[] = [],
): Promise<void> {
  const path = file === null ? context.cwd : resolve(context.cwd, file);
  if (action !== 'rewrap') await writeDatabases(context, action, path);
  await writeLog(context, { action, file: path, openedBy: openedBy.map(({ label }) => label) });
}

async function writeDatabases(context: Context, action: string, path: string): Promise<void> {
  const databases = await databasesIn(context, context.auditFile ?? usualPlace);
  if (databases.length === 0) return;
  const who = await context.system.accountName();
  for (const database of databases) await insert(database, [action, who, path]);
}

/** The connection strings; none where there is no such file. */
async function databasesIn({ files }: Context, place: string): Promise<readonly string[]> {
  const text = await contentOf(files, place);
  if (text === null) return [];
  const { parsePlainYaml } = await import('./formats/yaml/plain.ts');
  const entries = field(field(parsed(text, place, parsePlainYaml), 'backends'), 'postgres');
  if (entries === undefined || entries === null) return [];
  const strings = Array.isArray(entries) ? entries.map((entry) => field(entry, 'connection_string')) : [null];
  return strings.map((string) => {
    if (typeof string === 'string' && string !== '') return string;
    throw failed(`${place} has a database without a connection_string`);
  });
}

async function contentOf(files: Context['files'], place: string): Promise<string | null> {
  try {
    return Buffer.from(await files.read(place)).toString('utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw failed(`${place} cannot be read (${code})`, cause);
  }
}

function parsed(text: string, place: string, parse: (text: string, file: string) => unknown): unknown {
  try {
    return parse(text, place);
  } catch (cause) {
    throw failed(`${place} is not YAML`, cause);
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

const waitMs = 5_000;
const statement = 'INSERT INTO audit_event (action, username, file) VALUES ($1, $2, $3)';

async function insert(database: string, values: readonly string[]): Promise<void> {
  const { Client } = await load();
  const client = new Client({ ...settingsOf(database), connectionTimeoutMillis: waitMs, query_timeout: waitMs });
  // A server that goes away must not end us behind the back of the statement, which fails then.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement, [...values]);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
    throw failed(`the event cannot be written into the database (${code})`, cause);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function load(): Promise<{ readonly Client: typeof Client }> {
  try {
    const { default: pg } = await import('pg');
    return pg;
  } catch (cause) {
    throw new SecError({ code: 'package-missing', name: 'pg', purpose: 'audit logs in PostgreSQL' }, { cause });
  }
}

/** A connection string is an address, or words such as `host=db user=sops`, in which a value may stand in single quotes. */
function settingsOf(database: string): ClientConfig {
  if (/^postgres(?:ql)?:\/\//.test(database)) return { connectionString: database };
  const words = new Map(
    [...database.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S*))/g)].map(([, name = '', quoted, bare = '']) => [
      name,
      quoted?.replaceAll(/\\(.)/g, '$1') ?? bare,
    ]),
  );
  const given = { host: words.get('host'), user: words.get('user'), password: words.get('password'), database: words.get('dbname') };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(words.has('port') ? { port: Number(words.get('port')) } : {}),
    ssl: sslOf(words.get('sslmode') ?? 'require'),
  };
}

/** As libpq has it: `require` encrypts, and only the words behind it look at the certificate. */
function sslOf(mode: string): ClientConfig['ssl'] {
  if (mode === 'disable') return false;
  return { rejectUnauthorized: mode.startsWith('verify-') };
}

function failed(reason: string, cause?: unknown): SecError {
  return new SecError({ code: 'audit-failed', reason }, { cause });
}

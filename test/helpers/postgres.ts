import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { freePort, startServer } from './peer-server.ts';
import { tempFolder } from './temp-folder.ts';

/** PostgreSQL on this machine, with the table of sops's audit log, and a user who may do no more than write into it. */
export interface Postgres {
  readonly port: number;
  /** The rows so far, which are gone then: action, user, file. */
  takeEvents(): readonly (readonly string[])[];
  stop(): Promise<void>;
}

export const auditPassword = 'its password';

const schema = `
CREATE TABLE audit_event (id SERIAL PRIMARY KEY, timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW(), action TEXT, username TEXT, file TEXT);
CREATE ROLE sops WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN PASSWORD '${auditPassword}';
GRANT INSERT ON audit_event TO sops;
GRANT USAGE ON audit_event_id_seq TO sops;
`;

/** Starts one, on a port of its own. Needs `pg_ctlcluster`. */
export async function startPostgres(): Promise<Postgres> {
  const folder = tempFolder();
  const bin = binaries();
  const data = folder.at('data');
  mkdirSync(data, { mode: 0o700 });
  chmodSync(folder.path, 0o755);
  // It does not run as root.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(data, idOf('-u'), idOf('-g'));
  const as = isRoot ? ['runuser', '-u', 'postgres', '--'] : [];
  const run = (words: readonly string[], input = ''): string => {
    const [file = '', ...args] = [...as, ...words];
    return execFileSync(file, args, { cwd: '/', encoding: 'utf8', input });
  };
  run([join(bin, 'initdb'), '-D', data, '-A', 'scram-sha-256', '--auth-local=trust', '-U', 'owner']);
  const port = await freePort();
  const [file, ...args] = [...as, join(bin, 'postgres'), '-D', data, '-p', String(port), '-k', data, '-c', 'listen_addresses=127.0.0.1'];
  const psql = (sql: string): string =>
    run([join(bin, 'psql'), '-h', data, '-p', String(port), '-U', 'owner', '-At', '-F', '\t', 'postgres'], sql);
  const { stop } = await startServer({ name: 'postgres', file, args, isReady: async () => psql('SELECT 1').includes('1') });
  psql(schema);
  return {
    port,
    takeEvents: () => {
      const rows = psql('SELECT action, username, file FROM audit_event ORDER BY id; TRUNCATE audit_event;');
      return rows
        .split('\n')
        .filter((line) => line.includes('\t'))
        .map((line) => line.split('\t'));
    },
    stop: async () => {
      spawnSync(as[0] ?? join(bin, 'pg_ctl'), [
        ...as.slice(1),
        ...(isRoot ? [join(bin, 'pg_ctl')] : []),
        '-D',
        data,
        '-m',
        'immediate',
        'stop',
      ]);
      await stop();
      folder.remove();
    },
  };
}

/** Debian keeps them apart by version. */
function binaries(): string {
  const root = '/usr/lib/postgresql';
  return join(root, readdirSync(root).sort().at(-1) ?? '', 'bin');
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

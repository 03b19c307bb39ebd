import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { need, programPath } from '../helpers/need.ts';
import { auditPassword, startPostgres, type Postgres } from '../helpers/postgres.ts';
import { alice, builtSec } from '../helpers/sec.ts';
import { tempFolder, type TempFolder } from '../helpers/temp-folder.ts';

/** The place of the settings is fixed, so each run sees one of its own: only root can have that. */
const isRoot = process.getuid?.() === 0;
const place = '/etc/sops';

describe.skipIf(!isRoot || !need('pg_ctlcluster', 'unshare', 'sops-3.13.3'))('events of the real sops, and ours, in PostgreSQL', () => {
  let postgres: Postgres;
  let folder: TempFolder;
  let isOurs = false;
  beforeAll(async () => {
    postgres = await startPostgres();
    folder = tempFolder();
    isOurs = !existsSync(place);
    if (isOurs) mkdirSync(place);
    for (const [side, target] of [
      ['theirs', programPath('sops-3.13.3')],
      ['ours', builtSec()],
    ] as const) {
      mkdirSync(folder.at(`bin-${side}`));
      symlinkSync(target, folder.at(`bin-${side}/sops`));
    }
  });
  afterAll(async () => {
    await postgres.stop();
    folder.remove();
    if (isOurs) rmdirSync(place);
  });

  type Side = 'theirs' | 'ours';
  const address = (): string => `postgres://sops:${encodeURIComponent(auditPassword)}@127.0.0.1:${postgres.port}/postgres?sslmode=disable`;
  const words = (): string => `host=127.0.0.1 port=${postgres.port} user=sops password='${auditPassword}' dbname=postgres sslmode=disable`;

  function run(side: Side, line: string, settings: string): { readonly status: number | null; readonly out: string; readonly err: string } {
    folder.write('audit.yaml', settings);
    folder.write('plain.yaml', 'a: 1\n');
    const env = {
      PATH: `${folder.at(`bin-${side}`)}:${dirname(process.execPath)}:/usr/sbin:/usr/bin:/bin`,
      HOME: folder.path,
      SOPS_AGE_KEY: alice.identity,
      SOPS_AGE_RECIPIENTS: alice.recipient,
      SOPS_DISABLE_VERSION_CHECK: 'true',
    };
    const script = `mount -t tmpfs none ${place} && cp audit.yaml ${place}/ && ${line}`;
    const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script], {
      cwd: folder.path,
      env,
      encoding: 'utf8',
      input: '',
    });
    return { status, out: stdout, err: stderr };
  }

  const settingsFor = (database: string): string => JSON.stringify({ backends: { postgres: [{ connection_string: database }] } });

  test.each([
    'sops encrypt -i plain.yaml && sops decrypt plain.yaml',
    'sops encrypt -i plain.yaml && sops set plain.yaml \'["a"]\' 2 && sops unset plain.yaml \'["a"]\'',
    'sops encrypt -i plain.yaml && sops rotate -i plain.yaml',
    'sops encrypt -i plain.yaml && EDITOR="sed -i s/1/2/" sops edit plain.yaml',
    'EDITOR="cp plain.yaml" sops edit new.yaml; rm -f new.yaml',
    // A program that ends before it reads the file makes sops itself fail, once in a while.
    'sops encrypt -i plain.yaml && sops exec-env plain.yaml true && sops exec-file plain.yaml "cat {} >/dev/null"',
    'sops encrypt --filename-override x.yaml < plain.yaml >/dev/null',
    'sops encrypt -i plain.yaml && sops filestatus plain.yaml && sops groups add -f plain.yaml --age "$SOPS_AGE_RECIPIENTS" >/dev/null',
  ])('are the same for: %s', (line) => {
    for (const database of [address(), words()]) {
      const theirs = run('theirs', line, settingsFor(database));
      const theirEvents = postgres.takeEvents();
      const ours = run('ours', line, settingsFor(database));
      const ourEvents = postgres.takeEvents();

      expect({ status: ours.status, events: inOrder(ourEvents) }).toEqual({ status: theirs.status, events: inOrder(theirEvents) });
      expect(ourEvents.length).toBeGreaterThan(0);
      expect(ourEvents.every(([, who]) => who === userInfo().username)).toBe(true);
    }
  });

  test.each([
    ['is down', 'postgres://sops:x@127.0.0.1:1/postgres?sslmode=disable'],
    ['does not let us in', 'postgres://sops:wrong@127.0.0.1:PORT/postgres?sslmode=disable'],
  ])('nothing is shown, and nothing written, where a database %s', (_, database) => {
    run('ours', 'sops encrypt plain.yaml > sealed.yaml', '{}');
    const settings = settingsFor(database.replace('PORT', String(postgres.port)));
    for (const line of ['sops decrypt sealed.yaml', 'sops encrypt plain.yaml', 'sops exec-env sealed.yaml "echo run"']) {
      const [theirs, ours] = [run('theirs', line, settings), run('ours', line, settings)];
      expect({ status: ours.status, out: ours.out }).toEqual({ status: theirs.status, out: theirs.out });
      expect({ status: ours.status, out: ours.out }).toEqual({ status: 1, out: '' });
      expect(ours.err).not.toContain('wrong');
    }
  });

  test('settings that cannot be read stop what would have to be written down', () => {
    expect(run('ours', 'sops encrypt plain.yaml', 'backends: [').status).toBe(1);
    expect(run('ours', 'sops encrypt plain.yaml', settingsFor('')).status).toBe(1);
    expect(run('ours', 'sops encrypt plain.yaml >/dev/null', '{}').status).toBe(0);
  });
});

/** sops writes those of one command in another order. */
function inOrder(events: readonly (readonly string[])[]): readonly string[] {
  return events.map((event) => event.join(' ')).toSorted();
}

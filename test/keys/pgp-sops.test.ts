import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { pgp } from '../../src/keys/pgp.ts';
import { gpgHome, type GpgHome } from '../helpers/gpg-home.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { need, programPath } from '../helpers/need.ts';

const plain = 'greeting: hello\n';

describe.each(['sops-3.12.2', 'sops-3.13.3'] as const)('%s', (name) => {
  describe.skipIf(!need('gpg', name))('and we read each other', () => {
    let home: GpgHome;
    let fingerprint: string;
    let secret: Buffer;
    beforeAll(() => {
      home = gpgHome();
      fingerprint = home.makeKey('both', ['future-default', 'default', 'never']);
      secret = home.gpg(['--pinentry-mode', 'loopback', '--passphrase', '', '--export-secret-keys', fingerprint]);
      writeFileSync(join(home.path, 'plain.yaml'), plain);
    });
    afterAll(() => home.remove());
    const sops = (args: readonly string[], env: NodeJS.ProcessEnv = {}): string => {
      const { status, stdout, stderr } = spawnSync(programPath(name), ['--disable-version-check', ...args], {
        env: { PATH: process.env['PATH'], HOME: home.path, GNUPGHOME: home.path, ...env },
        cwd: home.path,
      });
      if (status !== 0) throw new Error(stderr.toString());
      return stdout.toString();
    };

    /** The file that sops wrote, with the data key wrapped again by us. */
    async function rewrap(env: Readonly<Record<string, string>>): Promise<string> {
      const document = parseDocument(sops(['encrypt', '--pgp', fingerprint, 'plain.yaml']));
      const at = ['sops', 'pgp', 0, 'enc'];
      const key = pgp().parse(fingerprint);
      const theirs = { kind: 'pgp', fields: new Map([['enc', String(document.getIn(at))]]) };
      const world = keyWorld({ env });
      const unwrapped = await key.unwrap(theirs, world);
      if (!unwrapped.opened) throw new Error(unwrapped.failure.detail);
      const ours = await key.wrap(unwrapped.dataKey, '2026-01-02T03:04:05Z', world);
      document.setIn(at, ours.fields.get('enc'));
      const file = join(home.path, 'ours.yaml');
      writeFileSync(file, String(document));
      return file;
    }

    test('by gpg', async () => {
      expect(sops(['decrypt', await rewrap({ GNUPGHOME: home.path })])).toBe(plain);
    });

    test('by key files, which sops reads through gpg', async () => {
      const env = { SEC_PGP_KEY_FILE: join(home.path, 'secret.gpg'), SEC_GPG_EXEC: '/nonexistent/gpg' };
      writeFileSync(env.SEC_PGP_KEY_FILE, secret);

      expect(sops(['decrypt', await rewrap(env)])).toBe(plain);
    });

    test('by key files, which sops reads by itself', async () => {
      const old = gpgHome();
      writeFileSync(join(old.path, 'secring.gpg'), secret);
      const file = await rewrap({ GNUPGHOME: old.path, SEC_GPG_EXEC: '/nonexistent/gpg' });
      const opened = sops(['decrypt', file], { GNUPGHOME: old.path, SOPS_GPG_EXEC: '/nonexistent/gpg' });
      old.remove();

      expect(opened).toBe(plain);
    });
  });
});

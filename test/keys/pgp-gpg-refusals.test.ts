import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pgp } from '../../src/keys/pgp.ts';
import { fingerprints, gpgHome, type GpgHome } from '../helpers/gpg-home.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { need } from '../helpers/need.ts';
import { alice, sec } from '../helpers/sec.ts';

const createdAt = '2026-01-02T03:04:05Z';

describe.skipIf(!need('gpg'))('a recipient that gpg refuses', () => {
  let home: GpgHome;
  beforeAll(() => {
    home = gpgHome();
  });
  afterAll(() => home.remove());
  const wrap = (fingerprint: string) =>
    pgp()
      .parse(fingerprint)
      .wrap(randomBytes(32), createdAt, keyWorld({ env: { GNUPGHOME: home.path } }));
  const unlocked = ['--pinentry-mode', 'loopback', '--passphrase', ''];
  /** A key of 2021 for a day. */
  const past = ['--faked-system-time', '20210101T000000!'];

  async function problemOf(promise: Promise<unknown>): Promise<unknown> {
    return promise.then(
      () => 'wrapped',
      (error: unknown) => (error instanceof Error && 'problem' in error ? error.problem : error),
    );
  }
  const failure = (label: string, reason: string, hint: string) => ({ code: 'wrap-failed', label, reason, hint });

  test('is unknown', async () => {
    const label = '0123456789ABCDEF0123456789ABCDEF01234567';

    expect(await problemOf(wrap(label))).toEqual(failure(label, 'gpg has no such public key', `gpg --recv-keys ${label}`));
  });

  test('has expired', async () => {
    home.gpg([...unlocked, ...past, '--quick-generate-key', 'expired', 'future-default', 'default', '1d']);
    const [label = ''] = fingerprints(home.gpg(['--with-colons', '--list-keys', 'expired']));

    expect(await problemOf(wrap(label))).toEqual(failure(label, 'the key expired on 2021-01-02', `gpg --quick-set-expire ${label} 1y`));
  });

  test('has expired: nothing is written', async () => {
    home.gpg([...unlocked, ...past, '--quick-generate-key', 'late', 'future-default', 'default', '1d']);
    const [label = ''] = fingerprints(home.gpg(['--with-colons', '--list-keys', 'late']));
    const files = { 'a.yaml': 'a: b\n' };
    const args = ['encrypt', '-i', '--age', alice.recipient, '--pgp', label, 'a.yaml'];
    const outcome = await sec(args, files, { env: { GNUPGHOME: home.path } });

    expect(outcome.err).toBe(
      `sec: the data key cannot be encrypted for ${label}: the key expired on 2021-01-02\nhint: gpg --quick-set-expire ${label} 1y\n`,
    );
    expect({ status: outcome.status, files: outcome.files }).toEqual({ status: 1, files });
  });

  test('has expired, and is not ours', async () => {
    home.gpg([...unlocked, ...past, '--quick-generate-key', 'theirs', 'future-default', 'default', '1d']);
    const [label = ''] = fingerprints(home.gpg(['--with-colons', '--list-keys', 'theirs']));
    home.gpg(['--yes', '--delete-secret-keys', label]);

    expect(await problemOf(wrap(label))).toEqual(failure(label, 'the key expired on 2021-01-02', `gpg --recv-keys ${label}`));
  });

  test('has an encryption subkey that has expired', async () => {
    home.gpg([...unlocked, ...past, '--quick-generate-key', 'subkey', 'ed25519', 'sign', 'never']);
    const [label = ''] = fingerprints(home.gpg(['--with-colons', '--list-keys', 'subkey']));
    home.gpg([...unlocked, ...past, '--quick-add-key', label, 'cv25519', 'encr', '1d']);

    expect(await problemOf(wrap(label))).toEqual(
      failure(label, 'its encryption subkey expired on 2021-01-02', `gpg --quick-set-expire ${label} 1y '*'`),
    );
  });

  test('has a pinned subkey that has expired, though another has not', async () => {
    home.gpg([...unlocked, ...past, '--quick-generate-key', 'two', 'future-default', 'default', 'never']);
    const [label = ''] = fingerprints(home.gpg(['--with-colons', '--list-keys', 'two']));
    home.gpg([...unlocked, ...past, '--quick-add-key', label, 'cv25519', 'encr', '1d']);
    const subkeys = fingerprints(home.gpg(['--with-colons', '--list-keys', label]));
    const pinned = `${subkeys.at(-1) ?? ''}!`;

    expect(subkeys.length).toBe(3);
    expect(await problemOf(wrap(label))).toBe('wrapped');
    expect(await problemOf(wrap(pinned))).toMatchObject({
      label: pinned,
      reason: 'its encryption subkey expired on 2021-01-02',
      hint: `gpg --quick-set-expire ${label} 1y '*'`,
    });
  });

  test('was revoked', async () => {
    const label = home.makeKey('revoked', ['future-default', 'default', 'never']);
    const certificate = home.gpg(['--no-batch', '--command-fd', '0', ...unlocked, '--gen-revoke', label], 'y\n0\n\ny\n');
    home.gpg(['--import'], certificate);

    expect(await problemOf(wrap(label))).toEqual(
      failure(label, 'the key was revoked', 'ask its owner for the new key, and put that in its place'),
    );
  });

  test('can only sign', async () => {
    const label = home.makeKey('signer', ['ed25519', 'sign', 'never']);

    expect(await problemOf(wrap(label))).toEqual(
      failure(label, 'the key is not made for encryption', `gpg --quick-add-key ${label} cv25519 encr`),
    );
  });

  test('is disabled', async () => {
    const label = home.makeKey('disabled', ['future-default', 'default', 'never']);
    home.gpg(['--no-batch', '--command-fd', '0', '--edit-key', label], 'disable\nsave\n');

    expect(await problemOf(wrap(label))).toEqual(
      failure(label, 'the key is disabled in the gpg keyring', `gpg --edit-key ${label} enable save`),
    );
  });
});

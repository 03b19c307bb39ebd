import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as openpgp from 'openpgp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SecError } from '../../src/core/problem.ts';
import { pgp } from '../../src/keys/pgp.ts';
import { damage } from '../helpers/gpg-home.ts';
import { inHex, keyFolder, newPgpKey, worldWithoutGpg, type KeyFolder } from '../helpers/pgp-key.ts';

const createdAt = '2026-01-02T03:04:05Z';
let files: KeyFolder;
beforeAll(() => {
  files = keyFolder();
});
afterAll(() => files.remove());

async function problemOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no problem',
    (error: unknown) => (error instanceof SecError ? error.problem : error),
  );
}

describe('key files', () => {
  test('may be several, armored or binary, each with several keys', async () => {
    const keys = await Promise.all([newPgpKey(), newPgpKey(), newPgpKey()]);
    const [first = '', second = '', third = ''] = keys.map(({ secret }) => secret);
    const binary = (await openpgp.readKey({ armoredKey: third })).write();
    const env = { SEC_PGP_KEY_FILE: `${files.file('two.asc', `two keys\n${first}and\n${second}`)}:${files.file('third.gpg', binary)}` };
    const opened = keys.map(async ({ fingerprint, shared }) => {
      const stored = await pgp()
        .parse(fingerprint)
        .wrap(new Uint8Array(32).fill(7), createdAt, worldWithoutGpg({ SEC_PGP_PUBLIC_KEY_FILE: files.file(fingerprint, shared) }));
      return inHex(await pgp().parse(fingerprint).unwrapQuietly?.(stored, worldWithoutGpg(env)));
    });

    expect(await Promise.all(opened)).toEqual(['07'.repeat(32), '07'.repeat(32), '07'.repeat(32)]);
    expect(await pgp().identities(worldWithoutGpg(env))).toEqual(keys.map(({ fingerprint }) => fingerprint));
  });

  test('that are damaged cost a warning and no other key', async () => {
    const { secret, fingerprint } = await newPgpKey();
    const damaged = files.file('damaged.asc', `${secret.replace(/\n.{10}/, '\n')}\n${secret}`);
    const world = worldWithoutGpg({ SEC_PGP_KEY_FILE: `${damaged}:/nonexistent/key.asc` });
    const stored = await pgp().parse(fingerprint).wrap(new Uint8Array(32), createdAt, world);

    expect(inHex(await pgp().parse(fingerprint).unwrapQuietly?.(stored, world))).toBe('00'.repeat(32));
    expect(world.warnings).toEqual([
      'SEC_PGP_KEY_FILE: /nonexistent/key.asc cannot be read (ENOENT)',
      `SEC_PGP_KEY_FILE: ${damaged} holds no OpenPGP key, or one that is damaged`,
    ]);
  });

  test('that cannot be read are the reason where nothing else opens', async () => {
    const { shared, fingerprint } = await newPgpKey();
    const stored = await pgp()
      .parse(fingerprint)
      .wrap(new Uint8Array(32), createdAt, worldWithoutGpg({ SEC_PGP_PUBLIC_KEY_FILE: files.file('known.asc', shared) }));

    expect(
      await pgp()
        .parse(fingerprint)
        .unwrap(stored, worldWithoutGpg({ SEC_PGP_KEY: 'a key' })),
    ).toEqual({
      opened: false,
      failure: { reason: 'bad-key-file', detail: 'SEC_PGP_KEY holds no OpenPGP key, or one that is damaged', hint: null },
    });
  });

  test('that hold another key leave the file shut', async () => {
    const [ours, theirs] = await Promise.all([newPgpKey(), newPgpKey()]);
    const stored = await pgp()
      .parse(theirs.fingerprint)
      .wrap(new Uint8Array(32), createdAt, worldWithoutGpg({ SEC_PGP_KEY: theirs.secret }));

    expect(
      await pgp()
        .parse(theirs.fingerprint)
        .unwrap(stored, worldWithoutGpg({ SEC_PGP_KEY: ours.secret })),
    ).toEqual({
      opened: false,
      failure: {
        reason: 'no-key',
        detail: 'there is no program /nonexistent/gpg, and no key file holds the secret key',
        hint: 'install gpg, or set SEC_PGP_KEY_FILE to a file with the key',
      },
    });
  });

  test('do not open what was changed', async () => {
    const { secret, fingerprint } = await newPgpKey();
    const world = worldWithoutGpg({ SEC_PGP_KEY: secret });
    const stored = await pgp().parse(fingerprint).wrap(new Uint8Array(32), createdAt, world);
    const enc = damage(String(stored.fields.get('enc')));
    const unwrapped = await pgp()
      .parse(fingerprint)
      .unwrap({ kind: 'pgp', fields: new Map([['enc', enc]]) }, world);

    expect(unwrapped).toEqual({
      opened: false,
      failure: { reason: 'malformed', detail: 'the wrapped key is damaged, or of a kind that openpgp cannot read', hint: null },
    });
  });

  test.each(['secring.gpg', 'pubring.gpg'])('of old GnuPG are read where gpg is missing: %s', async (name) => {
    const { secret, fingerprint } = await newPgpKey();
    const home = files.folder();
    writeFileSync(join(home, name), (await openpgp.readKey({ armoredKey: secret })).write());
    const world = worldWithoutGpg({ GNUPGHOME: home });
    const stored = await pgp().parse(fingerprint).wrap(new Uint8Array(32), createdAt, world);
    const unwrapped = await pgp().parse(fingerprint).unwrap(stored, world);

    expect(unwrapped.opened && inHex(unwrapped.dataKey)).toBe('00'.repeat(32));
  });
});

test('pubring.gpg is not looked at where there is a secring.gpg', async () => {
  const [ours, theirs] = await Promise.all([newPgpKey(), newPgpKey()]);
  const home = files.folder();
  writeFileSync(join(home, 'secring.gpg'), (await openpgp.readKey({ armoredKey: ours.secret })).write());
  writeFileSync(join(home, 'pubring.gpg'), (await openpgp.readKey({ armoredKey: theirs.secret })).write());
  const world = worldWithoutGpg({ GNUPGHOME: home });
  const key = pgp().parse(theirs.fingerprint);
  const stored = await key.wrap(new Uint8Array(32), createdAt, world);

  expect((await key.unwrap(stored, world)).opened).toBe(false);
});

describe('a recipient that a key file cannot serve', () => {
  const wrap = async (fingerprint: string, shared: string, now?: Date) =>
    problemOf(
      pgp()
        .parse(fingerprint)
        .wrap(
          new Uint8Array(32),
          createdAt,
          worldWithoutGpg({ SEC_PGP_PUBLIC_KEY_FILE: files.file(fingerprint, shared) }, now ? { now } : {}),
        ),
    );

  test('is in none of them', async () => {
    const { shared } = await newPgpKey();
    const label = '0123456789ABCDEF0123456789ABCDEF01234567';

    expect(await wrap(label, shared)).toEqual({
      code: 'wrap-failed',
      label,
      reason: 'there is no program /nonexistent/gpg, and no key file holds the public key',
      hint: 'install gpg, or set SEC_PGP_PUBLIC_KEY_FILE to a file with the key',
    });
  });

  test('has expired', async () => {
    const { shared, fingerprint } = await newPgpKey({ date: new Date('2020-01-01T00:00:00Z'), keyExpirationTime: 86_400 });

    expect(await wrap(fingerprint, shared)).toEqual({
      code: 'wrap-failed',
      label: fingerprint,
      reason: 'the key expired on 2020-01-02',
      hint: 'get its newer form from its owner',
    });
  });

  test.each<readonly [string, 'expired' | 'revoked', string]>([
    ['has a pinned subkey that has expired', 'expired', 'the pinned subkey expired on 2020-01-02'],
    ['has a pinned subkey that was revoked', 'revoked', 'the pinned subkey was revoked'],
  ])('%s, though another is good', async (_, state, reason) => {
    const subkeys = [{}, state === 'expired' ? { keyExpirationTime: 86_400 } : {}];
    const { privateKey } = await openpgp.generateKey({
      userIDs: [{ name: 'two' }],
      date: new Date('2020-01-01T00:00:00Z'),
      subkeys,
      format: 'object',
    });
    const [, second] = privateKey.subkeys;
    const { keyPacket } = privateKey;
    if (second === undefined || !(keyPacket instanceof openpgp.SecretKeyPacket))
      throw new Error('a secret key with two subkeys was asked for');
    if (state === 'revoked') privateKey.subkeys[1] = await second.revoke(keyPacket);
    const shared = privateKey.toPublic().armor();
    const label = `${second.getFingerprint()}!`;

    expect(await wrap(privateKey.getFingerprint(), shared)).toBe('no problem');
    expect(await wrap(label, shared)).toEqual({ code: 'wrap-failed', label, reason, hint: 'get its newer form from its owner' });
  });

  test('is too short', async () => {
    const label = '1022470DE3F0BC54BC6AB62DE05550BC07FB1A0A';
    const shared = readFileSync(new URL('../vectors/pgp/keys/getsops-sops-functional-tests-old.asc', import.meta.url), 'utf8');

    expect(await wrap(label, shared)).toEqual({
      code: 'wrap-failed',
      label,
      reason: 'the key is too short to be safe',
      hint: 'use gpg, or a newer key',
    });
  });

  test('was revoked', async () => {
    const { privateKey, revocationCertificate } = await openpgp.generateKey({ userIDs: [{ name: 'gone' }], format: 'object' });
    const { publicKey } = await openpgp.revokeKey({ key: privateKey, revocationCertificate, format: 'object' });
    const label = publicKey.getFingerprint();

    expect(await wrap(label, publicKey.armor())).toEqual({
      code: 'wrap-failed',
      label,
      reason: 'the key was revoked',
      hint: 'ask its owner for the new key, and put that in its place',
    });
  });
});

import { randomBytes } from 'node:crypto';
import * as openpgp from 'openpgp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pgp } from '../../src/keys/pgp.ts';
import { gpgHome, type GpgHome } from '../helpers/gpg-home.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { need } from '../helpers/need.ts';
import { inHex, newPgpKey, worldWithoutGpg } from '../helpers/pgp-key.ts';

const createdAt = '2026-01-02T03:04:05Z';

describe.skipIf(!need('gpg'))('gpg and key files open what the other has wrapped', () => {
  let home: GpgHome;
  beforeAll(() => {
    home = gpgHome();
  });
  afterAll(() => home.remove());
  const loopback = ['--pinentry-mode', 'loopback', '--passphrase', ''];

  test.each([
    ['RSA', 'Key-Type: RSA\nKey-Length: 2048\nSubkey-Type: RSA\nSubkey-Length: 2048\n'],
    ['Curve25519', 'Key-Type: EDDSA\nKey-Curve: ed25519\nSubkey-Type: ECDH\nSubkey-Curve: cv25519\n'],
    ['NIST P-256', 'Key-Type: ECDSA\nKey-Curve: nistp256\nSubkey-Type: ECDH\nSubkey-Curve: nistp256\n'],
    ['Brainpool P-256', 'Key-Type: ECDSA\nKey-Curve: brainpoolP256r1\nSubkey-Type: ECDH\nSubkey-Curve: brainpoolP256r1\n'],
    ['DSA and ElGamal', 'Key-Type: DSA\nKey-Length: 2048\nSubkey-Type: ELG-E\nSubkey-Length: 2048\n'],
  ])('for a key of kind %s', async (name, parameters) => {
    const mail = `${name.replaceAll(' ', '-')}@example.invalid`;
    home.gpg(['--full-generate-key'], `%no-protection\n${parameters}Name-Email: ${mail}\nExpire-Date: 0\n`).toString();
    const secret = home.gpg([...loopback, '--armor', '--export-secret-keys', mail]).toString();
    const key = await openpgp.readKey({ armoredKey: secret });
    const recipient = pgp().parse(key.getFingerprint().toUpperCase());
    const [dataKey, otherKey] = [randomBytes(32), randomBytes(33)];

    const byGpg = await recipient.wrap(dataKey, createdAt, keyWorld({ env: { GNUPGHOME: home.path } }));
    const byFile = await recipient.wrap(otherKey, createdAt, worldWithoutGpg({ SEC_PGP_KEY: secret }));

    expect(inHex(await recipient.unwrapQuietly?.(byGpg, worldWithoutGpg({ SEC_PGP_KEY: secret })))).toBe(inHex(dataKey));
    expect(await recipient.unwrap(byFile, keyWorld({ env: { GNUPGHOME: home.path } }))).toEqual({ opened: true, dataKey: otherKey });
    expect(byFile.fields.get('enc')).toMatch(/^-----BEGIN PGP MESSAGE-----\n\n[^]+\n=.{4}\n-----END PGP MESSAGE-----$/);
  });

  test('for a key that asks for messages which gpg 2.2 cannot read', async () => {
    const { secret, shared, fingerprint } = await newPgpKey({ config: { aeadProtect: true } });
    home.gpg(['--import'], secret);
    const dataKey = randomBytes(32);
    const stored = await pgp()
      .parse(fingerprint)
      .wrap(dataKey, createdAt, worldWithoutGpg({ SEC_PGP_KEY: shared }));

    expect(
      await pgp()
        .parse(fingerprint)
        .unwrap(stored, keyWorld({ env: { GNUPGHOME: home.path } })),
    ).toEqual({ opened: true, dataKey });
  });

  test('with the packets of every reader: PKESK v3, SEIPD v1, a binary literal without a name', async () => {
    const { secret, shared, fingerprint } = await newPgpKey();
    home.gpg(['--import'], secret);
    const world = worldWithoutGpg({ SEC_PGP_KEY: shared }, { now: new Date('2030-01-02T03:04:05Z') });
    const stored = await pgp().parse(fingerprint).wrap(randomBytes(32), createdAt, world);
    const packets = home.gpg(['--list-packets'], String(stored.fields.get('enc'))).toString();

    expect(
      packets
        .split('\n')
        .filter((line) => /^:|mdc_method|mode|raw/.test(line))
        .map((line) => line.replace(/keyid.*/, 'keyid')),
    ).toEqual([
      ':pubkey enc packet: version 3, algo 18, keyid',
      ':encrypted data packet:',
      '\tmdc_method: 2',
      ':literal data packet:',
      `\tmode b (62), created ${Date.parse('2030-01-02T03:04:05Z') / 1000}, name="",`,
      '\traw data: 32 bytes',
    ]);
  });

  test('for exactly the subkey that is pinned', async () => {
    const { secret, fingerprint } = await newPgpKey({ subkeys: [{}, {}] });
    const [, older, newer] = (await openpgp.readKey({ armoredKey: secret })).getKeys();
    for (const subkey of [older, newer]) {
      const stored = await pgp()
        .parse(`${subkey?.getFingerprint()}!`)
        .wrap(randomBytes(32), createdAt, worldWithoutGpg({ SEC_PGP_KEY: secret }));
      const message = await openpgp.readMessage({ armoredMessage: String(stored.fields.get('enc')) });

      expect(message.getEncryptionKeyIDs().map((id) => id.toHex())).toEqual([subkey?.getKeyID().toHex()]);
    }
    expect(fingerprint).toHaveLength(40);
  });

  test('where the message hides whom it is for', async () => {
    const { secret, fingerprint } = await newPgpKey();
    home.gpg(['--import'], secret);
    const dataKey = randomBytes(32);
    const enc = home.gpg(['--armor', '--trust-model', 'always', '--encrypt', '--hidden-recipient', fingerprint], dataKey).toString();
    const stored = { kind: 'pgp', fields: new Map([['enc', enc]]) };
    const other = await newPgpKey();

    expect(
      inHex(
        await pgp()
          .parse(fingerprint)
          .unwrapQuietly?.(stored, worldWithoutGpg({ SEC_PGP_KEY: `${other.secret}${secret}` })),
      ),
    ).toBe(inHex(dataKey));
  });
});

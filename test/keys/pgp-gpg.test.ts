import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StoredKey } from '../../src/core/metadata.ts';
import { pgp } from '../../src/keys/pgp.ts';
import { damage, fingerprints, gpgHome, type GpgHome } from '../helpers/gpg-home.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { need } from '../helpers/need.ts';

const createdAt = '2026-01-02T03:04:05Z';

describe.skipIf(!need('gpg'))('with gpg', () => {
  let home: GpgHome;
  beforeAll(() => {
    home = gpgHome();
  });
  afterAll(() => home.remove());
  const world = () => keyWorld({ env: { GNUPGHOME: home.path } });

  test.each([
    ['rsa', 'default'],
    ['curve25519', 'future-default'],
  ])('wraps and opens with a key of kind %s', async (name, algorithm) => {
    const fingerprint = home.makeKey(name, [algorithm, 'default', 'never']);
    const dataKey = randomBytes(32);
    const key = pgp().parse(fingerprint);
    const stored = await key.wrap(dataKey, createdAt, world());

    expect([stored.kind, ...stored.fields.keys()]).toEqual(['pgp', 'created_at', 'enc', 'fp']);
    expect(stored.fields.get('created_at')).toBe(createdAt);
    expect(stored.fields.get('fp')).toBe(fingerprint);
    expect(stored.fields.get('enc')).toMatch(/^-----BEGIN PGP MESSAGE-----\n\n[^]+\n=.{4}\n-----END PGP MESSAGE-----$/);
    expect(await key.unwrap(stored, world())).toEqual({ opened: true, dataKey });
  });

  test('wraps for exactly the subkey that is pinned', async () => {
    const fingerprint = home.makeKey('pinned', ['future-default', 'default', 'never']);
    home.gpg(['--pinentry-mode', 'loopback', '--passphrase', '', '--quick-add-key', fingerprint, 'cv25519', 'encr', 'never']);
    const [, older = ''] = fingerprints(home.gpg(['--with-colons', '--list-keys', fingerprint]));
    const stored = await pgp().parse(`${older}!`).wrap(randomBytes(32), createdAt, world());

    expect(recipientOf(home, stored)).toBe(older.slice(-16));
    expect(stored.fields.get('fp')).toBe(`${older}!`);
  });

  test('wraps bytes, whatever gpg.conf says about texts', async () => {
    const fingerprint = home.makeKey('texts', ['future-default', 'default', 'never']);
    const dataKey = Buffer.alloc(32, 0x0d);
    writeFileSync(join(home.path, 'gpg.conf'), 'textmode\ndefault-recipient-self\nencrypt-to texts\n');
    const stored = await pgp().parse(fingerprint).wrap(dataKey, createdAt, world());
    writeFileSync(join(home.path, 'gpg.conf'), '');

    expect(await pgp().parse(fingerprint).unwrap(stored, world())).toEqual({ opened: true, dataKey });
  });

  test('opens a data key that was wrapped as a text, with the bytes that gpg drops', async () => {
    const fingerprint = home.makeKey('text', ['future-default', 'default', 'never']);
    const enc = home.gpg(['--textmode', '--armor', '--encrypt', '-r', fingerprint], 'a\r\nb\n').toString();
    const stored = { kind: 'pgp', fields: new Map([['enc', enc]]) };
    const unwrapped = await pgp().parse(fingerprint).unwrap(stored, world());

    expect(unwrapped.opened && Buffer.from(unwrapped.dataKey).toString()).toBe('a\r\nb\r\n');
  });

  test('names the fingerprints of the secret keys', async () => {
    const other = gpgHome();
    const made = ['one', 'two'].map((name) => other.makeKey(name, ['future-default', 'default', 'never']));
    const labels = await pgp().identities(keyWorld({ env: { GNUPGHOME: other.path } }));
    other.remove();

    expect(labels).toEqual(made);
  });
});

describe.skipIf(!need('gpg'))('a key with a passphrase', () => {
  let home: GpgHome;
  let fingerprint: string;
  let stored: StoredKey;
  const dataKey = randomBytes(32);
  beforeAll(async () => {
    home = gpgHome();
    fingerprint = home.makeKey('locked', ['future-default', 'default', 'never'], 'open sesame');
    stored = await pgp()
      .parse(fingerprint)
      .wrap(dataKey, createdAt, keyWorld({ env: { GNUPGHOME: home.path } }));
  });
  afterAll(() => home.remove());
  beforeEach(() => home.answer('open sesame'));

  async function unwrapAgain() {
    const world = keyWorld({ env: { GNUPGHOME: home.path } });
    return pgp().parse(fingerprint).unwrap(stored, world);
  }

  test('is unlocked by the pinentry of the agent', async () => {
    expect(await unwrapAgain()).toEqual({ opened: true, dataKey });
  });

  test('is asked for once, however many files there are', async () => {
    const world = keyWorld({ env: { GNUPGHOME: home.path } });
    const before = home.questions();
    const all = await Promise.all(Array.from({ length: 4 }, () => pgp().parse(fingerprint).unwrap(stored, world)));

    expect(all).toEqual(Array.from({ length: 4 }, () => ({ opened: true, dataKey })));
    expect(home.questions() - before).toBe(1);
  });

  test('stays locked where the person says no, and nobody asks again', async () => {
    home.answer(null);
    const world = keyWorld({ env: { GNUPGHOME: home.path } });
    const before = home.questions();
    const all = await Promise.all(Array.from({ length: 3 }, () => pgp().parse(fingerprint).unwrap(stored, world)));
    const refused = { opened: false, failure: { reason: 'denied', detail: 'no passphrase was given', hint: null } };

    expect(all).toEqual([refused, refused, refused]);
    expect(home.questions() - before).toBe(1);
  });

  test('stays locked with a wrong passphrase', async () => {
    home.answer('open barley');

    expect(await unwrapAgain()).toEqual({ opened: false, failure: { reason: 'denied', detail: 'wrong passphrase', hint: null } });
  });

  test('needs a pinentry', async () => {
    const before = `pinentry-program ${join(home.path, 'pinentry')}\n`;
    writeFileSync(join(home.path, 'gpg-agent.conf'), 'pinentry-program /nonexistent\n');
    home.answer('open sesame');
    const unwrapped = await unwrapAgain();
    writeFileSync(join(home.path, 'gpg-agent.conf'), before);

    expect(unwrapped).toEqual({
      opened: false,
      failure: {
        reason: 'denied',
        detail: 'gpg-agent has no pinentry to ask for the passphrase',
        hint: 'install pinentry, or name one in gpg-agent.conf',
      },
    });
  });

  test('is not asked for by gpg itself where there is no terminal', async () => {
    writeFileSync(join(home.path, 'gpg.conf'), 'pinentry-mode loopback\n');
    const unwrapped = await unwrapAgain();
    writeFileSync(join(home.path, 'gpg.conf'), '');

    expect(unwrapped).toEqual({
      opened: false,
      failure: { reason: 'denied', detail: 'gpg could not ask for the passphrase', hint: 'export GPG_TTY=$(tty)' },
    });
  });
});

describe.skipIf(!need('gpg'))('a wrapped key that does not open', () => {
  let home: GpgHome;
  let fingerprint: string;
  beforeAll(() => {
    home = gpgHome();
    fingerprint = home.makeKey('somebody', ['future-default', 'default', 'never']);
  });
  afterAll(() => home.remove());

  const unwrap = (enc: string) => {
    const stored = { kind: 'pgp', fields: new Map([['enc', enc]]) };
    return pgp()
      .parse(fingerprint)
      .unwrap(stored, keyWorld({ env: { GNUPGHOME: home.path } }));
  };
  const because = (reason: string, detail: string) => ({ opened: false, failure: { reason, detail, hint: null } });
  const wrapped = (...options: readonly string[]) =>
    home.gpg(['--armor', '--encrypt', '-r', fingerprint, ...options], randomBytes(32)).toString();

  test('is for a key that gpg does not have', async () => {
    const other = gpgHome();
    const theirs = other.makeKey('somebody-else', ['future-default', 'default', 'never']);
    const enc = other.gpg(['--armor', '--encrypt', '-r', theirs], randomBytes(32)).toString();
    other.remove();

    expect(await unwrap(enc)).toEqual(because('no-key', 'gpg has no secret key for it'));
  });

  test('is no message', async () => {
    expect(await unwrap('hello')).toEqual(because('malformed', 'gpg cannot read the wrapped key'));
  });

  test('is cut short', async () => {
    expect(await unwrap(wrapped().slice(0, 150))).toEqual(because('malformed', 'gpg cannot read the wrapped key'));
  });

  test('was changed', async () => {
    expect(await unwrap(damage(wrapped()))).toEqual(because('malformed', 'gpg cannot read the wrapped key'));
  });

  test('holds nothing', async () => {
    const enc = home.gpg(['--armor', '--encrypt', '-r', fingerprint], '').toString();

    expect(await unwrap(enc)).toEqual(because('malformed', 'gpg found nothing in the wrapped key'));
  });

  test('unpacks to far more than a key', async () => {
    const enc = home.gpg(['--armor', '--encrypt', '-r', fingerprint], new Uint8Array(1_000_000)).toString();

    expect(enc.length).toBeLessThan(10_000);
    expect(await unwrap(enc)).toEqual(because('malformed', 'gpg cannot read the wrapped key'));
  });

  test('is not in the entry at all', async () => {
    expect(await unwrap(' ')).toEqual(because('malformed', 'the entry holds no wrapped key'));
  });
});

function recipientOf(home: GpgHome, stored: StoredKey): string | undefined {
  const packets = home.gpg(['--list-packets'], String(stored.fields.get('enc'))).toString();
  return /keyid ([0-9A-F]+)/.exec(packets)?.[1];
}

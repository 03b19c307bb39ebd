import { beforeAll, describe, expect, test } from 'vitest';
import type { StoredKey } from '../../src/core/metadata.ts';
import { pgp } from '../../src/keys/pgp.ts';
import type { TestKeyWorld } from '../helpers/key-world.ts';
import { inHex, newPgpKey, worldWithoutGpg, type PgpKeyPair } from '../helpers/pgp-key.ts';

const createdAt = '2026-01-02T03:04:05Z';

describe('a key file with a passphrase', () => {
  const asked: string[] = [];
  const terminal = (...answers: string[]) => ({
    secret: async (question: string) => {
      asked.push(question);
      return answers.shift() ?? '';
    },
    confirm: () => Promise.reject(new Error('nothing to confirm')),
    choose: () => Promise.reject(new Error('nothing to choose')),
  });
  let key: PgpKeyPair;
  let stored: StoredKey;
  beforeAll(async () => {
    key = await newPgpKey({ passphrase: 'open sesame' });
    stored = await pgp()
      .parse(key.fingerprint)
      .wrap(new Uint8Array(32), createdAt, worldWithoutGpg({ SEC_PGP_KEY: key.secret }));
  });
  const unwrap = (world: TestKeyWorld) => pgp().parse(key.fingerprint).unwrap(stored, world);

  test('is unlocked by SEC_PGP_PASSPHRASE without a question', async () => {
    const world = worldWithoutGpg({ SEC_PGP_KEY: key.secret, SEC_PGP_PASSPHRASE: 'open sesame' });

    expect(inHex(await pgp().parse(key.fingerprint).unwrapQuietly?.(stored, world))).toBe('00'.repeat(32));
  });

  test('is not opened in silence otherwise', async () => {
    const world = worldWithoutGpg({ SEC_PGP_KEY: key.secret }, { terminal: terminal() });

    expect(await pgp().parse(key.fingerprint).unwrapQuietly?.(stored, world)).toBe(null);
  });

  test('is unlocked at the terminal, once a command', async () => {
    asked.length = 0;
    const world = worldWithoutGpg({ SEC_PGP_KEY: key.secret }, { terminal: terminal('open barley', 'open sesame') });
    const all = await Promise.all([unwrap(world), unwrap(world), unwrap(world)]);

    expect(all.map((unwrapped) => unwrapped.opened)).toEqual([true, true, true]);
    expect(asked).toEqual([
      `passphrase of the OpenPGP key ${key.fingerprint}`,
      `that was not it, once more: passphrase of the OpenPGP key ${key.fingerprint}`,
    ]);
  });

  test.each([
    {
      where: 'SEC_PGP_PASSPHRASE is wrong',
      env: { SEC_PGP_PASSPHRASE: 'open barley' },
      person: null,
      detail: 'SEC_PGP_PASSPHRASE is not the passphrase of KEY',
      hint: null,
    },
    { where: 'every answer is wrong', env: {}, person: terminal('a', 'b', 'c'), detail: 'wrong passphrase', hint: null },
    {
      where: 'nobody is there',
      env: {},
      person: null,
      detail: 'KEY has a passphrase, and nobody is there to give it',
      hint: 'set SEC_PGP_PASSPHRASE',
    },
  ])('stays locked where $where', async ({ env, person, detail, hint }) => {
    const unwrapped = await unwrap(worldWithoutGpg({ SEC_PGP_KEY: key.secret, ...env }, { terminal: person }));

    expect(unwrapped).toEqual({
      opened: false,
      failure: { reason: 'denied', detail: detail.replace('KEY', `the OpenPGP key ${key.fingerprint}`), hint },
    });
  });
});

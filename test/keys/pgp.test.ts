import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finished, Program } from '../../src/context.ts';
import { SecError } from '../../src/core/problem.ts';
import { pgp } from '../../src/keys/pgp.ts';
import { keyWorld } from '../helpers/key-world.ts';

const fingerprint = '0123456789ABCDEF0123456789ABCDEF01234567';
const terminal = {
  secret: () => Promise.reject(new Error('gpg asks by itself')),
  confirm: () => Promise.reject(new Error('nothing to confirm')),
  choose: () => Promise.reject(new Error('nothing to choose')),
};

function entry(fields: Readonly<Record<string, string>>) {
  return { kind: 'pgp', fields: new Map(Object.entries(fields)) };
}

function problemOf(run: () => unknown): unknown {
  try {
    run();
    return 'no problem';
  } catch (error) {
    return error instanceof SecError ? error.problem : error;
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);
const finished = (stdout: string, status = 0, stderr = ''): Finished => ({
  status,
  signal: null,
  stdout: bytes(stdout),
  stderr: bytes(stderr),
});

/** A gpg that answers this and remembers how it was called. */
function fakeGpg(answer: Finished) {
  const calls: Program[] = [];
  const run = async (program: Program) => {
    calls.push(program);
    return answer;
  };
  return { calls, run };
}

describe('a recipient', () => {
  test.each([
    [fingerprint, fingerprint],
    ['0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567', fingerprint],
    [`${fingerprint}!`, `${fingerprint}!`],
    ['89abcdef01234567', '89abcdef01234567'],
    [`0x${fingerprint}`, `0x${fingerprint}`],
  ])('as people write it: %s', (text, label) => {
    expect(pgp().parse(text).label).toBe(label);
  });

  test.each(['', '01234567', 'alice@example.invalid', '--output', `${fingerprint}0`, `${fingerprint}!!`, 'age1qqqq'])(
    'has the digits of a fingerprint: %s',
    (text) => {
      expect(problemOf(() => pgp().parse(text))).toEqual({
        code: 'bad-recipient',
        kind: 'pgp',
        text,
        reason: 'it is no OpenPGP fingerprint, which has 40 hexadecimal digits',
      });
    },
  );

  test('of a file is what the file says', () => {
    expect(pgp().read(entry({ fp: 'alice @example.invalid' }), 'a.yaml').label).toBe('alice@example.invalid');
  });

  test('of a file has a name', () => {
    expect(problemOf(() => pgp().read(entry({ fp: ' ' }), 'a.yaml'))).toEqual({
      code: 'bad-metadata',
      file: 'a.yaml',
      reason: 'an entry of pgp has no fp',
    });
  });

  test('of a file that is no fingerprint is never given to gpg', async () => {
    const { calls, run } = fakeGpg(finished('-----BEGIN PGP MESSAGE-----'));
    const wrapped = pgp()
      .read(entry({ fp: '--output' }), 'a.yaml')
      .wrap(new Uint8Array(32), '', keyWorld({ run }));
    const reason = 'it is no OpenPGP fingerprint, which has 40 hexadecimal digits';

    await expect(wrapped).rejects.toEqual(new SecError({ code: 'wrap-failed', label: '--output', reason, hint: null }));
    expect(calls).toEqual([]);
  });
});

describe('gpg is called', () => {
  const wrap = async (text: string, options: Parameters<typeof keyWorld>[0] = {}) => {
    const gpg = fakeGpg(finished('-----BEGIN PGP MESSAGE-----\n'));
    const stored = await pgp()
      .parse(text)
      .wrap(bytes('the data key'), '2026-01-02T03:04:05Z', keyWorld({ ...options, run: gpg.run }));
    return { stored, calls: gpg.calls };
  };

  test('to wrap, with the key on standard input', async () => {
    const { stored, calls } = await wrap(fingerprint, { env: { GNUPGHOME: '/home/gnupg' } });

    expect(calls).toEqual([
      {
        file: 'gpg',
        args: [
          '--status-fd 2 --batch --no-tty --no-auto-key-locate --no-textmode --no-default-recipient --yes --encrypt -a'.split(' '),
          ['-r', fingerprint, '--trusted-key', '89ABCDEF01234567', '--no-encrypt-to'],
        ].flat(),
        env: { HOME: '/nonexistent', PATH: process.env['PATH'], GNUPGHOME: '/home/gnupg' },
        input: bytes('the data key'),
      },
    ]);
    expect([...stored.fields]).toEqual([
      ['created_at', '2026-01-02T03:04:05Z'],
      ['enc', '-----BEGIN PGP MESSAGE-----'],
      ['fp', fingerprint],
    ]);
  });

  test('to wrap for a pinned subkey, which is the trusted one', async () => {
    const { calls } = await wrap(`${fingerprint}!`);

    expect(calls[0]?.args.slice(-5)).toEqual(['-r', `${fingerprint}!`, '--trusted-key', '89ABCDEF01234567!', '--no-encrypt-to']);
  });

  test.each([
    [{}, 'gpg'],
    [{ SOPS_GPG_EXEC: '/opt/gpg' }, '/opt/gpg'],
    [{ SOPS_GPG_EXEC: '/opt/gpg', SEC_GPG_EXEC: '/opt/gpg2' }, '/opt/gpg2'],
    [{ SOPS_GPG_EXEC: '/opt/gpg', SEC_GPG_EXEC: '' }, '/opt/gpg'],
  ])('by the name of a variable: %j', async (env, program) => {
    expect((await wrap(fingerprint, { env })).calls[0]?.file).toBe(program);
  });

  test('to open, once, and silently where there is no terminal', async () => {
    const gpg = fakeGpg(finished('the data key'));
    const unwrapped = await pgp()
      .parse(fingerprint)
      .unwrap(entry({ enc: 'a message\n' }), keyWorld({ run: gpg.run }));

    expect(unwrapped).toEqual({ opened: true, dataKey: bytes('the data key') });
    expect(gpg.calls.map(({ args, input }) => ({ args, input }))).toEqual([
      {
        args: ['--status-fd', '2', '--batch', '--no-tty', '--no-auto-key-retrieve', '--max-output', '4096', '-d'],
        input: bytes('a message'),
      },
    ]);
  });

  test.each([
    ['34816', '/dev/pts/0'],
    ['34820', '/dev/pts/4'],
    ['35073', '/dev/pts/257'],
    ['1025', '/dev/tty1'],
    ['0', undefined],
    ['1088', undefined],
  ])('with the name of the terminal in GPG_TTY: device %s is %s', async (device, name) => {
    const gpg = fakeGpg(finished('the data key'));
    const world = keyWorld({ run: gpg.run, terminal });
    const read = async (path: string) => bytes(path === '/proc/self/stat' ? `7 (a ) name) S 1 7 7 ${device} 7 0` : '');
    await pgp()
      .parse(fingerprint)
      .unwrap(entry({ enc: 'a message' }), { ...world, platform: 'linux', files: { ...world.files, read } });

    expect(gpg.calls[0]?.env?.['GPG_TTY']).toBe(name);
    expect(gpg.calls[0]?.args).toEqual(['--status-fd', '2', '--no-auto-key-retrieve', '--max-output', '4096', '-d']);
  });

  test('with the terminal that the user has named', async () => {
    const gpg = fakeGpg(finished('the data key'));
    const world = keyWorld({ run: gpg.run, terminal, env: { GPG_TTY: '/dev/pts/9' } });
    await pgp()
      .parse(fingerprint)
      .unwrap(entry({ enc: 'a message' }), world);

    expect(gpg.calls[0]?.env?.['GPG_TTY']).toBe('/dev/pts/9');
  });

  test('elsewhere with the terminal that ps names', async () => {
    const gpg = fakeGpg(finished('ttys003  \n'));
    const world = { ...keyWorld({ run: gpg.run, terminal }), platform: 'darwin' };
    await pgp()
      .parse(fingerprint)
      .unwrap(entry({ enc: 'a message' }), world);

    expect(gpg.calls.map(({ file }) => file)).toEqual(['sh', 'gpg']);
    expect(gpg.calls[1]?.env?.['GPG_TTY']).toBe('/dev/ttys003');
  });
});

describe('what gpg says about a smart card or an agent', () => {
  test.each([
    ['ERROR pkdecrypt_failed 100663408', 'unreachable', 'the smart card with the key is not there', 'gpg --card-status'],
    ['ERROR pkdecrypt_failed 100663426', 'denied', 'the PIN of the smart card is blocked', 'gpg --card-edit'],
    ['ERROR pkdecrypt_failed 119', 'unreachable', 'the smart card does not answer', 'gpgconf --kill scdaemon'],
    ['ERROR pkdecrypt_failed 67108941', 'unreachable', 'gpg-agent does not answer', 'gpgconf --kill gpg-agent'],
    ['ERROR pkdecrypt_failed 83918950', 'denied', 'gpg could not ask for the passphrase', 'export GPG_TTY=$(tty)'],
    ['ERROR pkdecrypt_failed 83886142', 'denied', 'nobody gave the passphrase in time', null],
    ['ERROR pkdecrypt_failed 84', 'wrong-key', 'gpg could not use the secret key (error 84)', null],
    ['', 'unreachable', 'gpg failed and did not say why', 'gpg --list-secret-keys'],
  ])('%s', async (line, reason, detail, hint) => {
    const { run } = fakeGpg(finished('', 2, line === '' ? 'gpg: oh\n' : `gpg: oh\n[GNUPG:] ${line}\n[GNUPG:] DECRYPTION_FAILED\n`));
    const unwrapped = await pgp()
      .parse(fingerprint)
      .unwrap(entry({ enc: 'a message' }), keyWorld({ run }));

    expect(unwrapped).toEqual({ opened: false, failure: { reason, detail, hint } });
  });
});

describe('where gpg is missing', () => {
  const run = () => Promise.reject(Object.assign(new Error('spawn gpg ENOENT'), { code: 'ENOENT' }));

  test('a file stays shut, and the way out is named', async () => {
    expect(
      await pgp()
        .parse(fingerprint)
        .unwrap(entry({ enc: 'a message' }), keyWorld({ run })),
    ).toEqual({
      opened: false,
      failure: {
        reason: 'no-key',
        detail: 'gpg is not installed, and no key file holds the secret key',
        hint: 'install gpg, or set SEC_PGP_KEY_FILE to a file with the key',
      },
    });
  });

  test('nobody has an identity, and nothing is opened in silence', async () => {
    expect(await pgp().identities(keyWorld({ run }))).toEqual([]);
    expect(
      await pgp()
        .parse(fingerprint)
        .unwrapQuietly?.(entry({ enc: 'a message' }), keyWorld({ run })),
    ).toBe(null);
  });

  test('an old key ring that cannot be read is no key ring', async () => {
    const home = mkdtempSync('/tmp/sec-pgp.');
    writeFileSync(join(home, 'secring.gpg'), 'not a key ring');
    const world = keyWorld({ run, env: { GNUPGHOME: home } });
    const unwrapped = await pgp()
      .parse(fingerprint)
      .unwrap(entry({ enc: 'a message' }), world);
    rmSync(home, { recursive: true });

    expect(unwrapped.opened).toBe(false);
    expect(world.warnings).toEqual([`${join(home, 'secring.gpg')} holds no OpenPGP key, or one that is damaged`]);
  });
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { StoredKey } from '../../src/core/metadata.ts';
import { age, generateIdentity } from '../../src/keys/age.ts';
import type { KeyWorld } from '../../src/keys/key.ts';
import { unwrapWithSsh, wrapForSsh } from '../../src/keys/age-ssh.ts';
import { inspectSshKey } from '../../src/keys/ssh-private.ts';
import { parseSshPublicKey } from '../../src/keys/ssh-public.ts';
import { fakeTerminal } from '../helpers/fake-terminal.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { need } from '../helpers/need.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const home = tempFolder();
afterAll(() => home.remove());
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);

function run(program: string, args: readonly string[], input: string | Uint8Array = ''): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { input });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.toString()}`);
  return stdout;
}

/** Makes a key pair. */
function makeKey(name: string, how: readonly string[]): void {
  run('ssh-keygen', ['-q', ...how, '-N', '', '-C', `${name} of eve`, '-f', home.at(name)]);
}

/** The private half of a pair in another form, without a public key beside it. */
function convert(pair: string, name: string, how: readonly string[], passphrase = ''): void {
  home.write(name, readFileSync(home.at(pair)));
  run('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, ...how, '-f', home.at(name)]);
}

function makeKeys(): void {
  for (const name of ['ed25519', 'stranger']) makeKey(name, ['-t', 'ed25519']);
  makeKey('rsa', ['-t', 'rsa', '-b', '2048']);
  makeKey('weak', ['-t', 'rsa', '-b', '1024']);
  makeKey('ecdsa', ['-t', 'ecdsa']);
  convert('rsa', 'rsa.pem', ['-m', 'PEM']);
  convert('rsa', 'rsa.p8', ['-m', 'PKCS8']);
  convert('ed25519', 'ed25519.locked', [], 'open sesame');
  convert('ed25519', 'ed25519.cbc', ['-Z', 'aes256-cbc'], 'open sesame');
  convert('ed25519', 'ed25519.gcm', ['-Z', 'aes256-gcm@openssh.com'], 'open sesame');
  convert('rsa', 'rsa.locked', [], 'open sesame');
  convert('rsa', 'rsa.locked.pem', ['-m', 'PEM'], 'open sesame');
  convert('rsa', 'rsa.locked.p8', ['-m', 'PKCS8'], 'open sesame');
  for (const name of ['ed25519', 'rsa.pem']) home.write(`${name}.damaged`, readFileSync(home.at(name), 'utf8').replace(/\n.{30}/, '\n'));
  home.write('notes', 'my password is hunter2');
}

function publicKey(path: string): string {
  return readFileSync(`${path}.pub`, 'utf8').trim();
}

async function lockFor(recipient: string): Promise<StoredKey> {
  return age().parse(recipient).wrap(dataKey, '', keyWorld());
}

async function open(stored: StoredKey, world: KeyWorld): Promise<unknown> {
  const unwrapped = await age().read(stored, 'a.yaml').unwrap(stored, world);
  if (!unwrapped.opened) return unwrapped.failure;
  return Buffer.compare(unwrapped.dataKey, dataKey) === 0 ? 'opened' : 'another data key';
}

describe.skipIf(!need('ssh-keygen', 'age'))('SSH keys', () => {
  beforeAll(makeKeys);
  const ed25519 = home.at('ed25519');
  const rsa = home.at('rsa');
  const stranger = home.at('stranger');

  const forms: readonly (readonly [what: string, path: string, pair: string])[] = [
    ['ed25519', ed25519, ed25519],
    ['RSA', rsa, rsa],
    ['RSA as PEM', home.at('rsa.pem'), rsa],
    ['RSA as PKCS #8', home.at('rsa.p8'), rsa],
  ];

  test('every id_* of ~/.ssh is looked at, and those that age cannot use stand in nobody’s way', async () => {
    const eve = tempFolder();
    onTestFinished(eve.remove);
    for (const [name, pair] of [
      ['id_work', ed25519],
      ['id_other', home.at('ecdsa')],
    ] as const)
      eve.write(`.ssh/${name}`, readFileSync(pair));
    eve.write('.ssh/id_notes', 'my password is hunter2');
    eve.write('.ssh/known_hosts', readFileSync(stranger));
    const world = keyWorld({ home: eve.path });

    expect(await open(await lockFor(publicKey(ed25519)), world)).toBe('opened');
    expect(await open(await lockFor(publicKey(stranger)), world)).toMatchObject({ reason: 'no-key' });
    expect(world.warnings).toEqual([]);
  });

  test.each(forms)('%s: age opens what we lock', async (_, __, pair) => {
    const enc = String((await lockFor(publicKey(pair))).fields.get('enc'));
    expect(new Uint8Array(run('age', ['-d', '-i', pair], enc))).toEqual(dataKey);
  });

  test.each(forms)('%s: opens what age locked', async (_, path, pair) => {
    const enc = run('age', ['-a', '-R', `${pair}.pub`], dataKey).toString();
    const stored = { kind: 'age', fields: new Map(Object.entries({ enc, recipient: publicKey(pair) })) };
    const world = keyWorld({ env: { SOPS_AGE_SSH_PRIVATE_KEY_FILE: path } });

    expect(await age().read(stored, 'a.yaml').unwrapQuietly?.(stored, world)).toEqual(dataKey);
    expect(await open(stored, world)).toBe('opened');
  });

  test.each(forms)('%s: a stanza with something else than a file key is refused', async (_, path, pair) => {
    const key = parseSshPublicKey(publicKey(pair));
    const own = await inspectSshKey(readFileSync(path, 'utf8')).open(null);
    if (typeof key === 'string' || own === null) throw new Error('no key');

    expect(await unwrapWithSsh(own, [await wrapForSsh(key, new Uint8Array(16))])).toHaveLength(16);
    const stanza = await wrapForSsh(key, new Uint8Array(15));
    await expect(unwrapWithSsh(own, [stanza])).rejects.toThrow(`invalid ${key.type} stanza`);
    const longer = await wrapForSsh(key, new Uint8Array(16));
    await expect(unwrapWithSsh(own, [{ ...longer, args: [...longer.args, 'x'] }])).rejects.toThrow(`invalid ${key.type} stanza`);
  });

  // K17 of sops-format.md §22.5
  test('the recipient is stored with its comment', async () => {
    const stored = await lockFor(` ${publicKey(ed25519)}\n`);
    expect([...stored.fields.keys()]).toEqual(['enc', 'recipient']);
    expect(stored.fields.get('recipient')).toBe(publicKey(ed25519));
    expect(publicKey(ed25519)).toMatch(/ ed25519 of eve$/);
  });

  test.each([
    ['id_ed25519', ed25519],
    ['id_rsa', rsa],
  ])('~/.ssh/%s is found by itself', async (name, pair) => {
    home.write(`home/.ssh/${name}`, readFileSync(pair));
    expect(await open(await lockFor(publicKey(pair)), keyWorld({ home: home.at('home') }))).toBe('opened');
  });

  test('a command may print one', async () => {
    const world = keyWorld({ env: { SEC_AGE_SSH_PRIVATE_KEY_CMD: `cat '${ed25519}'` } });
    expect(await open(await lockFor(publicKey(ed25519)), world)).toBe('opened');
  });

  const locked: readonly (readonly [what: string, path: string, pair: string])[] = [
    ['ed25519', home.at('ed25519.locked'), ed25519],
    ['ed25519 with another cipher', home.at('ed25519.cbc'), ed25519],
    ['RSA', home.at('rsa.locked'), rsa],
    ['RSA as PEM', home.at('rsa.locked.pem'), rsa],
    ['RSA as PKCS #8', home.at('rsa.locked.p8'), rsa],
  ];

  test.each(locked)('locked: %s asks for its passphrase once, again where it was wrong', async (_, path, pair) => {
    const person = fakeTerminal('wrong', 'open sesame');
    const world = keyWorld({ env: { SEC_AGE_SSH_PRIVATE_KEY_FILE: path }, terminal: person });
    const stored = await lockFor(publicKey(pair));

    expect(await age().read(stored, 'a.yaml').unwrapQuietly?.(stored, world)).toBeNull();
    expect([await open(stored, world), await open(stored, world)]).toEqual(['opened', 'opened']);
    expect(await age().read(stored, 'a.yaml').unwrapQuietly?.(stored, world)).toEqual(dataKey);
    const question = `passphrase of SEC_AGE_SSH_PRIVATE_KEY_FILE (${path})`;
    expect(person.asked).toEqual([question, `that was not it, once more: ${question}`]);
  });

  test('a locked key is not asked for where it cannot fit, by its own words or those of a file beside it', async () => {
    const person = fakeTerminal();
    home.write('beside.pem', readFileSync(home.at('rsa.locked.pem')));
    home.write('beside.pem.pub', `${publicKey(rsa)}\n`);
    for (const path of [home.at('ed25519.locked'), home.at('beside.pem')]) {
      const world = keyWorld({ env: { SEC_AGE_SSH_PRIVATE_KEY_FILE: path }, terminal: person });
      expect(await open(await lockFor(publicKey(stranger)), world)).toMatchObject({ reason: 'no-key' });
    }
    expect(person.asked).toEqual([]);
  });

  test('a locked key is not asked for where the entry is for no SSH key', async () => {
    const person = fakeTerminal();
    const { recipient } = await generateIdentity(new Date(0));
    const world = keyWorld({ env: { SEC_AGE_SSH_PRIVATE_KEY_FILE: home.at('rsa.locked.pem') }, terminal: person });
    expect(await open(await lockFor(recipient), world)).toMatchObject({ reason: 'no-key' });
    expect(person.asked).toEqual([]);
  });

  test('a stranger’s key says where it looked', async () => {
    expect(await open(await lockFor(publicKey(stranger)), keyWorld({ home: '/home/eve' }))).toEqual({
      reason: 'no-key',
      detail:
        'no SSH key for it in SEC_AGE_SSH_PRIVATE_KEY_FILE, SEC_AGE_SSH_PRIVATE_KEY_CMD (or the same with SOPS_) or /home/eve/.ssh/id_ed25519 or /home/eve/.ssh/id_rsa',
      hint: null,
    });
  });

  test.each([
    [
      'a cipher that only ssh knows',
      'ed25519.gcm',
      'is encrypted with aes256-gcm@openssh.com',
      'change that with: ssh-keygen -p -Z aes256-ctr -f <file>',
    ],
    ['another kind of key', 'ecdsa', 'cannot be used: age takes ssh-ed25519 and ssh-rsa keys only', null],
    ['a weak key', 'weak', 'cannot be used: the RSA key has less than 2048 bits', null],
    ['another file', 'notes', 'is no SSH private key that age can use', null],
    ['a damaged key', 'ed25519.damaged', 'is damaged', null],
    ['a damaged PEM', 'rsa.pem.damaged', 'is damaged', null],
  ])('%s is named', async (_, name, message, hint) => {
    const world = keyWorld({ env: { SEC_AGE_SSH_PRIVATE_KEY_FILE: home.at(name) }, terminal: fakeTerminal('open sesame') });
    expect(await open(await lockFor(publicKey(ed25519)), world)).toEqual({
      reason: 'bad-key-file',
      detail: `SEC_AGE_SSH_PRIVATE_KEY_FILE (${home.at(name)}) ${message}`,
      hint,
    });
  });

  test('a locked key that a command prints is named', async () => {
    const world = keyWorld({ env: { SEC_AGE_SSH_PRIVATE_KEY_CMD: `cat '${home.at('rsa.locked')}'` }, terminal: fakeTerminal() });
    expect(await open(await lockFor(publicKey(rsa)), world)).toEqual({
      reason: 'bad-key-file',
      detail: 'the command of SEC_AGE_SSH_PRIVATE_KEY_CMD prints a key that is locked with a passphrase',
      hint: null,
    });
  });

  test('the user’s own keys go by their places', async () => {
    home.write('labels/.ssh/id_ed25519', readFileSync(home.at('ed25519.locked')));
    const world = keyWorld({ home: home.at('labels'), env: { SEC_AGE_SSH_PRIVATE_KEY_FILE: home.at('rsa.locked.p8') } });
    expect(await age().identities(world)).toEqual([
      `SEC_AGE_SSH_PRIVATE_KEY_FILE (${home.at('rsa.locked.p8')})`,
      `${home.at('labels/.ssh/id_ed25519')} (ssh-ed25519)`,
    ]);
  });
});

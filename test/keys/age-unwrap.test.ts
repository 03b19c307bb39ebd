import { armor, Encrypter } from 'age-encryption';
import { afterAll, describe, expect, test } from 'vitest';
import type { Finished, Program } from '../../src/context.ts';
import type { StoredKey } from '../../src/core/metadata.ts';
import { generateX25519 } from '../../src/keys/age-file.ts';
import { encodeBech32 } from '../../src/keys/bech32.ts';
import { age } from '../../src/keys/age.ts';
import type { KeyWorld } from '../../src/keys/key.ts';
import { keyWorld, type KeyWorldOptions } from '../helpers/key-world.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const home = tempFolder();
afterAll(() => home.remove());

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const alice = await generateX25519();
const bob = await generateX25519();
const carol = await generateX25519();
const forAlice = await age().parse(alice.recipient).wrap(dataKey, '', keyWorld());

/** Unwraps by all means, and says what came of it in one word or one failure. */
async function open(stored: StoredKey, world: KeyWorld): Promise<unknown> {
  const unwrapped = await age().read(stored, 'a.yaml').unwrap(stored, world);
  return unwrapped.opened ? 'opened' : unwrapped.failure;
}

async function openWith(options: KeyWorldOptions): Promise<{ result: unknown; warnings: readonly string[] }> {
  const world = keyWorld({ home: home.path, ...options });
  return { result: await open(forAlice, world), warnings: world.warnings };
}

const opened = { result: 'opened', warnings: [] };

describe('identities come from', () => {
  test('a variable', async () => {
    expect(await openWith({ env: { SOPS_AGE_KEY: alice.identity } })).toEqual(opened);
  });

  // K7 of sops-format.md §22.5
  test('a variable with two keys on one line', async () => {
    expect(await openWith({ env: { SOPS_AGE_KEY: `${bob.identity} ${alice.identity}` } })).toEqual(opened);
  });

  test('a variable with comments, empty lines and space before a key', async () => {
    expect(await openWith({ env: { SOPS_AGE_KEY: `# created: today\n\n   ${alice.identity}\n` } })).toEqual(opened);
  });

  test('a file', async () => {
    const path = home.write('alice.txt', `# public key: ${alice.recipient}\n${alice.identity}\n`);
    expect(await openWith({ env: { SOPS_AGE_KEY_FILE: path } })).toEqual(opened);
  });

  test('a file with the line ends of Windows', async () => {
    const path = home.write('windows.txt', `# public key\r\n\r\n${alice.identity}\r\n`);
    expect(await openWith({ env: { SOPS_AGE_KEY_FILE: path } })).toEqual(opened);
  });

  test('the file in the configuration folder', async () => {
    home.write('config/sops/age/keys.txt', `${alice.identity}\n`);
    expect(await openWith({ env: { XDG_CONFIG_HOME: home.at('config') } })).toEqual(opened);
  });

  test('the file in the configuration folder while another place has other ones', async () => {
    home.write('config/sops/age/keys.txt', `${alice.identity}\n`);
    expect(await openWith({ env: { XDG_CONFIG_HOME: home.at('config'), SOPS_AGE_KEY: bob.identity } })).toEqual(opened);
  });

  test('a command, split as a shell would and told the recipient', async () => {
    const seen: Program[] = [];
    const run = (program: Program): Promise<Finished> => {
      seen.push(program);
      return Promise.resolve({ status: 0, signal: null, stdout: Buffer.from(`${alice.identity}\n`), stderr: Buffer.from('') });
    };
    const result = await openWith({ env: { SOPS_AGE_KEY_CMD: `pass 'my key' "$HOME" a\\ b` }, run });

    expect(result).toEqual(opened);
    expect(seen.map(({ file, args, env }) => [file, ...args, env?.['SOPS_AGE_RECIPIENT']])).toEqual([
      ['pass', 'my key', '$HOME', 'a b', alice.recipient],
    ]);
  });
});

describe('a bad line costs one warning and not the other identities', () => {
  // K8 of sops-format.md §22.5, where sops leaves out the whole file
  test.each([
    ['space before a key', ` ${bob.identity}`, 'space stands before the key'],
    ['two keys on a line', `${bob.identity} ${carol.identity}`, 'the key is damaged: its checksum does not match'],
    ['a comment behind a key', `${bob.identity} # bob`, 'the key is damaged: its checksum does not match'],
    [
      'a changed character',
      bob.identity.replace(/.$/, (last) => (last === 'Q' ? 'P' : 'Q')),
      'the key is damaged: its checksum does not match',
    ],
    ['lower case', bob.identity.toLowerCase(), 'it is no age identity'],
    ['a recipient', bob.recipient, 'it is no age identity'],
  ])('%s', async (_, line, reason) => {
    const path = home.write('bad.txt', `# keys\n${line}\n${alice.identity}\n`);
    expect(await openWith({ env: { SOPS_AGE_KEY_FILE: path } })).toEqual({
      result: 'opened',
      warnings: [`SOPS_AGE_KEY_FILE (${path}), line 2, was left out: ${reason}`],
    });
  });

  test('in a variable', async () => {
    expect(await openWith({ env: { SEC_AGE_KEY: `oops ${alice.identity} oops` } })).toEqual({
      result: 'opened',
      warnings: ['SEC_AGE_KEY, line 1, was left out: it is no age identity'],
    });
  });

  test('once a command, however many files it opens', async () => {
    const world = keyWorld({ home: home.path, env: { SEC_AGE_KEY: `oops ${alice.identity}` } });
    expect([await open(forAlice, world), await open(forAlice, world)]).toEqual(['opened', 'opened']);
    expect(world.warnings).toEqual(['SEC_AGE_KEY, line 1, was left out: it is no age identity']);
  });
});

describe('an entry that stays shut says why', () => {
  test('there is no identity at all', async () => {
    expect(await openWith({})).toEqual({
      result: {
        reason: 'no-key',
        detail: `no age identity in SEC_AGE_KEY, SEC_AGE_KEY_FILE, SEC_AGE_KEY_CMD (or the same with SOPS_) or ${home.path}/.config/sops/age/keys.txt`,
        hint: 'make one with: sec init',
      },
      warnings: [],
    });
  });

  test('the identities are for other files', async () => {
    expect(await openWith({ env: { SEC_AGE_KEY: bob.identity } })).toEqual({
      result: { reason: 'wrong-key', detail: '', hint: null },
      warnings: [],
    });
    expect(await openWith({ env: { SEC_AGE_KEY: `${bob.identity} ${carol.identity}` } })).toEqual({
      result: { reason: 'wrong-key', detail: 'it is for none of your 2 age identities', hint: null },
      warnings: [],
    });
  });

  test.each([
    ['a file that is not there', { SEC_AGE_KEY_FILE: '/nonexistent/k.txt' }, 'SEC_AGE_KEY_FILE (/nonexistent/k.txt) does not exist'],
    ['a folder for a file', { SEC_AGE_KEY_FILE: '/' }, 'SEC_AGE_KEY_FILE (/) cannot be read (EISDIR)'],
    ['a command that fails', { SEC_AGE_KEY_CMD: 'false' }, 'the command of SEC_AGE_KEY_CMD ended with status 1'],
    ['a command that is not there', { SEC_AGE_KEY_CMD: '/nonexistent/pass' }, 'the command of SEC_AGE_KEY_CMD cannot be run (ENOENT)'],
    ['a command without an end', { SEC_AGE_KEY_CMD: "pass 'my key" }, 'SEC_AGE_KEY_CMD has a quote that is not closed'],
    ['an empty command', { SEC_AGE_KEY_CMD: ' ' }, 'SEC_AGE_KEY_CMD names no command'],
    [
      'another identity and a missing file',
      { SEC_AGE_KEY: bob.identity, SEC_AGE_KEY_FILE: '/nonexistent/k.txt' },
      'SEC_AGE_KEY_FILE (/nonexistent/k.txt) does not exist',
    ],
  ])('%s', async (_, env, detail) => {
    expect(await openWith({ env })).toEqual({ result: { reason: 'bad-key-file', detail, hint: null }, warnings: [] });
  });

  test('all lines of a file are bad', async () => {
    const path = home.write('worst.txt', 'my password is hunter2\n');
    expect(await openWith({ env: { SEC_AGE_KEY_FILE: path } })).toEqual({
      result: { reason: 'bad-key-file', detail: `SEC_AGE_KEY_FILE (${path}) holds no usable identity`, hint: null },
      warnings: [`SEC_AGE_KEY_FILE (${path}), line 1, was left out: it is no age identity`],
    });
  });

  test.each([
    ['no text', null, 'what is stored for it is damaged'],
    ['another text', 'hello', 'what is stored for it is damaged'],
    ['damaged armor', '-----BEGIN AGE ENCRYPTED FILE-----\n!\n-----END AGE ENCRYPTED FILE-----\n', 'what is stored for it is no age file'],
  ])('the entry holds %s', async (_, enc, detail) => {
    const stored = { kind: 'age', fields: new Map(Object.entries({ enc, recipient: alice.recipient })) };
    const world = keyWorld({ env: { SEC_AGE_KEY: alice.identity } });
    const missing = enc === null ? 'what is stored for it is no age file' : detail;
    expect(await open(stored, world)).toEqual({ reason: 'malformed', detail: missing, hint: null });
  });

  test('the entry was changed behind its header', async () => {
    const lines = String(forAlice.fields.get('enc')).split('\n');
    const at = lines.length - 3;
    const changed = lines.map((line, i) => (i === at ? line.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) : line)).join('\n');
    const stored = { kind: 'age', fields: new Map(Object.entries({ enc: changed, recipient: alice.recipient })) };
    expect(await open(stored, keyWorld({ env: { SEC_AGE_KEY: alice.identity } }))).toEqual({
      reason: 'malformed',
      detail: 'what is stored for it is damaged',
      hint: null,
    });
  });
});

describe('what needs a plugin', () => {
  /** An entry with such a stanza. */
  async function entryWith(kind: string): Promise<StoredKey> {
    const encrypter = new Encrypter();
    encrypter.addRecipient({ wrapFileKey: () => [{ args: [kind, 'x'], body: new Uint8Array(32) }] });
    const enc = armor.encode(await encrypter.encrypt(dataKey));
    return { kind: 'age', fields: new Map(Object.entries({ enc, recipient: 'age1yubikey1…' })) };
  }

  test('is named where the entry is for one', async () => {
    const world = keyWorld({ home: home.path, env: { SEC_AGE_KEY: alice.identity } });
    expect(await open(await entryWith('piv-p256'), world)).toEqual({
      reason: 'no-key',
      detail: 'no identity of an age plugin for it',
      hint: null,
    });
  });

  test('is not suspected where an entry has grease', async () => {
    const world = keyWorld({ home: home.path, env: { SEC_AGE_KEY: alice.identity } });
    expect(await open(await entryWith('x9-grease'), world)).toEqual({ reason: 'wrong-key', detail: '', hint: null });
  });

  test('is named where it is the only identity', async () => {
    const result = await openWith({ env: { SEC_AGE_KEY: encodeBech32('AGE-PLUGIN-YUBIKEY-', new Uint8Array(4)) } });
    expect(result).toEqual({
      result: { reason: 'wrong-key', detail: 'your identities need age plugins, and it is for none', hint: null },
      warnings: [],
    });
  });

  test('stands in nobody’s way', async () => {
    const plugin = encodeBech32('AGE-PLUGIN-YUBIKEY-', new Uint8Array(4));
    expect(await openWith({ env: { SEC_AGE_KEY: `${plugin} ${alice.identity}` } })).toEqual(opened);
    expect(await age().identities(keyWorld({ home: home.path, env: { SEC_AGE_KEY: plugin } }))).toEqual([
      'an identity of age-plugin-yubikey',
    ]);
  });
});

describe('opening quietly', () => {
  test('runs no command', async () => {
    const run = (): Promise<Finished> => Promise.reject(new Error('a command was run'));
    const world = keyWorld({ home: home.path, env: { SEC_AGE_KEY_CMD: 'pass', SEC_AGE_SSH_PRIVATE_KEY_CMD: 'pass' }, run });
    expect(await age().read(forAlice, 'a.yaml').unwrapQuietly?.(forAlice, world)).toBeNull();
  });

  test('gives nothing for a damaged entry', async () => {
    const stored = { kind: 'age', fields: new Map(Object.entries({ enc: 'hello', recipient: alice.recipient })) };
    const world = keyWorld({ env: { SEC_AGE_KEY: alice.identity } });
    expect(await age().read(stored, 'a.yaml').unwrapQuietly?.(stored, world)).toBeNull();
  });
});

test('an entry opens whatever is written as its recipient, as in sops', async () => {
  const world = keyWorld({ env: { SEC_AGE_KEY: alice.identity } });
  const enc = forAlice.fields.get('enc') ?? null;
  expect(await open({ kind: 'age', fields: new Map([['enc', enc]]) }, world)).toBe('opened');
  expect(await open({ kind: 'age', fields: new Map(Object.entries({ enc, recipient: 'age1garbage' })) }, world)).toBe('opened');
});

test('the user’s own identities go by their public names', async () => {
  const locked = home.write('named.age', '-----BEGIN AGE ENCRYPTED FILE-----\n');
  const env = { SEC_AGE_KEY: `${alice.identity} ${bob.identity}`, SEC_AGE_KEY_FILE: locked, SOPS_AGE_KEY_CMD: 'pass' };
  const run = (): Promise<Finished> => Promise.reject(new Error('a command was run'));
  expect(await age().identities(keyWorld({ home: home.path, env, run }))).toEqual([
    alice.recipient,
    bob.recipient,
    `SEC_AGE_KEY_FILE (${locked}) (locked with a passphrase)`,
    'SOPS_AGE_KEY_CMD (a command)',
  ]);
});

import { readFileSync } from 'node:fs';
import { armor, Encrypter } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finished } from '../../src/context.ts';
import type { StoredKey } from '../../src/core/metadata.ts';
import { generateX25519 } from '../../src/keys/age-file.ts';
import { age } from '../../src/keys/age.ts';
import type { KeyWorld } from '../../src/keys/key.ts';
import { fakeTerminal } from '../helpers/fake-terminal.ts';
import { keyWorld, type KeyWorldOptions } from '../helpers/key-world.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const home = tempFolder();
afterAll(() => home.remove());

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const alice = await generateX25519();
const bob = await generateX25519();
const forAlice = await age().parse(alice.recipient).wrap(dataKey, '', keyWorld());
const forBob = await age().parse(bob.recipient).wrap(dataKey, '', keyWorld());

let path: string;
let question: string;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  const binary = await lock(`# alice\n${alice.identity}\n`, 'open sesame');
  path = home.write('locked.age', armor.encode(binary));
  home.write('locked.bin', binary);
  env = { SEC_AGE_KEY_FILE: path };
  question = `passphrase of SEC_AGE_KEY_FILE (${path})`;
});

async function lock(text: string, passphrase: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(4);
  return encrypter.encrypt(text);
}

async function open(stored: StoredKey, world: KeyWorld): Promise<unknown> {
  const unwrapped = await age().read(stored, 'a.yaml').unwrap(stored, world);
  return unwrapped.opened ? 'opened' : unwrapped.failure;
}

async function openWith(options: KeyWorldOptions): Promise<{ result: unknown; warnings: readonly string[] }> {
  const world = keyWorld({ home: home.path, ...options });
  return { result: await open(forAlice, world), warnings: world.warnings };
}

const opened = { result: 'opened', warnings: [] };

test('identities under a passphrase are asked for once a command, for many files', async () => {
  const person = fakeTerminal('open sesame');
  const world = keyWorld({ home: home.path, env, terminal: person });

  expect(await Promise.all([open(forAlice, world), open(forAlice, world), open(forAlice, world)])).toEqual(['opened', 'opened', 'opened']);
  expect(await age().read(forAlice, 'a.yaml').unwrapQuietly?.(forAlice, world)).toEqual(dataKey);
  expect(person.asked).toEqual([question]);
});

test('identities under a passphrase may be binary, and stand in a variable', async () => {
  const person = fakeTerminal('open sesame');
  expect(await openWith({ env: { SEC_AGE_KEY_FILE: home.at('locked.bin') }, terminal: person })).toEqual(opened);
  expect(await openWith({ env: { SEC_AGE_KEY: readFileSync(path, 'utf8') }, terminal: fakeTerminal('open sesame') })).toEqual(opened);
});

test('identities under a passphrase are asked for again after a wrong passphrase, three times in all', async () => {
  const person = fakeTerminal('one', 'two', 'open sesame');
  const again = `that was not it, once more: ${question}`;
  expect(await openWith({ env, terminal: person })).toEqual(opened);
  expect(person.asked).toEqual([question, again, again]);

  const wrong = fakeTerminal('one', 'two', 'three', 'open sesame');
  expect(await openWith({ env, terminal: wrong })).toEqual({
    result: { reason: 'bad-key-file', detail: `the passphrase of SEC_AGE_KEY_FILE (${path}) was wrong`, hint: null },
    warnings: [],
  });
  expect(wrong.asked.length).toBe(3);
});

test('identities under a passphrase are not asked for where nobody is there', async () => {
  expect(await openWith({ env })).toEqual({
    result: {
      reason: 'bad-key-file',
      detail: `SEC_AGE_KEY_FILE (${path}) is locked with a passphrase, and there is no terminal to ask for it`,
      hint: 'run it in a terminal, or give an identity without passphrase in SEC_AGE_KEY',
    },
    warnings: [],
  });
});

test('identities under a passphrase are not asked for where another identity opens the entry', async () => {
  const person = fakeTerminal();
  expect(await openWith({ env: { ...env, SEC_AGE_KEY: alice.identity }, terminal: person })).toEqual(opened);
  const run = (): Promise<Finished> =>
    Promise.resolve({ status: 0, signal: null, stdout: Buffer.from(alice.identity), stderr: Buffer.from('') });
  expect(await openWith({ env: { ...env, SEC_AGE_KEY_CMD: 'pass' }, terminal: person, run })).toEqual(opened);
  expect(person.asked).toEqual([]);
});

test('identities under a passphrase end the command where the person does', async () => {
  const world = keyWorld({ home: home.path, env, terminal: fakeTerminal() });
  await expect(open(forAlice, world)).rejects.toThrow('interrupted');
});

test('identities under a passphrase are no file of identities where no passphrase locks them', async () => {
  const other = home.write('other.age', String(forBob.fields.get('enc')));
  const person = fakeTerminal('open sesame');
  expect(await openWith({ env: { SEC_AGE_KEY_FILE: other }, terminal: person })).toEqual({
    result: { reason: 'bad-key-file', detail: `SEC_AGE_KEY_FILE (${other}) is no file of identities`, hint: null },
    warnings: [],
  });
  expect(person.asked).toEqual([]);
});

test('identities under a passphrase cost one warning for a bad line too', async () => {
  const mixed = home.write('mixed.age', await lock(`oops\n${alice.identity}\n`, 'p'));
  expect(await openWith({ env: { SEC_AGE_KEY_FILE: mixed }, terminal: fakeTerminal('p') })).toEqual({
    result: 'opened',
    warnings: [`SEC_AGE_KEY_FILE (${mixed}), line 1, was left out: it is no age identity`],
  });
});

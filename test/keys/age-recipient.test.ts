import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRecipient } from '../../src/keys/age-recipient.ts';
import { encodeBech32 } from '../../src/keys/bech32.ts';
import { encodeSshFields } from '../../src/keys/ssh-public.ts';
import { problemOf } from '../helpers/problem.ts';

const x25519 = encodeBech32('age', new Uint8Array(32).fill(9));
const vector = (name: string): { recipient: string } =>
  JSON.parse(readFileSync(new URL(`../vectors/age/${name}.json`, import.meta.url), 'utf8')) as { recipient: string };
const ed25519 = vector('ssh-ed25519').recipient;
const rsa = vector('ssh-rsa').recipient;
const smallRsa = encodeSshFields([
  Buffer.from('ssh-rsa'),
  Uint8Array.of(1, 0, 1),
  Buffer.concat([Uint8Array.of(0), Buffer.alloc(255, 255)]),
]);
const smallest = encodeSshFields([
  Buffer.from('ssh-rsa'),
  Uint8Array.of(1, 0, 1),
  Buffer.concat([Uint8Array.of(0), Buffer.alloc(256, 255)]),
]);

test.each([
  ['X25519', x25519, { kind: 'native', text: x25519 }],
  ['hybrid post-quantum', vector('post-quantum').recipient, { kind: 'native', text: vector('post-quantum').recipient }],
  // from the documentation of age
  ['a tag', 'age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e', { kind: 'native' }],
  ['a plugin', encodeBech32('age1yubikey', new Uint8Array(33)), { kind: 'plugin', plugin: 'yubikey' }],
  ['a plugin with a 1 in its name', encodeBech32('age1a1b', new Uint8Array(3)), { kind: 'plugin', plugin: 'a1b' }],
  ['ssh-ed25519', ed25519, { kind: 'ssh', key: { type: 'ssh-ed25519' } }],
  ['ssh-rsa', rsa, { kind: 'ssh', key: { type: 'ssh-rsa' } }],
  ['the smallest RSA', `ssh-rsa ${Buffer.from(smallest).toString('base64')}`, { kind: 'ssh', key: { type: 'ssh-rsa' } }],
])('reads %s', (_, text, recipient) => {
  expect(parseRecipient(text)).toMatchObject(recipient);
});

test('space around a recipient is not part of it, and an SSH comment is', () => {
  expect(parseRecipient(`  ${x25519}\t`).text).toBe(x25519);
  expect(parseRecipient(` ${ed25519} eve@example.com laptop\n`).text).toBe(`${ed25519} eve@example.com laptop`);
});

const secret = 'AGE-SECRET-KEY-1QQQQ';

const cutRsa = `ssh-rsa ${Buffer.from(smallest.subarray(0, -1)).toString('base64')}`;

test.each([
  ['an RSA key that is cut short', cutRsa, cutRsa, 'the key is cut short or damaged'],
  ['another word', 'alice', 'alice', 'an age recipient begins with age1, ssh-ed25519 or ssh-rsa'],
  ['nothing', '', '', 'an age recipient begins with age1, ssh-ed25519 or ssh-rsa'],
  ['upper case', x25519.toUpperCase(), x25519.toUpperCase(), 'an age recipient begins with age1, ssh-ed25519 or ssh-rsa'],
  ['a missing character', x25519.slice(0, -1), x25519.slice(0, -1), 'a character is missing or wrong: its checksum does not match'],
  [
    'a key that is too short',
    encodeBech32('age', new Uint8Array(31)),
    encodeBech32('age', new Uint8Array(31)),
    'it holds 31 bytes, not 32',
  ],
  ['another kind of SSH key', 'ssh-dss AAAA', 'ssh-dss AAAA', 'age takes ssh-ed25519 and ssh-rsa keys only'],
  ['an SSH key without its key', 'ssh-ed25519', 'ssh-ed25519', 'the key is not base64'],
  ['an SSH key that is cut short', 'ssh-ed25519 AAAA', 'ssh-ed25519 AAAA', 'the key is cut short or damaged'],
  [
    'an SSH key under another name',
    `ssh-rsa ${ed25519.slice(12)}`,
    `ssh-rsa ${ed25519.slice(12)}`,
    'the key itself is of another kind, ssh-ed25519',
  ],
  [
    'a weak RSA key',
    `ssh-rsa ${Buffer.from(smallRsa).toString('base64')}`,
    `ssh-rsa ${Buffer.from(smallRsa).toString('base64')}`,
    'the RSA key has less than 2048 bits',
  ],
  [
    'a secret key, without showing it',
    secret,
    '(a secret key)',
    'this is a secret key; give its public key, which begins with age1 or ssh-',
  ],
  [
    'a private SSH key, without showing it',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    '(a secret key)',
    'this is a secret key; give its public key, which begins with age1 or ssh-',
  ],
])('refuses %s', (_, written, text, reason) => {
  expect(problemOf(() => parseRecipient(written))).toEqual({ code: 'bad-recipient', kind: 'age', text, reason });
});

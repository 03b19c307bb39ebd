import { expect, test } from 'vitest';
import { readAgeHeader } from '../../src/keys/age-header.ts';

const share = 'A'.repeat(43);
const mac = 'B'.repeat(42) + 'A';
const full = 'C'.repeat(64);

/** A file of these header lines, with a payload behind. */
function file(...lines: readonly string[]): Uint8Array {
  return Buffer.from(['age-encryption.org/v1', ...lines, 'payload'].join('\n'));
}

test('reads stanzas, MAC and payload', () => {
  const bytes = file(`-> X25519 ${share}`, 'AAAA', '-> other', full, '', `--- ${mac}`);
  const header = readAgeHeader(bytes);

  expect(header?.stanzas.map(({ args, body }) => [...args, body.length])).toEqual([
    ['X25519', share, 3],
    ['other', 48],
  ]);
  expect(header?.mac).toEqual(Buffer.from(mac, 'base64'));
  expect(Buffer.from(header?.authenticated ?? []).toString()).toBe(bytes.toString().slice(0, bytes.toString().indexOf(` ${mac}`)));
  expect(Buffer.from(header?.payload ?? []).toString()).toBe('payload');
});

test.each([
  ['nothing', new Uint8Array()],
  ['another version', Buffer.from(`age-encryption.org/v2\n-> a\n\n--- ${mac}\n`)],
  ['no stanza', file(`--- ${mac}`)],
  ['a stanza without a body', file('-> a', `--- ${mac}`)],
  ['a stanza without a kind', file('->', 'AAAA', `--- ${mac}`)],
  ['a word that is empty', file('-> a  b', 'AAAA', `--- ${mac}`)],
  ['a word with another character', file('-> ä', 'AAAA', `--- ${mac}`)],
  ['a line in place of a stanza', file('-> a', 'AAAA', 'AAAA', `--- ${mac}`)],
  ['a body line that is too long', file('-> a', `${full}AAAA`, `--- ${mac}`)],
  ['a body that ends with a full line', file('-> a', full, `--- ${mac}`)],
  ['a body with padding', file('-> a', 'AA==', `--- ${mac}`)],
  ['a body with bits left over', file('-> a', 'AB', `--- ${mac}`)],
  ['a body that is no base64', file('-> a', 'A!AA', `--- ${mac}`)],
  ['no MAC', file('-> a', 'AAAA')],
  ['a short MAC', file('-> a', 'AAAA', '--- AAAA')],
  ['a MAC with bits left over', file('-> a', 'AAAA', `--- ${'B'.repeat(43)}`)],
  ['the line ends of Windows', Buffer.from(file('-> a', 'AAAA', `--- ${mac}`).toString().replaceAll('\n', '\r\n'))],
  ['a MAC whose line has no end', Buffer.from(`age-encryption.org/v1\n-> a\nAAAA\n--- ${mac}`)],
])('refuses %s', (_, bytes) => {
  expect(readAgeHeader(bytes)).toBeNull();
});

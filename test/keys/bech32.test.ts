import { bech32 } from '@scure/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBech32, encodeBech32 } from '../../src/keys/bech32.ts';

const prefixes = fc.constantFrom('age', 'age1pq', 'age-secret-key-', 'age-plugin-a1b-');

test('writes what @scure/base writes, and reads it back', () => {
  fc.assert(
    fc.property(prefixes, fc.uint8Array({ maxLength: 200 }), (prefix, bytes) => {
      const text = encodeBech32(prefix, bytes);
      expect(text).toBe(bech32.encode(prefix, bech32.toWords(bytes), false));
      expect(decodeBech32(text)).toEqual({ prefix, bytes });
      expect(decodeBech32(text.toUpperCase())).toEqual({ prefix: prefix.toUpperCase(), bytes });
    }),
  );
});

test('writes in the case of the prefix', () => {
  expect(encodeBech32('AGE-SECRET-KEY-', new Uint8Array(2))).toMatch(/^AGE-SECRET-KEY-1[A-Z0-9]+$/);
});

test('agrees with @scure/base on texts with a changed character', () => {
  const changes = fc.tuple(fc.nat(60), fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7lbio1 Q!'));
  fc.assert(
    fc.property(prefixes, fc.uint8Array({ minLength: 32, maxLength: 32 }), changes, (prefix, bytes, [at, character]) => {
      const text = encodeBech32(prefix, bytes);
      const changed = text.slice(0, at) + character + text.slice(at + 1);
      const expected = bech32.decodeUnsafe(changed, false);
      expect(decodeBech32(changed)?.bytes).toEqual(expected === undefined ? undefined : bech32.fromWordsUnsafe(expected.words));
    }),
  );
});

test.each([
  ['nothing', ''],
  ['no separator', 'agexyz'],
  ['nothing before the separator', '1qqqqqqq'],
  ['a checksum that is too short', 'age1qqqqq'],
  ['mixed case', 'age1QQQQQQQQQQ'],
  // from the list of BIP 173
  ['a character below space in the prefix', '\x201nwldj5'],
  ['a wrong checksum', 'A1G7SGD8'],
  ['a character that is none of the 32', 'x1b4n0q5v'],
])('refuses %s', (_, text) => {
  expect(decodeBech32(text)).toBeNull();
});

test('refuses bits that are left over', () => {
  const words = [...bech32.toWords(new Uint8Array(1)), 0];
  expect(decodeBech32(bech32.encode('age', words, false))).toBeNull();
  expect(decodeBech32(bech32.encode('age', [31, 31], false))).toBeNull();
});

import { expect, test } from 'vitest';
import { crc32c } from '../../src/keys/crc32c.ts';

/** RFC 3720, B.4, and the check value of the catalogue of checksums. */
test.each([
  ['123456789', Buffer.from('123456789'), 0xe3_06_92_83],
  ['nothing', Buffer.alloc(0), 0],
  ['32 zeros', Buffer.alloc(32), 0x8a_91_36_aa],
  ['32 ones', Buffer.alloc(32, 0xff), 0x62_a8_ab_43],
])('of %s', (_, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});

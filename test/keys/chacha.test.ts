import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openBox, sealBox } from '../../src/keys/chacha.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const nonce = fc.uint8Array({ minLength: 12, maxLength: 12 });

test('boxes are those of @noble/ciphers', async () => {
  await fc.assert(
    fc.asyncProperty(key, nonce, fc.uint8Array(), async (k, n, text) => {
      const box = await sealBox(k, n, text);
      expect(box).toEqual(chacha20poly1305(k, n).encrypt(text));
      expect(await openBox(k, n, box)).toEqual(text);
    }),
  );
});

test('a box with a changed bit, or cut short, does not open', async () => {
  await fc.assert(
    fc.asyncProperty(key, nonce, fc.uint8Array(), fc.tuple(fc.nat(), fc.nat(7)), async (k, n, text, [at, bit]) => {
      const box = await sealBox(k, n, text);
      const changed = box.map((byte, index) => (index === at % box.length ? byte ^ (1 << bit) : byte));
      expect(await openBox(k, n, changed)).toBeNull();
      expect(await openBox(k, n, box.subarray(0, at % box.length))).toBeNull();
    }),
  );
});

import { createCipheriv, createDecipheriv } from 'node:crypto';

const TAG_LENGTH = 16;
const NAME = 'chacha20-poly1305';
const OPTIONS = { authTagLength: TAG_LENGTH } as const;

/** A box of ChaCha20-Poly1305 without further data: the text, sealed, and its tag. */
export async function sealBox(key: Uint8Array, nonce: Uint8Array, text: Uint8Array): Promise<Uint8Array> {
  const cipher = ifBuiltIn(() => createCipheriv(NAME, key, nonce, OPTIONS));
  if (cipher === null) return (await portable(key, nonce)).encrypt(text);
  return new Uint8Array(Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]));
}

/** The text in such a box; `null` where the key is another one, or a bit has changed. */
export async function openBox(key: Uint8Array, nonce: Uint8Array, box: Uint8Array): Promise<Uint8Array | null> {
  const decipher = ifBuiltIn(() => createDecipheriv(NAME, key, nonce, OPTIONS));
  try {
    if (decipher === null) return (await portable(key, nonce)).decrypt(box);
    decipher.setAuthTag(box.subarray(-TAG_LENGTH));
    return new Uint8Array(Buffer.concat([decipher.update(box.subarray(0, -TAG_LENGTH)), decipher.final()]));
  } catch {
    return null;
  }
}

/** `null` in a runtime whose `node:crypto` lacks this cipher, as Bun's does. */
function ifBuiltIn<T>(create: () => T): T | null {
  try {
    return create();
  } catch {
    return null;
  }
}

async function portable(key: Uint8Array, nonce: Uint8Array): Promise<Box> {
  const { chacha20poly1305 } = await import('@noble/ciphers/chacha.js');
  return chacha20poly1305(key, nonce);
}

interface Box {
  encrypt(text: Uint8Array): Uint8Array;
  decrypt(box: Uint8Array): Uint8Array;
}

import { createCipheriv, createDecipheriv } from 'node:crypto';

import { isFloat, isInt64 } from './numbers.ts';
import { isTime } from './time.ts';
import type { Scalar } from './tree.ts';

/** The value cipher and the text of a sealed value. `sops-format.md` §11. */

const prefix = 'ENC[AES256_GCM,data:';
const base64 = /^[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*$/;
const bytesPerIv = 32;
const bytesPerTag = 16;
const tagLength = { authTagLength: bytesPerTag };
/** What a UTF-16 unit takes in UTF-8 at most. */
const bytesPerUnit = 3;
const usualRoom = 4096;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The word after `type:`. `bytes` was never written by a release, but old notes name it. */
export type TypeWord = 'str' | 'int' | 'float' | 'bool' | 'time' | 'comment' | 'bytes';
const typeWords: ReadonlySet<string> = new Set(['str', 'int', 'float', 'bool', 'time', 'comment', 'bytes']);

/** A sealed value, taken apart. The fields are base64 as they stand in the text. */
export interface Sealed {
  readonly data: string;
  readonly iv: string;
  readonly tag: string;
  readonly type: string;
}

/** Why a sealed value was refused. Never holds any of the value. */
export class CipherError extends Error {
  readonly reason: string;

  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'CipherError';
    this.reason = reason;
  }
}

/** Takes `ENC[…]` apart, or gives `null` where a text is none. What follows the closing bracket is ignored, as sops does (§11.2). */
export function parseSealed(text: string): Sealed | null {
  if (!text.startsWith(prefix)) return null;
  const iv = text.indexOf(',iv:', prefix.length);
  const tag = text.indexOf(',tag:', iv + 4);
  const type = text.indexOf(',type:', tag + 5);
  const end = text.indexOf(']', type + 6);
  if (iv < 0 || tag < iv || type < tag || end < type) return null;
  const sealed = {
    data: text.slice(prefix.length, iv),
    iv: text.slice(iv + 4, tag),
    tag: text.slice(tag + 5, type),
    type: text.slice(type + 6, end),
  };
  return sealed.data && sealed.iv && sealed.tag && sealed.type ? sealed : null;
}

/** Whether a text of a list is a sealed comment: sops writes those as ordinary elements (§10.5). */
export function isSealedComment(text: string): boolean {
  return text.startsWith(prefix) && parseSealed(text)?.type === 'comment';
}

/** The bytes that are encrypted for a value, and the word that names their type. `null` and the empty string are never sealed. */
export function plaintextOf(value: Exclude<Scalar, { type: 'null' }>): { readonly type: TypeWord; readonly bytes: Uint8Array } {
  switch (value.type) {
    case 'bytes':
      return { type: 'str', bytes: value.bytes };
    case 'bool':
      return { type: 'bool', bytes: Buffer.from(value.value ? 'True' : 'False') };
    default:
      return { type: value.type, bytes: Buffer.from(value.text) };
  }
}

/** AES-256-GCM with the data key of one file. */
export class ValueCipher {
  /** Its bytes: an object of `node:crypto` for it costs each value a little more. */
  readonly #key: Uint8Array;
  readonly #algorithm: 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm';
  /** What goes into opening a value. One for all, since to make them anew takes as long as to decrypt. It never holds a plaintext. */
  #room = Buffer.allocUnsafeSlow(usualRoom);

  /** @throws RangeError unless the key has 16, 24 or 32 bytes; what sops writes has 32 */
  constructor(dataKey: Uint8Array) {
    const bits = dataKey.length * 8;
    if (bits !== 128 && bits !== 192 && bits !== 256) throw new RangeError(`a data key has 32 bytes, not ${dataKey.length}`);
    this.#algorithm = `aes-${bits}-gcm`;
    this.#key = Uint8Array.from(dataKey);
  }

  /** Seals bytes under a key path (or other additional data) with an IV of 32 fresh bytes, giving `ENC[…]`. */
  seal(bytes: Uint8Array, type: TypeWord, aad: string, iv: Uint8Array): string {
    if (iv.length !== bytesPerIv) throw new RangeError(`an IV has ${bytesPerIv} bytes`);
    const cipher = createCipheriv(this.#algorithm, this.#key, iv);
    cipher.setAAD(Buffer.from(aad));
    const data = Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64');
    const tag = cipher.getAuthTag().toString('base64');
    return `${prefix}${data},iv:${Buffer.from(iv).toString('base64')},tag:${tag},type:${type}]`;
  }

  /** The bytes of a sealed value. @throws CipherError where it does not authenticate */
  open(sealed: Sealed, aad: string): Buffer {
    const room = this.#roomFor(sealed.iv.length + sealed.data.length + sealed.tag.length + aad.length * bytesPerUnit);
    const ivEnd = decode(sealed.iv, 'iv', room, 0);
    const dataEnd = decode(sealed.data, 'data', room, ivEnd);
    const end = decode(sealed.tag, 'tag', room, dataEnd);
    // sops authenticates data and tag as one string, so where the one ends and the other begins does not matter (§11.2).
    const tagStart = end - bytesPerTag;
    if (tagStart < ivEnd) throw new CipherError('its tag is too short');
    try {
      const decipher = createDecipheriv(this.#algorithm, this.#key, room.subarray(0, ivEnd), tagLength);
      decipher.setAAD(room.subarray(end, end + room.write(aad, end)));
      decipher.setAuthTag(room.subarray(tagStart, end));
      const data = decipher.update(room.subarray(ivEnd, tagStart));
      decipher.final();
      return data;
    } catch (cause) {
      throw new CipherError('it does not authenticate', { cause });
    }
  }

  #roomFor(length: number): Buffer {
    if (this.#room.length < length) this.#room = Buffer.allocUnsafeSlow(length * 2);
    return this.#room;
  }
}

/** Writes the bytes of a field into a buffer, giving where they end. */
function decode(text: string, field: string, room: Buffer, at: number): number {
  if (!base64.test(text)) throw new CipherError(`its ${field} is not base64`);
  const length = room.write(text, at, 'base64');
  if (length === 0) throw new CipherError(`its ${field} is empty`);
  return at + length;
}

/** The value that decrypted bytes stand for. @throws CipherError for an unknown type word or a text that is no such value (§11.3) */
export function scalarOf(type: string, bytes: Uint8Array): Scalar {
  if (!typeWords.has(type)) throw new CipherError('its type is unknown');
  if (type === 'str' || type === 'bytes' || type === 'comment') return textOrBytes(bytes);
  const text = Buffer.from(bytes).toString('latin1');
  // Leading zeros would make an octal number of it in YAML.
  if (type === 'int' && isInt64(text)) return { type, text: text.replace(/^([+-]?)0+(?=\d)/, '$1') };
  if (type === 'float' && isFloat(text)) return { type, text };
  if (type === 'time' && isTime(text)) return { type, text };
  if (type === 'bool' && /^(1|t|T|TRUE|true|True)$/.test(text)) return { type, value: true };
  if (type === 'bool' && /^(0|f|F|FALSE|false|False)$/.test(text)) return { type, value: false };
  throw new CipherError(`it is not the ${type} that it says`);
}

/** A string, or bytes where they are not UTF-8. */
export function textOrBytes(bytes: Uint8Array): Scalar {
  try {
    return { type: 'str', text: utf8.decode(bytes) };
  } catch {
    return { type: 'bytes', bytes };
  }
}

import { createHash, timingSafeEqual } from 'node:crypto';

import { canonicalFloat, canonicalInt } from './numbers.ts';
import { canonicalTime } from './time.ts';
import type { Scalar } from './tree.ts';

/** The MAC over all values of a file. `sops-format.md` §12.1. */

/** SHA-256 of `sops`: what the hash starts with where the MAC covers only sealed values. */
const encryptedOnlyStart = Buffer.from('8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69', 'hex');
/** Small updates cost more than copying into a buffer first. */
const chunk = 64 * 1024;
/** What a UTF-16 unit takes in UTF-8 at most. */
const mostBytes = 3;

export class MacBuilder {
  readonly #hash = createHash('sha512');
  readonly #pending = Buffer.allocUnsafe(chunk);
  #used = 0;

  constructor(macOnlyEncrypted: boolean) {
    if (macOnlyEncrypted) this.#hash.update(encryptedOnlyStart);
  }

  add(value: Scalar): void {
    // Most values are a short text, which needs no bytes of its own on the way.
    if (value.type === 'str' && value.text.length * mostBytes <= chunk - this.#used) {
      this.#used += this.#pending.write(value.text, this.#used);
      return;
    }
    const bytes = macBytes(value);
    if (bytes.length > chunk - this.#used) this.#flush();
    if (bytes.length > chunk) {
      this.#hash.update(bytes);
      return;
    }
    this.#pending.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Upper-case hex, 128 characters. */
  digest(): string {
    this.#flush();
    this.#pending.fill(0);
    return this.#hash.digest('hex').toUpperCase();
  }

  #flush(): void {
    if (this.#used > 0) this.#hash.update(this.#pending.subarray(0, this.#used));
    this.#used = 0;
  }
}

/** The bytes of one value in the hash: canonical, whatever its notation. */
function macBytes(value: Scalar): Uint8Array {
  switch (value.type) {
    case 'str':
      return Buffer.from(value.text);
    case 'bytes':
      return value.bytes;
    case 'int':
      return Buffer.from(canonicalInt(value.text));
    case 'float':
      return Buffer.from(canonicalFloat(value.text));
    case 'bool':
      return Buffer.from(value.value ? 'True' : 'False');
    case 'time':
      return Buffer.from(canonicalTime(value.text));
    case 'null':
      return Buffer.alloc(0);
  }
}

/** Compares two MACs in constant time. */
export function sameMac(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether two values are the same to sops: same type, same canonical text. `bytes` and `str` are never equal by nature. */
export function sameScalar(one: Scalar, other: Scalar): boolean {
  return one.type === other.type && Buffer.compare(macBytes(one), macBytes(other)) === 0;
}

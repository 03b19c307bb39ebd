/**
 * What a file's values looked like before they were opened, so that a value that did not change keeps its ciphertext, and its text
 * its place. `sops-format.md` §11.5, but each element of a list has a memory of its own (§23.11).
 */

/** A value as it was found. */
export interface Remembered {
  readonly enc: string;
  /** The text in the sealed file, and what stood for it in the plain one. */
  readonly sealedText: string;
  readonly plainText: string;
  readonly context: string;
  /** Whether the plain text came out of the layout hint. */
  readonly hinted: boolean;
}

/** What must be equal for a ciphertext to be used again: path, type word and bytes. */
export interface Plaintext {
  readonly aad: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export class SealMemory {
  readonly #found = new Map<string, Remembered[]>();

  /** Only an equal path, type and text may use an IV again. */
  remember(aad: string, type: string, bytes: Uint8Array, remembered: Remembered): void {
    const key = keyOf({ aad, type, bytes });
    const queue = this.#found.get(key);
    if (queue === undefined) this.#found.set(key, [remembered]);
    else queue.push(remembered);
  }

  /** Takes one out: the one that stood there in the same text, if there is one. */
  take(plaintext: Plaintext, plainText: string, context: string): Remembered | null {
    const queue = this.#found.get(keyOf(plaintext));
    if (queue === undefined || queue.length === 0) return null;
    const same = queue.findIndex((one) => one.plainText === plainText && one.context === context);
    return queue.splice(Math.max(same, 0), 1)[0] ?? null;
  }

  /**
   * Takes out a float that stands for a whole number in the same text: `2`, which a reader of the plain text takes for an int. Releases
   * before 3.13.2 made a float of every JSON number.
   */
  takeFloat({ aad, bytes }: Plaintext, plainText: string, context: string): Remembered | null {
    const queue = this.#found.get(keyOf({ aad, type: 'float', bytes })) ?? [];
    const same = queue.findIndex((one) => one.plainText === plainText && one.context === context);
    return same < 0 ? null : (queue.splice(same, 1)[0] ?? null);
  }

  /** A copy from which can be taken without this one losing anything. */
  copy(): SealMemory {
    const copy = new SealMemory();
    for (const [key, queue] of this.#found) copy.#found.set(key, [...queue]);
    return copy;
  }
}

function keyOf({ aad, type, bytes }: Plaintext): string {
  return `${type}\0${aad}\0${Buffer.from(bytes).toString('latin1')}`;
}

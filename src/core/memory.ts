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

/** Where a value stands now: the text of its place, the context of that, and its number in the walk. */
export interface Standing {
  readonly plainText: string;
  readonly context: string;
  readonly ordinal: number;
}

export class SealMemory {
  /** Equal plaintexts, by their number in the walk. */
  readonly #found = new Map<string, Map<number, Remembered>>();

  /** Only an equal path, type and text may use an IV again. */
  remember(plaintext: Plaintext, ordinal: number, remembered: Remembered): void {
    const key = keyOf(plaintext);
    const equals = this.#found.get(key) ?? new Map<number, Remembered>();
    equals.set(ordinal, remembered);
    this.#found.set(key, equals);
  }

  /** Takes one out: the one with that number and text, else the first with that text, else the first. */
  take(plaintext: Plaintext, standing: Standing): Remembered | null {
    const equals = this.#found.get(keyOf(plaintext));
    if (equals === undefined || equals.size === 0) return null;
    return removeFrom(equals, like(equals, standing) ?? equals.keys().next().value ?? standing.ordinal);
  }

  /**
   * Takes out a float that stands for a whole number in the same text: `2`, which a reader of the plain text takes for an int. Releases
   * before 3.13.2 made a float of every JSON number.
   */
  takeFloat({ aad, bytes }: Plaintext, standing: Standing): Remembered | null {
    const equals = this.#found.get(keyOf({ aad, type: 'float', bytes }));
    const ordinal = equals === undefined ? null : like(equals, standing);
    return equals === undefined || ordinal === null ? null : removeFrom(equals, ordinal);
  }

  /** A copy from which can be taken without this one losing anything. */
  copy(): SealMemory {
    const copy = new SealMemory();
    for (const [key, equals] of this.#found) copy.#found.set(key, new Map(equals));
    return copy;
  }
}

/** The number of the one that stood in the same text: at the same place, or the first. */
function like(equals: ReadonlyMap<number, Remembered>, { plainText, context, ordinal }: Standing): number | null {
  const isLike = (one: Remembered | undefined): boolean => one?.plainText === plainText && one.context === context;
  if (isLike(equals.get(ordinal))) return ordinal;
  for (const [number, one] of equals) if (isLike(one)) return number;
  return null;
}

function removeFrom(equals: Map<number, Remembered>, ordinal: number): Remembered | null {
  const found = equals.get(ordinal) ?? null;
  equals.delete(ordinal);
  return found;
}

function keyOf({ aad, type, bytes }: Plaintext): string {
  return `${type}\0${aad}\0${Buffer.from(bytes).toString('latin1')}`;
}

import { canonicalFloat } from './numbers.ts';

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

/** A value as it is now: the text of its place, the context of that, and its number in the walk. */
export interface Wanted extends Plaintext {
  readonly plainText: string;
  readonly context: string;
  readonly ordinal: number;
}

type Found = Remembered & { readonly ordinal: number };

export class SealMemory {
  /** Equal plaintexts, in the order of the walk. */
  readonly #found = new Map<string, Found[]>();

  get isEmpty(): boolean {
    return this.#found.size === 0;
  }

  /** Only an equal path, type and text may use an IV again. */
  remember(plaintext: Plaintext, ordinal: number, remembered: Remembered): void {
    const key = keyOf(plaintext);
    const equals = this.#found.get(key) ?? [];
    equals.push({ ...remembered, ordinal });
    this.#found.set(key, equals);
  }

  /** What was found of a plaintext that is there once. */
  find(plaintext: Plaintext): Remembered | null {
    return this.#found.get(keyOf(plaintext))?.[0] ?? null;
  }

  /**
   * Shares out what was found among the values that are there now, each to one at most, by their numbers in the walk.
   *
   * A float that stands for a whole number, such as `2`, goes to an int in the same text: a reader of the plain text takes it for one, and
   * releases before 3.13.2 made a float of every JSON number. And what sops seals of `1e30` are all its digits.
   */
  share(wanted: readonly Wanted[]): ReadonlyMap<number, Remembered> {
    const shares = new Shares(lastOf(wanted) === lastOf([...this.#found.values()].flat()));
    for (const [key, equals] of byKey(wanted)) shares.give(equals, this.#found.get(key) ?? [], false);
    const without = wanted.filter(({ type, ordinal }) => (type === 'int' || type === 'float') && !shares.given.has(ordinal));
    for (const [key, equals] of byKey(without.map(asFloatOfSops))) shares.give(equals, this.#found.get(key) ?? [], true);
    return shares.given;
  }
}

function asFloatOfSops(one: Wanted): Wanted {
  if (one.type === 'int') return { ...one, type: 'float' };
  return { ...one, bytes: Buffer.from(canonicalFloat(Buffer.from(one.bytes).toString())) };
}

function lastOf(all: readonly { readonly ordinal: number }[]): number {
  return all.reduce((last, { ordinal }) => Math.max(last, ordinal), 0);
}

function byKey(wanted: readonly Wanted[]): ReadonlyMap<string, readonly Wanted[]> {
  const groups = new Map<string, Wanted[]>();
  for (const one of wanted) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

/** Equal plaintexts can be told apart by where they stand, and by how they are written. */
class Shares {
  readonly given = new Map<number, Remembered>();
  readonly #taken = new Set<Found>();
  /** Whether no value came or went, so that each has the number that it had. */
  readonly #isSameSize: boolean;

  constructor(isSameSize: boolean) {
    this.#isSameSize = isSameSize;
  }

  /** @param onlyLike a text of another notation is none of them */
  give(wanted: readonly Wanted[], equals: readonly Found[], onlyLike: boolean): void {
    const found = this.#left(equals);
    if (found.length === 0) return;
    if (this.#isSameSize) this.#giveInPlace(wanted, found, onlyLike);
    else this.#giveAround(wanted, found);
    this.#giveAlike(this.#without(wanted), this.#left(found));
    if (!onlyLike) this.#giveInOrder(this.#without(wanted), this.#left(found));
  }

  #giveInPlace(wanted: readonly Wanted[], found: readonly Found[], onlyLike: boolean): void {
    const places = new Map(found.map((one) => [one.ordinal, one]));
    for (const one of wanted) {
      const there = places.get(one.ordinal);
      if (there !== undefined && (!onlyLike || textKey(there) === textKey(one))) this.#set(one, there);
    }
  }

  /** Before a change the numbers are as they were, and behind it they have all moved by the same. */
  #giveAround(wanted: readonly Wanted[], found: readonly Found[]): void {
    const moved = lastOf(wanted) - lastOf(found);
    this.#giveWhile(wanted, found, 0);
    this.#giveWhile(this.#without(wanted).toReversed(), this.#left(found).toReversed(), moved);
  }

  #giveWhile(wanted: readonly Wanted[], found: readonly Found[], moved: number): void {
    for (const [index, one] of wanted.entries()) {
      const other = found[index];
      if (other === undefined || one.ordinal - other.ordinal !== moved || textKey(one) !== textKey(other)) return;
      this.#set(one, other);
    }
  }

  #giveAlike(wanted: readonly Wanted[], found: readonly Found[]): void {
    const queues = new Map<string, Found[]>();
    for (const one of found.toReversed()) {
      const queue = queues.get(textKey(one));
      if (queue === undefined) queues.set(textKey(one), [one]);
      else queue.push(one);
    }
    for (const one of wanted) this.#set(one, queues.get(textKey(one))?.pop());
  }

  #giveInOrder(wanted: readonly Wanted[], found: readonly Found[]): void {
    for (const [index, one] of wanted.entries()) this.#set(one, found[index]);
  }

  #set({ ordinal }: Wanted, found: Found | undefined): void {
    if (found === undefined) return;
    this.given.set(ordinal, found);
    this.#taken.add(found);
  }

  #without(wanted: readonly Wanted[]): readonly Wanted[] {
    return wanted.filter(({ ordinal }) => !this.given.has(ordinal));
  }

  #left(found: readonly Found[]): readonly Found[] {
    return found.filter((one) => !this.#taken.has(one));
  }
}

function textKey({ plainText, context }: Found | Wanted): string {
  return `${context}\0${plainText}`;
}

function keyOf({ aad, type, bytes }: Plaintext): string {
  return `${type}\0${aad}\0${Buffer.from(bytes).toString('latin1')}`;
}

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
   * releases before 3.13.2 made a float of every JSON number.
   */
  share(wanted: readonly Wanted[]): ReadonlyMap<number, Remembered> {
    const shares = new Map<number, Remembered>();
    for (const [key, equals] of byKey(wanted)) give(shares, equals, this.#found.get(key) ?? [], false);
    const without = wanted.filter(({ type, ordinal }) => type === 'int' && !shares.has(ordinal));
    const given = new Set(shares.values());
    for (const [key, equals] of byKey(without.map((one) => ({ ...one, type: 'float' })))) {
      const left = (this.#found.get(key) ?? []).filter((one) => !given.has(one));
      give(shares, equals, left, true);
    }
    return shares;
  }
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

/**
 * Equal plaintexts can be told apart by where they stand. Before a change the numbers in the walk are as they were, and behind it they
 * have all moved by the same; what is between goes by its text, and then by its order.
 */
function give(shares: Map<number, Remembered>, wanted: readonly Wanted[], found: readonly Found[], onlyLike: boolean): void {
  const least = Math.min(wanted.length, found.length);
  const moved = (wanted.at(-1)?.ordinal ?? 0) - (found.at(-1)?.ordinal ?? 0);
  const isPair = (one: Wanted | undefined, other: Found | undefined, by: number): boolean =>
    one !== undefined && other !== undefined && one.ordinal - other.ordinal === by && textKey(one) === textKey(other);
  let start = 0;
  while (start < least && isPair(wanted[start], found[start], 0)) start += 1;
  let tail = 0;
  while (tail < least - start && isPair(wanted.at(-1 - tail), found.at(-1 - tail), moved)) tail += 1;
  wanted.slice(0, start).forEach(({ ordinal }, index) => set(shares, ordinal, found[index]));
  wanted.slice(wanted.length - tail).forEach(({ ordinal }, index) => set(shares, ordinal, found[found.length - tail + index]));
  giveRest(shares, wanted.slice(start, wanted.length - tail), found.slice(start, found.length - tail), onlyLike);
}

function giveRest(shares: Map<number, Remembered>, wanted: readonly Wanted[], found: readonly Found[], onlyLike: boolean): void {
  const queues = new Map<string, Found[]>();
  for (const one of found.toReversed()) {
    const queue = queues.get(textKey(one));
    if (queue === undefined) queues.set(textKey(one), [one]);
    else queue.push(one);
  }
  for (const one of wanted) set(shares, one.ordinal, queues.get(textKey(one))?.pop());
  if (onlyLike) return;
  const left = new Set([...queues.values()].flat());
  const rest = found.filter((one) => left.has(one)).toReversed();
  for (const { ordinal } of wanted) if (!shares.has(ordinal)) set(shares, ordinal, rest.pop());
}

function set(shares: Map<number, Remembered>, ordinal: number, found: Found | undefined): void {
  if (found !== undefined) shares.set(ordinal, found);
}

function textKey({ plainText, context }: Found | Wanted): string {
  return `${context}\0${plainText}`;
}

function keyOf({ aad, type, bytes }: Plaintext): string {
  return `${type}\0${aad}\0${Buffer.from(bytes).toString('latin1')}`;
}

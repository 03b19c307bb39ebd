/** Where sops and we differ, for whoever reads the report of a test. */
export class Disagreement extends Error {
  readonly #what: string;
  readonly #expected: string;
  readonly #found: string;

  constructor(what: string, expected: string, found: string) {
    super(`${what}\n--- expected\n${expected}\n--- found\n${found}`);
    this.#what = what;
    this.#expected = expected;
    this.#found = found;
  }

  /** The same, with the place where it was found. */
  in(place: string): Disagreement {
    return new Disagreement(`${place}: ${this.#what}`, this.#expected, this.#found);
  }
}

/** @throws Disagreement */
export function assertSame(what: string, expected: unknown, found: unknown): void {
  const [one, other] = [show(expected), show(found)];
  if (one !== other) throw new Disagreement(what, one, other);
}

function show(value: unknown): string {
  return JSON.stringify(value, null, 1);
}

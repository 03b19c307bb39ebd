/** Lets so many through at a time, and fewer once somebody has complained. */
export class Turnstile {
  #allowed: number;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(allowed: number) {
    this.#allowed = allowed;
  }

  /** Runs a call when it has its turn. */
  async pass<T>(call: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#allowed) await new Promise<void>((done) => this.#waiting.push(done));
    else this.#inside += 1;
    try {
      return await call();
    } finally {
      this.#leave();
    }
  }

  /** Half as many from now on, one at least. */
  slowDown(): void {
    this.#allowed = Math.max(1, Math.floor(this.#allowed / 2));
  }

  /** Who leaves hands the place on, unless there are too many inside by now. */
  #leave(): void {
    const next = this.#inside > this.#allowed ? undefined : this.#waiting.shift();
    if (next === undefined) this.#inside -= 1;
    else next();
  }
}

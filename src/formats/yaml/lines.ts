/** Line starts of a text, so that a column costs a binary search and not a scan of a line that may be the whole file. */
export class Lines {
  readonly #text: string;
  readonly #starts: number[] = [0];
  /** The line that was asked for last. */
  #last = 0;

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** Index of the line that holds an offset, from 0. */
  line(offset: number): number {
    // Mostly the same line is asked for again, or the next.
    if (!this.#holds(this.#last, offset)) this.#last = this.#holds(this.#last + 1, offset) ? this.#last + 1 : this.#search(offset);
    return this.#last;
  }

  #holds(line: number, offset: number): boolean {
    return (this.#starts[line] ?? Infinity) <= offset && offset < (this.#starts[line + 1] ?? Infinity);
  }

  #search(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Offset of the first character of the line that holds an offset. */
  start(offset: number): number {
    return this.#starts[this.line(offset)] ?? 0;
  }

  column(offset: number): number {
    return offset - this.start(offset);
  }

  /** A line with its line break; empty beyond the end. */
  text(line: number): string {
    const start = this.#starts[line];
    return start === undefined ? '' : this.#text.slice(start, this.#starts[line + 1]);
  }
}

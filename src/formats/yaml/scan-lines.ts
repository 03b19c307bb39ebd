/** Thrown where a text is not of the simple forms. One object, since making an error costs more than reading a line. */
export const notMine = new Error('the text has to be parsed');

/** The lines of a text that have content, one at a time. Comments are noted as they are passed. */
export class LineReader {
  readonly #text: string;
  /** Offsets of all comments so far. */
  readonly comments: number[] = [];
  /** Where the content of the line at hand begins, and where it ends. */
  start = 0;
  end = -1;
  /** The column of `start`. */
  indent = 0;
  atEnd = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** Goes to the next line with content. Comments on the way may stand in a column up to `limit`. */
  next(limit = Infinity): void {
    for (let from = this.end + 1; from < this.#text.length; from = this.end + 1) {
      this.end = this.#text.indexOf('\n', from);
      this.start = this.skipSpaces(from);
      this.indent = this.start - from;
      const sign = this.#text[this.start];
      if (sign !== '\n' && sign !== '#') return;
      if (sign === '\n' ? this.indent > 0 : this.indent > limit) throw notMine;
      if (sign === '#') this.comments.push(this.start);
    }
    this.atEnd = true;
  }

  /** The offset of the first character that is no space. */
  skipSpaces(from: number): number {
    let at = from;
    while (this.#text.charCodeAt(at) === 32) at += 1;
    return at;
  }

  /** Leaves the line, of which only white space and a comment are left from an offset on. */
  endWith(offset: number, limit = Infinity): void {
    if (offset < this.end) this.comments.push(offset);
    this.next(limit);
  }

  /** Goes on within the line, as if its content began there. */
  stepTo(offset: number): void {
    this.indent += offset - this.start;
    this.start = offset;
  }

  /** Goes on behind a line that was read. */
  leaveAt(end: number, limit: number): void {
    this.end = end;
    this.next(limit);
  }

  /** Whether the line begins a document. @throws `notMine` where it says more than that */
  isMarker(): boolean {
    if (this.atEnd || this.indent > 0 || !this.#text.startsWith('---', this.start)) return false;
    if (this.end - this.start !== 3) throw notMine;
    return true;
  }

  /** Whether the line is an item of a list. */
  isItem(): boolean {
    return this.#text.startsWith('- ', this.start);
  }
}

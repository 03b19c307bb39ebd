/** A YAML text by its parts, down to blank lines and columns of comments. */

/** A line between two items: a comment, or nothing. */
export interface Gap {
  /** Without the marker; `null` for a blank line. */
  readonly text: string | null;
  /** `null`: where the items stand. */
  readonly column: number | null;
}

export type Value =
  /** A flow value. Its lines after the first are moved to the right. */
  | { readonly kind: 'text'; readonly text: string }
  /** A list in brackets, an item a line. */
  | { readonly kind: 'flow'; readonly items: readonly (readonly [text: string, tail: string | null])[] }
  | { readonly kind: 'block'; readonly header: string; readonly lines: readonly string[] }
  /** The last anchor, if there is one. */
  | { readonly kind: 'alias' }
  | { readonly kind: 'map'; readonly items: readonly Item[]; readonly isMerging: boolean; readonly after: readonly Gap[] }
  | { readonly kind: 'list'; readonly items: readonly Item[]; readonly isIndented: boolean; readonly after: readonly Gap[] };

export interface Item {
  readonly before: readonly Gap[];
  /** As it is written; lists have none. */
  readonly key: string;
  readonly value: Value;
  /** A comment behind the key, the dash or the value. */
  readonly tail: string | null;
  readonly isAnchored: boolean;
  /** A collection behind a dash begins on the same line. */
  readonly isCompact: boolean;
}

export interface Stream {
  readonly start: string;
  readonly documents: readonly Value[];
  readonly between: string;
  readonly step: number;
  readonly eol: string;
  readonly hasMark: boolean;
  /** Without the last line break. */
  readonly isOpen: boolean;
}

export function printStream({ start, documents, between, step, eol, hasMark, isOpen }: Stream): string {
  const text = start + documents.map((document) => new Printer(step).document(document)).join(between);
  const ended = isOpen ? text.replace(/\n$/, '') : text;
  return (hasMark ? '\uFEFF' : '') + ended.replaceAll('\n', eol);
}

class Printer {
  readonly #step: number;
  #text = '';
  readonly #anchors: { readonly name: string; readonly isMap: boolean }[] = [];
  #count = 0;

  constructor(step: number) {
    this.#step = step;
  }

  document(value: Value): string {
    if (value.kind === 'map') this.#map(value, 0, false);
    return this.#text;
  }

  /** @param started whether the first item continues a line */
  #map({ items, isMerging, after }: Extract<Value, { kind: 'map' }>, column: number, started: boolean): void {
    let isFirst = started;
    const merged = isMerging ? this.#anchors.findLast(({ isMap }) => isMap) : undefined;
    if (merged !== undefined) this.#begin([], column, isFirst, `<<: *${merged.name}\n`);
    isFirst &&= merged === undefined;
    for (const item of items) {
      this.#begin(item.before, column, isFirst, `${item.key}:`);
      isFirst = false;
      this.#item(item, column, false);
    }
    this.#gaps(after, column);
  }

  #list({ items, after }: Extract<Value, { kind: 'list' }>, column: number, started: boolean): void {
    let isFirst = started;
    for (const item of items) {
      this.#begin(item.before, column, isFirst, '-');
      isFirst = false;
      this.#item(item, column, true);
    }
    this.#gaps(after, column);
  }

  #begin(before: readonly Gap[], column: number, isStarted: boolean, text: string): void {
    if (!isStarted) this.#gaps(before, column);
    this.#text += (isStarted ? '' : ' '.repeat(column)) + text;
  }

  #gaps(gaps: readonly Gap[], column: number): void {
    for (const { text, column: own } of gaps) this.#text += text === null ? '\n' : `${' '.repeat(own ?? column)}#${text}\n`;
  }

  #item({ value, tail, isAnchored, isCompact }: Item, column: number, inList: boolean): void {
    const name = isAnchored && value.kind !== 'alias' ? `&n${++this.#count}` : null;
    if (name !== null) this.#text += ` ${name}`;
    const comment = tail === null ? '\n' : ` #${tail}\n`;
    if (value.kind === 'map' || value.kind === 'list') {
      const isOnLine = inList && isCompact && name === null;
      this.#text += isOnLine ? ' ' : comment;
      this.#collection(value, isOnLine || inList ? column + 2 : column, isOnLine, inList);
    } else {
      this.#leaf(value, column, comment);
    }
    if (name !== null) this.#anchors.push({ name: name.slice(1), isMap: value.kind === 'map' });
  }

  #collection(value: Extract<Value, { kind: 'map' | 'list' }>, column: number, isStarted: boolean, inList: boolean): void {
    if (value.kind === 'list') this.#list(value, inList || !value.isIndented ? column : column + this.#step, isStarted);
    else this.#map(value, inList ? column : column + this.#step, isStarted);
  }

  #leaf(value: Exclude<Value, { kind: 'map' | 'list' }>, column: number, comment: string): void {
    const inner = ' '.repeat(column + this.#step);
    switch (value.kind) {
      case 'text':
        this.#text += (value.text === '' ? '' : ` ${value.text.replaceAll('\n', `\n${inner}`)}`) + comment;
        return;
      case 'flow':
        this.#text += ` [\n${value.items.map(([text, tail]) => `${inner}${text},${tail === null ? '' : ` #${tail}`}\n`).join('')}${inner}]${comment}`;
        return;
      case 'block':
        this.#text += ` ${value.header}${comment}${value.lines.map((line) => (line === '' ? '\n' : `${inner}${line}\n`)).join('')}`;
        return;
      case 'alias': {
        const anchor = this.#anchors.at(-1);
        this.#text += (anchor === undefined ? ' x' : ` *${anchor.name}`) + comment;
      }
    }
  }
}

import fc from 'fast-check';

/** Small YAML texts with comments in every place, for the question of which collection each comment belongs to. No two have the same text. */

interface Line {
  readonly text: string;
  readonly column: number;
}

/** How the texts of a kind look. */
export interface CommentHabits {
  /** What stands behind keys and dashes. */
  readonly values: readonly string[];
  /** Whether comments stand in the column of what follows them, or in that of any line. */
  readonly columns: 'next' | 'any';
  readonly eol: '\n' | '\r\n';
}

/** Up to three comments, `c0` to `c2`, in a tree of at most four levels. */
export function commentedTexts({ values, columns, eol }: CommentHabits): fc.Arbitrary<string> {
  return fc.gen().map((draw) => {
    const upTo = (most: number): number => draw(fc.nat, { max: most });
    const lines = new TreeWriter(upTo, values).lines();
    const every = lines.map(({ column }) => column);
    return withComments(lines, upTo, (next) => (columns === 'next' ? next : (every[upTo(every.length - 1)] ?? 0))).join(eol) + eol;
  });
}

type UpTo = (most: number) => number;

/** Writes the lines of a random tree. */
class TreeWriter {
  readonly #upTo: UpTo;
  readonly #values: readonly string[];
  readonly #step: number;
  readonly #listStep: number;
  readonly #lines: Line[] = [];
  #keys = 0;

  constructor(upTo: UpTo, values: readonly string[]) {
    this.#upTo = upTo;
    this.#values = values;
    this.#step = upTo(1) === 0 ? 2 : 4;
    this.#listStep = upTo(1) === 0 ? 0 : this.#step;
  }

  lines(): readonly Line[] {
    this.#map(0, 0, '');
    return this.#lines;
  }

  #map(column: number, depth: number, start: string): void {
    const last = this.#upTo(depth === 0 ? 2 : 1);
    for (let at = 0; at <= last; at += 1) {
      const head = `${at === 0 && start !== '' ? start : ' '.repeat(column)}k${this.#keys++}:`;
      const kind = depth >= 3 ? 0 : this.#upTo(2);
      if (kind === 0) this.#value(head, column);
      else this.#add(head, column);
      if (kind === 1) this.#map(column + this.#step, depth + 1, '');
      if (kind === 2) this.#list(column + this.#listStep, depth + 1, '');
    }
  }

  #list(column: number, depth: number, start: string): void {
    const last = this.#upTo(1);
    for (let at = 0; at <= last; at += 1) {
      const dash = `${at === 0 && start !== '' ? start : ' '.repeat(column)}-`;
      const kind = depth >= 3 ? 0 : this.#upTo(2);
      const inner = this.#upTo(2) > 0 ? `${dash} ` : '';
      if (kind === 0) this.#value(dash, column);
      else if (inner === '') this.#add(dash, column);
      if (kind === 1) this.#map(column + 2, depth + 1, inner);
      if (kind === 2) this.#list(column + 2, depth + 1, inner);
    }
  }

  #value(head: string, column: number): void {
    const value = this.#values[this.#upTo(this.#values.length - 1)] ?? '';
    this.#add(value === '' ? head : `${head} ${value}`, column);
  }

  #add(text: string, column: number): void {
    this.#lines.push({ text, column });
  }
}

function withComments(lines: readonly Line[], upTo: UpTo, columnFor: (next: number) => number): readonly string[] {
  const most = 1 + upTo(2);
  const seldom = Math.max(1, lines.length - 1);
  const all: string[] = [];
  let left = most;
  const next = (): string => `#c${most - left--}`;
  for (const { text, column } of lines) {
    if (upTo(5) === 0) all.push('');
    const above = Math.min(left, upTo(seldom) === 0 ? 1 + upTo(1) : 0);
    for (let at = 0; at < above; at += 1) {
      all.push(' '.repeat(columnFor(column)) + next());
      if (upTo(5) === 0) all.push('');
    }
    all.push(left > 0 && upTo(seldom) === 0 ? `${text} ${next()}` : text);
  }
  for (let more = left; more > 0; more -= 1) all.push(' '.repeat(columnFor(0)) + next());
  return all;
}

/** YAML texts by chance: mostly of the forms that sops and sec write, with lines in between that are not, or that stand in the wrong place. */

export type Random = () => number;

/** The same numbers in every run (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A text of a few lines. */
export function yamlText(random: Random): string {
  const writer = new Writer(random);
  return writer.text();
}

/** The text with one change: a sign more, a sign less, or one in the place of another. */
export function mutated(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  const sign = pick(signs, random);
  return text.slice(0, at) + (random() < 0.6 ? sign : '') + text.slice(random() < 0.5 ? at : at + 1);
}

const signs = [
  ...'\n\n\n    --::##\'"|>[]{}&*!%@`?,~\\a0\t\r\u00a0\u2028\u0085\uFEFF😀',
  ': ',
  ' #',
  '- ',
  '\n  ',
  '---\n',
  '...\n',
  '""',
  "''",
];

function pick<T>(list: readonly T[], random: Random): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}

const sealedTexts = [
  'ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]',
  '"ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]"',
  "'ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:int]'",
  'ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:comment]',
];
const keys = [
  'a',
  'b',
  'key',
  'a.b',
  'a-b',
  'x y',
  '"q"',
  "'s'",
  '.d',
  '/p',
  '1',
  'true',
  'null',
  'sops',
  '<<',
  'é',
  'a: b',
  '?',
  '-',
  '[k]',
  '$v',
];
const values = [
  ...sealedTexts,
  'x',
  'a b',
  '1',
  '-1',
  '1.50',
  'true',
  '~',
  'null',
  '0x1F',
  '017',
  '2020-01-01',
  'a:b',
  'a#b',
  'a #b',
  'a: b',
  'a:',
  '-',
  '- a',
  '-a',
  '--- a',
  '"d"',
  '"a # b"',
  '"e\\n"',
  '"\\x"',
  '"u',
  '"a" b',
  "'s'",
  "'it''s'",
  "'u",
  "'a'b",
  '{}',
  '[]',
  '{a: 1}',
  '[1, 2]',
  '{',
  ']',
  '{} # c',
  '&a x',
  '*a',
  '!!str 1',
  '!t x',
  '%x',
  '@x',
  '`x`',
  '? x',
  ': x',
  ', x',
  '> x',
  '| x',
  '|x',
  'é',
  '😀 x',
  'x ',
  'x  # c',
  '"d" # c',
  '"d"# c',
  '<<',
  '=',
];
const headers = ['|', '|', '|-', '|-', '|+', '>', '>-', '|2', '|-2', '| # c'];
const bodies = [
  'x',
  'x y',
  '  deeper',
  '# no comment',
  'a: b',
  '- a',
  '"',
  'ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]',
  '',
  '',
  '---',
  'x ',
];
const tameBodies = ['x', 'x y', '  deeper', '# no comment', 'a: b'];
const noise = [
  '---',
  '--- ',
  '--- a',
  '...',
  '%YAML 1.1',
  ' ',
  '\t',
  '  \t',
  'x',
  'x: y: z',
  '? a',
  ': b',
  'a:  b',
  '-  a',
  '-   a: b',
  '  - - a',
  '- # c',
  '-',
];

class Writer {
  readonly #random: Random;
  readonly #lines: string[] = [];
  #count = 0;
  /** How odd a text is: one in two has few of the things that the scanner leaves. */
  readonly #oddness: number;

  constructor(random: Random) {
    this.#random = random;
    this.#oddness = random() < 0.5 ? 0.03 : 1;
  }

  text(): string {
    if (this.#chance(0.1)) this.#comment(0);
    if (this.#chance(0.05)) this.#lines.push('---');
    const documents = this.#chance(0.1) ? 2 : 1;
    for (let index = 0; index < documents; index += 1) {
      if (index > 0) this.#lines.push('---');
      this.#map(0, 0);
    }
    return this.#lines.join('\n') + (this.#odd(0.05) ? '' : '\n');
  }

  #map(indent: number, depth: number): void {
    for (let count = 1 + this.#upTo(4); count > 0; count -= 1) {
      this.#between(indent);
      this.#entry(' '.repeat(indent), indent, depth);
    }
  }

  #entry(before: string, indent: number, depth: number): void {
    const key = `${before}${this.#odd(0.2) ? pick(keys, this.#random) : `k${(this.#count += 1)}`}:`;
    if (depth < 3 && this.#chance(0.25)) {
      this.#lines.push(key + (this.#chance(0.1) ? ' # c' : ''));
      if (this.#chance(0.6)) this.#map(indent + (this.#odd(0.3) ? pick([1, 3, 0], this.#random) : pick([2, 4], this.#random)), depth + 1);
      else this.#list(indent + pick([0, 2, 4], this.#random), depth + 1);
    } else {
      this.#lines.push(`${key}${this.#odd(0.03) ? pick(['', '  '], this.#random) : ' '}${this.#value(indent)}`);
    }
  }

  #list(indent: number, depth: number): void {
    for (let count = 1 + this.#upTo(3); count > 0; count -= 1) {
      this.#between(indent);
      const gap = this.#chance(0.85) ? ' ' : '   ';
      const before = `${' '.repeat(indent)}-${gap}`;
      if (depth < 3 && this.#chance(0.3)) {
        const inner = indent + 1 + gap.length;
        this.#entry(before, inner, depth + 1);
        if (this.#chance(0.6)) this.#map(inner, depth + 1);
      } else {
        this.#lines.push(before + this.#value(indent));
      }
    }
  }

  #value(indent: number): string {
    if (this.#chance(0.15)) return this.#block(indent);
    if (this.#chance(0.05)) return '';
    const value = this.#odd(0.5) ? pick(values, this.#random) : pick(sealedTexts, this.#random);
    const behind = this.#odd(0.05) ? pick(['# c', ' ', 'x'], this.#random) : pick([' # c', '  # c', ' #ENC[x]'], this.#random);
    return this.#chance(0.1) ? value + behind : value;
  }

  #block(indent: number): string {
    const column = indent + (this.#odd(0.3) ? pick([1, 0], this.#random) : pick([2, 4], this.#random));
    const lines = Array.from({ length: 1 + this.#upTo(3) }, () => pick(this.#odd(0.5) ? bodies : tameBodies, this.#random));
    const body = lines.map((line) => (line === '' ? '' : ' '.repeat(column) + line)).join('\n');
    return `${pick(this.#odd(0.5) ? headers : ['|', '|-'], this.#random)}\n${body}`;
  }

  /** What may stand before an entry or an item. */
  #between(indent: number): void {
    if (this.#chance(0.12)) this.#lines.push('');
    if (this.#chance(0.15)) this.#comment(indent);
    if (this.#odd(0.03)) this.#lines.push(pick(noise, this.#random));
  }

  #comment(indent: number): void {
    const column = this.#odd(0.3) ? this.#upTo(6) : indent;
    this.#lines.push(
      `${' '.repeat(column)}${pick(['# c', '#', '#c #d', '#ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:comment]'], this.#random)}`,
    );
    if (this.#chance(0.2)) this.#lines.push('');
  }

  #odd(share: number): boolean {
    return this.#chance(share * this.#oddness);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #upTo(count: number): number {
    return Math.floor(this.#random() * (count + 1));
  }
}

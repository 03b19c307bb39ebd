import { unflatten } from '../core/flatten.ts';
import type { MetaMap } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import type { Branch, Comment, Entry, Place, Scalar, Span } from '../core/tree.ts';
import { fromChars } from './dotenv-text.ts';
import type { Source } from './format.ts';
import { entryComments, sectionComments } from './ini-comments.ts';
import type { Inline } from './ini-comments.ts';
import { readLines } from './ini-lines.ts';
import type { CommentLine, EntryLine, HeaderLine, IniLine, Malformed } from './ini-lines.ts';
import type { ReadValue, ValueStyle } from './ini-value.ts';
import { maxBytes } from './limits.ts';

/** An INI text that was read. Its text is one character a byte. */
export interface IniSource extends Source {
  readonly file: string;
  readonly eol: string;
  /** Where the first line starts: behind a byte order mark, if there is one. */
  readonly start: number;
  /** All sections but the metadata block, in the order of the tree: the first is `DEFAULT`, without a header. */
  readonly sections: readonly Section[];
  readonly block: Section | null;
}

/** A section that stands in a text. */
export interface Section {
  readonly name: string;
  readonly header: HeaderLine | null;
  readonly entries: readonly SectionEntry[];
}

export interface SectionEntry {
  readonly name: string;
  readonly line: EntryLine;
}

/** Where a value stands. `bare`: without its quotes once it is sealed, since sops would not find the comment behind them. */
export interface IniPlace extends Place {
  readonly style: ValueStyle;
  readonly bare: boolean;
}

/** The name of the section without a header, which each tree starts with. */
export const defaultName = 'DEFAULT';
/** The name of the section that is the metadata block. */
export const blockName = 'sops';
/** A byte order mark, as bytes. */
const byteOrderMark = '\u00ef\u00bb\u00bf';

/** Reads a plain or a sealed INI text. `sops-format.md` §8.1. @throws SecError, see `Format.read` */
export function readIni(bytes: Uint8Array, file: string): IniSource {
  if (bytes.length > maxBytes) throw new SecError({ code: 'too-large', file, what: 'bytes', limit: maxBytes });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const malformed: Malformed = (reason, at) => new SecError({ code: 'malformed', file, format: 'ini', reason, line: lineOf(text, at) });
  if (/^(?:\u00fe\u00ff|\u00ff\u00fe)/.test(text)) throw malformed('text in UTF-16', 0);
  const start = text.startsWith(byteOrderMark) ? byteOrderMark.length : 0;
  const eol = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
  const builder = new Builder({ text, file, eol, malformed });
  for (const line of readLines(text, start, malformed)) builder.add(line);
  const { sections, items, block } = builder.end();
  const root: Branch = { kind: 'map', items, place: { start: 0, end: text.length, style: 'text' } };
  const metadata = block === null ? null : metadataOf(block, file);
  return { text, file, eol, start, sections, block, tree: { documents: [root] }, metadata };
}

/** The two characters `\n` are a line break; releases 3.13.0 and 3.13.1 wrote real ones. */
function metadataOf({ entries }: Section, file: string): MetaMap {
  const last = new Map(entries.map(({ name, line }) => [name, line.value]));
  return unflatten(
    Array.from(last, ([name, value]) => [name, fieldText(value)] as const),
    file,
  );
}

/** What a field of the metadata block says. */
export function fieldText({ chars }: ReadValue): string {
  const text = chars.replaceAll('\\n', '\n');
  return fromChars(text) ?? text;
}

interface Reader {
  readonly text: string;
  readonly file: string;
  readonly eol: string;
  readonly malformed: Malformed;
}

interface OpenSection {
  readonly name: string;
  readonly header: HeaderLine | null;
  readonly entries: SectionEntry[];
  readonly items: (Entry | Comment)[];
}

/** Puts lines together to sections. */
class Builder {
  readonly #reader: Reader;
  readonly #sections: OpenSection[] = [{ name: defaultName, header: null, entries: [], items: [] }];
  #block: OpenSection | null = null;
  #isInBlock = false;
  #count = 1;
  #names = new Set<string>();
  #pending: CommentLine[] = [];

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  add(line: IniLine): void {
    if (line.kind === 'comment') this.#pending.push(line);
    else if (line.kind === 'header') this.#header(line);
    else this.#entry(line);
  }

  end(): { readonly sections: readonly Section[]; readonly items: readonly Entry[]; readonly block: Section | null } {
    // sops drops the comments at the end of a text, or takes them for those of the metadata block.
    if (!this.#isInBlock) this.#data().items.push(...this.#take(null));
    return { sections: this.#sections, items: this.#sections.map((section) => sectionEntry(section)), block: this.#block };
  }

  #header(line: HeaderLine): void {
    const name = this.#decode(this.#reader.text.slice(line.name.start, line.name.end), 'the name of a section', line.start);
    this.#count = 1;
    this.#names = new Set();
    if (name === blockName) {
      this.#openBlock(line);
      return;
    }
    this.#isInBlock = false;
    const comments = sectionComments(this.#reader.text, this.#pending, line, this.#reader.eol);
    this.#pending = [];
    this.#sections.push({ name, header: line, entries: [], items: [...comments] });
  }

  #openBlock(line: HeaderLine): void {
    if (this.#block !== null) {
      throw new SecError({ code: 'bad-metadata', file: this.#reader.file, reason: 'there are two sections named sops' });
    }
    this.#data().items.push(...this.#take(null));
    this.#block = { name: blockName, header: line, entries: [], items: [] };
    this.#isInBlock = true;
  }

  #entry(line: EntryLine): void {
    const { text, file } = this.#reader;
    const name = this.#nameOf(line);
    if (this.#isInBlock) {
      this.#block?.entries.push({ name, line });
      this.#pending = [];
      return;
    }
    // sops would keep the last value only.
    if (this.#names.has(name)) throw new SecError({ code: 'duplicate-key', file, key: name, line: lineOf(text, line.key.span.start) });
    this.#names.add(name);
    const { entries, items } = this.#data();
    entries.push({ name, line });
    items.push(valueEntry(name, line), ...this.#take(inlineOf(text, line.value)));
  }

  /** A key `-` counts: it is the first of its section, the second, and so on. */
  #nameOf({ key }: EntryLine): string {
    if (key.chars !== '-') return this.#decode(key.chars, 'a key', key.span.start);
    const name = `#${this.#count}`;
    this.#count += 1;
    return name;
  }

  #take(inline: Inline | null): readonly Comment[] {
    const comments = entryComments(this.#reader.text, this.#pending, inline);
    this.#pending = [];
    return comments;
  }

  #data(): OpenSection {
    const last = this.#sections.at(-1);
    if (last === undefined) throw new RangeError('there is always a section');
    return last;
  }

  #decode(chars: string, what: string, at: number): string {
    const name = fromChars(chars);
    if (name === null) throw this.#reader.malformed(`${what} that is not UTF-8`, at);
    return name;
  }
}

function sectionEntry({ items, ...section }: OpenSection): Entry {
  const bounds = boundsOf(section);
  const place: Place | null = bounds === null ? null : { ...bounds, style: 'section' };
  return { kind: 'entry', key: section.name, keySpan: section.header?.name ?? null, value: { kind: 'map', items, place } };
}

function valueEntry(key: string, { key: { span }, value }: EntryLine): Entry {
  const place: IniPlace = { ...value.span, style: value.style, bare: value.commentIsSeen && value.chars.includes('\n') };
  return { kind: 'entry', key, keySpan: span, value: { kind: 'leaf', value: scalarOf(value.chars), place } };
}

function scalarOf(chars: string): Scalar {
  const text = fromChars(chars);
  return text === null ? { type: 'bytes', bytes: Buffer.from(chars, 'latin1') } : { type: 'str', text };
}

function inlineOf(text: string, { comment, commentIsSeen, span, style }: ReadValue): Inline | null {
  if (comment === null) return null;
  const isEmpty = span.start === span.end;
  const sticks = isEmpty ? /^[#;]+[^\s#;]/.test(text.slice(comment.start, comment.end)) : comment.start === span.end;
  const isOpenQuote = !isEmpty && /["']/.test(text.charAt(span.start));
  return { span: comment, isSeen: commentIsSeen, isGlued: style === 'plain' && (sticks || isOpenQuote) };
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

/** Bounds of the text of a section: from its header, or else its first entry, to behind its last line; `null` where it has none. */
export function boundsOf({ header, entries }: Section): Span | null {
  const start = header?.start ?? entries[0]?.line.start;
  const end = entries.at(-1)?.line.next ?? header?.next;
  return start === undefined || end === undefined ? null : { start, end };
}

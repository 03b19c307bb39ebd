import type { Span } from '../core/tree.ts';
import { skipSpace, skipSpaceBack, trim } from './ini-space.ts';

/** What stands behind the delimiter of an INI entry, as sops reads it. `sops-format.md` §8.1. */

/** How a value is written. `lines` are joined by backslashes at their ends. */
export type ValueStyle = 'plain' | 'double' | 'single' | 'triple' | 'backtick' | 'lines';

/** A value that was read. Texts are one character a byte. */
export interface ReadValue {
  /** All that says the value, quotes included. */
  readonly span: Span;
  readonly style: ValueStyle;
  readonly chars: string;
  /** The comment behind the value, marker included; `null` where there is none. */
  readonly comment: Span | null;
  /** Whether sops finds that comment too: behind the closing quote of a value on one line it finds none. */
  readonly commentIsSeen: boolean;
  /** Where the next line of the text starts. */
  readonly next: number;
}

/** Why a text is no value. */
export type NoValue = 'a quoted value without its closing quote' | 'text behind a closing quote';

const quotes = { triple: '"""', backtick: '`', double: '"', single: "'" } as const;

/** Reads from behind a delimiter. @param next where the next line starts */
export function readValue(text: string, from: number, next: number): ReadValue | NoValue {
  const start = skipSpace(text, { start: from, end: next });
  if (start === next) return plain(text, emptyPlace(text, from, next), null, next);
  if (next - start > 3 && text.startsWith(quotes.triple, start)) return readQuoted(text, start, next, 'triple');
  if (text[start] === quotes.backtick) return readQuoted(text, start, next, 'backtick');
  const end = skipSpaceBack(text, { start, end: next });
  if (text[end - 1] === '\\') return readLines(text, { start, end }, next);
  const marker = text.slice(start, end).search(/[#;]/);
  if (marker < 0) return plain(text, { start, end }, null, next);
  const cut = start + marker;
  const span = marker === 0 ? emptyPlace(text, from, next) : { start, end: skipSpaceBack(text, { start, end: cut }) };
  return plain(text, span, { start: cut, end }, next);
}

/** Where the next line starts. */
export function nextLine(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  return feed < 0 ? text.length : feed + 1;
}

/** How a text is written as a value in a style. `lines` has no way back. */
export function quoted(chars: string, style: ValueStyle): string {
  if (style === 'plain' || style === 'lines') return chars;
  return quotes[style] + chars + quotes[style];
}

/** A value without text stands behind one space, so that what is put there does not stick to the delimiter. */
function emptyPlace(text: string, from: number, next: number): Span {
  const at = from < next && /[ \t]/.test(text[from] ?? '') ? from + 1 : from;
  return { start: at, end: at };
}

/** One pair of quotes goes if there is no other such quote between them. */
function plain(text: string, span: Span, comment: Span | null, next: number): ReadValue {
  const chars = text.slice(span.start, span.end);
  const style = (['single', 'double'] as const).find((style) => isAround(chars, quotes[style]));
  const inner = style === undefined ? chars : chars.slice(1, -1);
  return { span, style: style ?? 'plain', chars: inner, comment, commentIsSeen: comment !== null, next };
}

function isAround(chars: string, quote: string): boolean {
  return chars.startsWith(quote) && chars.indexOf(quote, 1) === chars.length - 1;
}

/** Up to the last closing quote on its line, or on the first line after it that has one. */
function readQuoted(text: string, start: number, next: number, style: 'triple' | 'backtick'): ReadValue | NoValue {
  const quote = quotes[style];
  const open = start + quote.length;
  let line = { start: open, end: next };
  for (;;) {
    const close = text.slice(line.start, line.end).lastIndexOf(quote);
    if (close >= 0) return closed(text, { start, end: line.start + close + quote.length }, line.end, style);
    if (line.end === text.length) return 'a quoted value without its closing quote';
    line = { start: line.end, end: nextLine(text, line.end) };
  }
}

function closed(text: string, span: Span, next: number, style: 'triple' | 'backtick'): ReadValue | NoValue {
  const { length } = quotes[style];
  const chars = text.slice(span.start + length, span.end - length);
  const behind = trim(text, { start: span.end, end: next });
  const isEmpty = behind.start >= behind.end;
  if (!isEmpty && !/[#;]/.test(text[behind.start] ?? '')) return 'text behind a closing quote';
  return { span, style, chars, comment: isEmpty ? null : behind, commentIsSeen: !isEmpty && chars.includes('\n'), next };
}

/** Lines whose ends are backslashes, and the one after them. Nothing in them is a quote or a comment. */
function readLines(text: string, first: Span, next: number): ReadValue {
  const parts = [text.slice(first.start, first.end - 1)];
  let { end } = first;
  let following = next;
  for (let goesOn = true; goesOn && following < text.length;) {
    const line = { start: following, end: nextLine(text, following) };
    const content = trim(text, line);
    following = line.end;
    if (content.start >= content.end) break;
    end = content.end;
    goesOn = text[end - 1] === '\\';
    parts.push(text.slice(content.start, goesOn ? end - 1 : end));
  }
  const span = { start: first.start, end };
  return { span, style: 'lines', chars: parts.join(''), comment: null, commentIsSeen: false, next: following };
}

import { SecError } from '../core/problem.ts';

/** A `.env` text as lines. Bytes are characters here: sops reads these files as bytes. `sops-format.md` §7.1. */

/** What every key of the metadata block starts with. */
export const blockPrefix = 'sops_';

/** One line of the text; a value in quotes may make it several lines of the file. */
export interface Line {
  readonly kind: 'blank' | 'comment' | 'entry';
  readonly start: number;
  /** Where the content ends and the line end begins. */
  readonly end: number;
  /** Where the next line starts. */
  readonly next: number;
  /** Of an entry, where `=` stands; else the start. */
  readonly equals: number;
  /** Whether the value has line breaks of its own. */
  readonly broken: boolean;
}

export interface Lines {
  readonly lines: readonly Line[];
  /** Whether every line ends with CRLF, so that the CR is part of the line end. Elsewhere it is part of the value, as for sops. */
  readonly crlf: boolean;
}

/** How a text is read. */
export interface LineOptions {
  /** Where the first line starts. */
  readonly from: number;
  /** Whether a CR is part of the value even where every line has one. */
  readonly keepsReturns: boolean;
  /** Name for messages. */
  readonly file: string;
}

/** @throws SecError `malformed` for a line that is neither empty nor a comment and has no `=` */
export function linesOf(text: string, { from, keepsReturns, file }: LineOptions): Lines {
  const crlf = !keepsReturns && endsWithCrlf(text);
  const lines: Line[] = [];
  let start = from;
  let number = 1;
  while (start < text.length) {
    const single = lineAt({ text, crlf }, start);
    if (single === null) throw noEntry(file, number);
    const line = single.kind === 'entry' ? wholeLine({ text, crlf }, single) : single;
    lines.push(line);
    number += line.broken ? text.slice(start, line.end).split('\n').length : 1;
    start = line.next;
  }
  return { lines, crlf };
}

function noEntry(file: string, line: number): SecError {
  return new SecError({ code: 'malformed', file, format: 'dotenv', reason: 'a line without "=" that is no comment', line });
}

function endsWithCrlf(text: string): boolean {
  const first = text.indexOf('\n');
  return first > 0 && !/(?:^|[^\r])\n/.test(text);
}

interface Reading {
  readonly text: string;
  readonly crlf: boolean;
}

/** `null` for a line that is no entry, no comment and not empty. */
function lineAt({ text, crlf }: Reading, start: number): Line | null {
  const next = nextLine(text, start);
  const end = contentEnd({ text, crlf }, next);
  if (end === start) return { kind: 'blank', start, end, next, equals: start, broken: false };
  if (text.startsWith('#', start)) return { kind: 'comment', start, end, next, equals: start, broken: false };
  const equals = text.slice(start, end).indexOf('=');
  return equals < 0 ? null : { kind: 'entry', start, end, next, equals: start + equals, broken: false };
}

/** Where the line end before the start of the next line begins. */
function contentEnd({ text, crlf }: Reading, next: number): number {
  if (text.charCodeAt(next - 1) !== 10) return next;
  return next - (crlf ? 2 : 1);
}

function nextLine(text: string, start: number): number {
  const lineFeed = text.indexOf('\n', start);
  return lineFeed < 0 ? text.length : lineFeed + 1;
}

/**
 * The line, or all lines of a value in quotes that goes on after the line end. Only where sops could not read the text at all: lines
 * that all have a `=` are entries, whatever the quotes say. No value reaches into the metadata block.
 */
function wholeLine(reading: Reading, line: Line): Line {
  const { text } = reading;
  const opening = /^[ \t]*(["'`])/.exec(text.slice(line.equals + 1, line.end));
  if (!opening) return line;
  const close = closingQuote(text, opening[1] ?? '', line.equals + 1 + opening[0].length);
  if (close < line.end) return line;
  const next = nextLine(text, close);
  const end = contentEnd(reading, next);
  if (!/^[ \t\r]*(?:#[^]*)?$/.test(text.slice(close + 1, end))) return line;
  let isBroken = false;
  for (let start = line.next; start < next; start = nextLine(text, start)) {
    if (text.startsWith(blockPrefix, start)) return line;
    isBroken ||= lineAt(reading, start) === null;
  }
  return isBroken ? { ...line, end, next, broken: true } : line;
}

/** The next quote of a kind with no backslash before it, -1 where there is none. */
function closingQuote(text: string, quote: string, from: number): number {
  let at = text.indexOf(quote, from);
  while (at > 0 && text[at - 1] === '\\') at = text.indexOf(quote, at + 1);
  return at;
}

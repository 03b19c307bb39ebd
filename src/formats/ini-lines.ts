import type { SecError } from '../core/problem.ts';
import type { Span } from '../core/tree.ts';
import { readKey } from './ini-key.ts';
import type { ReadKey } from './ini-key.ts';
import { skipSpace, skipSpaceBack, trim } from './ini-space.ts';
import { nextLine, readValue } from './ini-value.ts';
import type { ReadValue } from './ini-value.ts';

/** An INI text in lines, without the blank ones. A value may make one of them several lines of the file. `sops-format.md` §8.1. */

export type IniLine = CommentLine | HeaderLine | EntryLine;

/** Bounds of a line: from its start, white space included, to the start of the next one. */
interface Bounds {
  readonly start: number;
  readonly next: number;
}

export interface CommentLine extends Bounds {
  readonly kind: 'comment';
  /** From the marker on, without white space at the end. */
  readonly span: Span;
}

export interface HeaderLine extends Bounds {
  readonly kind: 'header';
  readonly name: Span;
  readonly comment: Span | null;
}

export interface EntryLine extends Bounds {
  readonly kind: 'entry';
  readonly key: ReadKey;
  readonly value: ReadValue;
}

/** Makes the failure of a line. */
export type Malformed = (reason: string, at: number) => SecError;

/** @param from where the first line starts @throws what `malformed` makes */
export function readLines(text: string, from: number, malformed: Malformed): readonly IniLine[] {
  const lines: IniLine[] = [];
  for (let start = from; start < text.length;) {
    const bounds = { start, next: nextLine(text, start) };
    const content = { start: skipSpace(text, { start, end: bounds.next }), end: bounds.next };
    const line = content.start === content.end ? null : readLine(text, bounds, content, malformed);
    if (line !== null) lines.push(line);
    start = line?.next ?? bounds.next;
  }
  return lines;
}

function readLine(text: string, bounds: Bounds, content: Span, malformed: Malformed): IniLine {
  const first = text.charAt(content.start);
  if (first === '#' || first === ';') {
    return { ...bounds, kind: 'comment', span: { start: content.start, end: skipSpaceBack(text, content) } };
  }
  const line = first === '[' ? readHeader(text, bounds, content) : readEntry(text, bounds, content);
  if (typeof line === 'string') throw malformed(line, content.start);
  return line;
}

/** A name goes up to the last bracket, even one in a comment. */
function readHeader(text: string, bounds: Bounds, content: Span): HeaderLine | string {
  const close = text.slice(content.start, content.end).lastIndexOf(']');
  if (close < 0) return 'a section without its closing bracket';
  if (close === 1) return 'a section without a name';
  const name = { start: content.start + 1, end: content.start + close };
  const behind = trim(text, { start: name.end + 1, end: content.end });
  const isEmpty = behind.start >= behind.end;
  if (!isEmpty && !/[#;]/.test(text.charAt(behind.start))) return 'text behind the name of a section';
  return { ...bounds, kind: 'header', name, comment: isEmpty ? null : behind };
}

function readEntry(text: string, bounds: Bounds, content: Span): EntryLine | string {
  const key = readKey(text, content);
  if (typeof key === 'string') return key;
  const value = readValue(text, key.delimiter + 1, content.end);
  return typeof value === 'string' ? value : { start: bounds.start, next: value.next, kind: 'entry', key, value };
}

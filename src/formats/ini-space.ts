import type { Span } from '../core/tree.ts';
import { toChars } from './dotenv-text.ts';

/** White space as Go has it (`unicode.IsSpace`), in a text of one character a byte. */

const codePoints = [
  0x85,
  0xa0,
  0x16_80,
  0x20_28,
  0x20_29,
  0x20_2f,
  0x20_5f,
  0x30_00,
  ...Array.from({ length: 11 }, (_, at) => 0x20_00 + at),
];
const beyondAscii: ReadonlySet<string> = new Set(codePoints.map((code) => toChars(String.fromCodePoint(code))));

/** Where what is no white space starts. */
export function skipSpace(text: string, { start, end }: Span): number {
  let at = start;
  for (let length = spaceAt(text, at, end); length > 0; length = spaceAt(text, at, end)) at += length;
  return at;
}

/** Where what is no white space ends. */
export function skipSpaceBack(text: string, { start, end }: Span): number {
  let at = end;
  for (let length = spaceBefore(text, at, start); length > 0; length = spaceBefore(text, at, start)) at -= length;
  return at;
}

/** A piece of a text without the white space around it. */
export function trim(text: string, span: Span): Span {
  const start = skipSpace(text, span);
  return { start, end: skipSpaceBack(text, { start, end: span.end }) };
}

/** Length of the space that starts at an offset, 0 where there is none. */
function spaceAt(text: string, at: number, end: number): number {
  if (at >= end) return 0;
  const code = text.charCodeAt(at);
  if (code < 0x80) return isAsciiSpace(code) ? 1 : 0;
  return [2, 3].find((length) => at + length <= end && beyondAscii.has(text.slice(at, at + length))) ?? 0;
}

/** Length of the space that ends at an offset, 0 where there is none. */
function spaceBefore(text: string, at: number, start: number): number {
  if (at <= start) return 0;
  const code = text.charCodeAt(at - 1);
  if (code < 0x80) return isAsciiSpace(code) ? 1 : 0;
  return [2, 3].find((length) => at - length >= start && beyondAscii.has(text.slice(at - length, at))) ?? 0;
}

/** Tab, line feed, vertical tab, form feed, carriage return, space. */
function isAsciiSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

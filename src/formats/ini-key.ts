import type { Span } from '../core/tree.ts';
import { skipSpace, trim } from './ini-space.ts';

/** The key of an INI entry, as sops reads it. `sops-format.md` §8.1. */

/** A key that was read. */
export interface ReadKey {
  readonly chars: string;
  /** The key with its quotes. */
  readonly span: Span;
  /** Where its delimiter stands. */
  readonly delimiter: number;
}

/** Why a text has no key. */
export type NoKey =
  | 'a line without "=" and ":"'
  | 'an entry without a key'
  | 'a quoted key without its closing quote'
  | 'text behind a quoted key';

/** Reads the key at the start of a line. @param line from its first character that is no white space to where the next line starts */
export function readKey(text: string, line: Span): ReadKey | NoKey {
  const quote = openingQuote(text, line);
  if (quote !== '') return readQuoted(text, line, quote);
  const delimiter = delimiterFrom(text, line);
  if (delimiter === null) return 'a line without "=" and ":"';
  const span = trim(text, { start: line.start, end: delimiter });
  return named(text, span, span, delimiter);
}

function openingQuote(text: string, { start, end }: Span): string {
  if (text.startsWith('"""', start) && end - start > 6) return '"""';
  return text.startsWith('"', start) || text.startsWith('`', start) ? text.charAt(start) : '';
}

function readQuoted(text: string, { start, end }: Span, quote: string): ReadKey | NoKey {
  const open = start + quote.length;
  const close = text.slice(open, end).indexOf(quote);
  if (close < 0) return 'a quoted key without its closing quote';
  const behind = open + close + quote.length;
  const delimiter = delimiterFrom(text, { start: behind, end });
  if (delimiter === null) return 'a line without "=" and ":"';
  if (skipSpace(text, { start: behind, end: delimiter }) < delimiter) return 'text behind a quoted key';
  return named(text, trim(text, { start: open, end: open + close }), { start, end: behind }, delimiter);
}

function named(text: string, name: Span, span: Span, delimiter: number): ReadKey | NoKey {
  const chars = text.slice(name.start, name.end);
  return chars === '' ? 'an entry without a key' : { chars, span, delimiter };
}

function delimiterFrom(text: string, { start, end }: Span): number | null {
  const found = text.slice(start, end).search(/[=:]/);
  return found < 0 ? null : start + found;
}

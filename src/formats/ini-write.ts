import { SecError } from '../core/problem.ts';
import type { Node, Place, Scalar } from '../core/tree.ts';
import { toChars } from './dotenv-text.ts';
import { readKey } from './ini-key.ts';
import { blockName, defaultName } from './ini-read.ts';
import { nextLine, quoted, readValue } from './ini-value.ts';
import type { ValueStyle } from './ini-value.ts';
import { scalarText } from './scalar-text.ts';

/** Keys and values written so that they are read as themselves. `sops-format.md` §8.2. */

const fallbacks: readonly ValueStyle[] = ['plain', 'backtick', 'triple', 'double', 'single'];

/** A value in the style that it had, else as sops writes it, else in any style that holds it. @throws SecError `cannot-write` */
export function writeValue(chars: string, preferred: ValueStyle | null, file: string): string {
  const style = [...(preferred === null ? [] : [preferred]), styleOfSops(chars), ...fallbacks].find((style) => holds(chars, style));
  if (style === undefined) throw cannotWrite(file, 'a text with both kinds of quotes that hold line breaks');
  return quoted(chars, style);
}

/** A value as characters. @throws SecError `cannot-write` for null */
export function scalarChars(value: Scalar, file: string): string {
  if (value.type === 'null') throw cannotWrite(file, 'there is no null in this format');
  return value.type === 'bytes' ? Buffer.from(value.bytes).toString('latin1') : toChars(scalarText(value));
}

/** The value of an entry. @throws SecError `cannot-write`, with the key, for a map, a list and null */
export function leafChars(key: string, value: Node, file: string): string {
  if (value.kind !== 'leaf') throw cannotWrite(file, `${key} holds a ${value.kind}, and there is no such thing in a section`);
  if (value.value.type === 'null') throw cannotWrite(file, `${key} holds null, and there is no such thing in this format`);
  return scalarChars(value.value, file);
}

/** A key with the quotes that it needs. @throws SecError `cannot-write` for one that would be read as something else */
export function writeKey(key: string, file: string): string {
  const chars = toChars(key);
  const quote = /["=:]/.test(chars) ? '`' : chars.includes('`') ? '"""' : '';
  const written = [quote, '', '`', '"""', '"'].map((quote) => quote + chars + quote).find((text) => isKey(text, chars));
  if (written === undefined) throw cannotWrite(file, `a key that cannot be written: ${JSON.stringify(key)}`);
  return written;
}

/** The header of a section. @throws SecError `cannot-write` */
export function writeHeader(name: string, file: string): string {
  if (name === blockName) throw cannotWrite(file, `the section ${blockName} is reserved`);
  if (name === '' || name.includes('\n')) throw cannotWrite(file, `a section cannot be named ${JSON.stringify(name)}`);
  return `[${toChars(name)}]`;
}

/** Whether a section stands at the start of a text without a header. */
export function hasNoHeader(name: string, index: number): boolean {
  return index === 0 && name === defaultName;
}

/** What this format has no text for. */
export function cannotWrite(file: string, reason: string): SecError {
  return new SecError({ code: 'cannot-write', file, format: 'ini', reason });
}

/** The style of a place of this format. */
export function styleOf({ style }: Place): ValueStyle | null {
  return fallbacks.find((known) => known === style) ?? null;
}

function styleOfSops(chars: string): ValueStyle {
  if (/[\n`]/.test(chars)) return 'triple';
  return /[#;]/.test(chars) ? 'backtick' : holds(chars, 'plain') ? 'plain' : 'double';
}

function holds(chars: string, style: ValueStyle): boolean {
  if (style === 'lines') return false;
  const line = `${quoted(chars, style)}\n`;
  const read = readValue(line, 0, nextLine(line, 0));
  return typeof read !== 'string' && read.chars === chars && read.next === line.length;
}

/** Markers of other things at its start come first, as does a byte order mark; `-` counts. */
function isKey(written: string, chars: string): boolean {
  const line = `${written}=`;
  if (/^(?:[#;[]|\u00ef\u00bb\u00bf)/.test(line) || chars.includes('\n') || chars === '-') return false;
  const read = readKey(line, { start: 0, end: line.length });
  return typeof read !== 'string' && read.chars === chars && read.delimiter === written.length;
}

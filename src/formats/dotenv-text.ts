import type { Scalar } from '../core/tree.ts';
import { scalarText } from './scalar-text.ts';

/** Bytes as characters, as the text of a `.env` file holds them, and what they say. `sops-format.md` §7. */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const beyondAscii = /[^\u0000-\u007f]/u;

/** Text as one character a byte of its UTF-8. */
export function toChars(text: string): string {
  return beyondAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The text that such characters say, or `null` where their bytes are not UTF-8. */
export function fromChars(chars: string): string | null {
  if (!beyondAscii.test(chars)) return chars;
  try {
    return strict.decode(Buffer.from(chars, 'latin1'));
  } catch {
    return null;
  }
}

/** The value of an entry. The two characters `\n` are a line break; there is no way to write them as themselves. */
export function valueOf(chars: string): Scalar {
  const unescaped = chars.replaceAll('\\n', '\n');
  const text = fromChars(unescaped);
  return text === null ? { type: 'bytes', bytes: Buffer.from(unescaped, 'latin1') } : { type: 'str', text };
}

/** How an entry writes a value, `null` for null, which is none. */
export function valueChars(value: Scalar): string | null {
  if (value.type === 'null') return null;
  const chars = value.type === 'bytes' ? Buffer.from(value.bytes).toString('latin1') : toChars(scalarText(value));
  return chars.replaceAll('\n', '\\n');
}

/** A comment with its marker, which each of its lines needs. */
export function commentChars(text: string): string {
  return `#${toChars(text).replaceAll('\n', '\n#')}`;
}

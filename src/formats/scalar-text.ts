import { canonicalInt, decompose, parseFloat64, plainDecimal } from '../core/numbers.ts';
import { timeInSeconds } from '../core/time.ts';
import type { Scalar } from '../core/tree.ts';

/** The types that have a text in `.env` files, INI files and environments. `null` has none, and `bytes` are no text. */
export type TextScalar = Exclude<Scalar, { readonly type: 'null' } | { readonly type: 'bytes' }>;

/** A value as `.env` files, INI files and environments hold it (`sops-format.md` §9). @throws RangeError for an impossible number or time */
export function scalarText(value: TextScalar): string {
  switch (value.type) {
    case 'str':
      return value.text;
    case 'int':
      return canonicalInt(value.text);
    case 'float':
      return floatText(value.text);
    case 'bool':
      return value.value ? 'true' : 'false';
    case 'time':
      return timeInSeconds(value.text);
  }
}

/** Go's `%G` with the shortest digits, and a point forced where the text would be that of an int. */
function floatText(text: string): string {
  const value = parseFloat64(text);
  if (value === null) throw new RangeError('not a 64-bit float');
  if (!Number.isFinite(value)) return plainDecimal(value);
  const { negative, digits, exponent } = decompose(value);
  if (exponent >= -4 && exponent < 6) return withPoint(plainDecimal(value));
  const mantissa = digits.length > 1 ? `${digits.slice(0, 1)}.${digits.slice(1)}` : digits;
  return `${negative ? '-' : ''}${mantissa}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function withPoint(text: string): string {
  return text.includes('.') ? text : `${text}.0`;
}

/** Numbers as text: nothing here ever rounds silently. `sops-format.md` §11.3. */

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;
const decimalInt = /^[+-]?[0-9]+$/;
const decimalFloat = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const hexFloat = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/;
/** Longer than any number that means something, short enough that BigInt stays fast. */
const longestNumber = 4096;

/** Whether a text is decimal digits with an optional sign, within 64 bits signed. */
export function isInt64(text: string): boolean {
  if (text.length > longestNumber || !decimalInt.test(text)) return false;
  const value = toBigInt(text);
  return value >= int64Min && value <= int64Max;
}

/** The text of an int as it goes into the MAC: decimal, `-` for negatives, no leading zeros. @throws RangeError when it is none */
export function canonicalInt(text: string): string {
  if (!isInt64(text)) throw new RangeError('not a 64-bit integer');
  return toBigInt(text).toString();
}

/** BigInt reads no plus sign. */
function toBigInt(text: string): bigint {
  return BigInt(text.startsWith('+') ? text.slice(1) : text);
}

/** Whether Go's `ParseFloat` reads the text as a 64-bit float without overflow. */
export function isFloat(text: string): boolean {
  return parseFloat64(text) !== null;
}

/**
 * The text of a float as it goes into the MAC and as sops writes it into a ciphertext: the shortest digits that read as the same
 * float, never an exponent; `-0`, `+Inf`, `-Inf`, `NaN`. @throws RangeError when it is none
 */
export function canonicalFloat(text: string): string {
  const value = parseFloat64(text);
  if (value === null) throw new RangeError('not a 64-bit float');
  return plainDecimal(value);
}

/** A float without an exponent, in the digits that JavaScript and Go agree on. */
export function plainDecimal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const { negative, digits, exponent } = decompose(value);
  return (negative ? '-' : '') + placePoint(digits, exponent);
}

/** Digits without zeros at either end, and the exponent of the first of them. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** The shortest decimal that reads as the same float. The value must be finite. */
export function decompose(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return { negative: value < 0 || Object.is(value, -0), digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function placePoint(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (exponent >= digits.length - 1) return digits.padEnd(exponent + 1, '0');
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** The float that Go reads, or `null` where Go refuses the text or it is out of range. */
export function parseFloat64(text: string): number | null {
  if (decimalFloat.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : null;
  }
  return parseNamedFloat(text) ?? parseHexFloat(text);
}

function parseNamedFloat(text: string): number | null {
  const match = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (!match) return null;
  if (match[2]?.toLowerCase() === 'nan') return match[1] === '' ? Number.NaN : null;
  return match[1] === '-' ? -Infinity : Infinity;
}

/** Never written by sops, but its reader takes them. More digits than fit a float exactly are refused, not rounded. */
function parseHexFloat(text: string): number | null {
  const match = hexFloat.exec(text);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (whole + fraction === '' || digits.length > 13) return null;
  const value = Number.parseInt(digits || '0', 16) * 2 ** (Number(exponent) - 4 * fraction.length);
  return Number.isFinite(value) ? (sign === '-' ? -value : value) : null;
}

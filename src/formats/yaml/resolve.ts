import { parseFloat64, plainDecimal } from '../../core/numbers.ts';
import { isDate } from '../../core/time.ts';
import type { Scalar } from '../../core/tree.ts';

/** What a plain scalar means to go-yaml: neither the YAML 1.1 nor the 1.2 schema. `sops-format.md` §4.2. */

const nulls: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
/** What is longer is not even looked up: for that, every character of a sealed value would be read. */
const longestWord = 5;
const trues: ReadonlySet<string> = new Set(['true', 'True', 'TRUE']);
const falses: ReadonlySet<string> = new Set(['false', 'False', 'FALSE']);
const infinity = /^[+-]?\.(?:inf|Inf|INF)$/;
const notANumber = /^\.(?:nan|NaN|NAN)$/;
const decimal = /^[+-]?[0-9]+$/;
const float = /^[+-]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][+-]?[0-9]+)?$/;
const date = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const dateTime = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]| )(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})?$/;

/** A whole number that neither int64 nor float64 of sops can carry as it is: 2^63 to 2^64 - 1. */
export interface Unsigned {
  readonly type: 'unsigned';
}

/** The value of a plain scalar. An `Unsigned` cannot be encrypted (§4.2). */
export function resolvePlain(text: string): Scalar | Unsigned {
  if (text.length <= longestWord && nulls.has(text)) return { type: 'null' };
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!numeric) {
    if (text.length > longestWord) return { type: 'str', text };
    if (trues.has(text)) return { type: 'bool', value: true };
    if (falses.has(text)) return { type: 'bool', value: false };
    return { type: 'str', text };
  }
  return resolveTime(text) ?? resolveNumber(text) ?? { type: 'str', text };
}

function resolveNumber(text: string): Scalar | Unsigned | null {
  // Such as a version.
  if (text.indexOf('.') !== text.lastIndexOf('.')) return null;
  if (infinity.test(text)) return { type: 'float', text: text.startsWith('-') ? '-Inf' : '+Inf' };
  if (notANumber.test(text)) return { type: 'float', text: 'NaN' };
  const plain = text.replaceAll('_', '');
  const whole = wholeNumber(plain);
  if (whole !== null) return sized(whole, plain);
  if (!float.test(plain)) return null;
  return parseFloat64(plain) === null ? null : { type: 'float', text: plain };
}

/** The integer that a text means, in any of the bases: `0x1F`, `0b1`, `0o17`, and `017` which is octal too. */
function wholeNumber(text: string): bigint | null {
  const negative = text.startsWith('-');
  const digits = /^[+-]/.test(text) ? text.slice(1) : text;
  const value = unsignedNumber(digits);
  if (value === null) return null;
  return negative ? -value : value;
}

function unsignedNumber(digits: string): bigint | null {
  if (/^0[xX][0-9a-fA-F]+$/.test(digits)) return BigInt(`0x${digits.slice(2)}`);
  if (/^0[bB][01]+$/.test(digits)) return BigInt(`0b${digits.slice(2)}`);
  if (/^0[oO]?[0-7]+$/.test(digits)) return BigInt(`0o${digits.replace(/^0[oO]?/, '') || '0'}`);
  if (/^(0|[1-9][0-9]*)$/.test(digits)) return BigInt(digits);
  return null;
}

function sized(value: bigint, text: string): Scalar | Unsigned | null {
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return { type: 'int', text: intText(value, text) };
  if (value > 0n && value < 2n ** 64n) return { type: 'unsigned' };
  // Beyond 64 bits only decimal digits are a number, and they are a float whose text is kept to the last digit.
  if (!decimal.test(text)) return null;
  const read = parseFloat64(text);
  return read === null ? null : { type: 'float', text };
}

/** The notation is kept where sops's reader of ciphertexts, which knows only decimal, reads the same number from it. */
function intText(value: bigint, text: string): string {
  const digits = text.replace(/^\+/, '');
  return decimal.test(text) && BigInt(digits) === value ? text : value.toString();
}

/** A time, in RFC 3339. Fields may be short; without a zone it is UTC; impossible dates are strings. */
function resolveTime(text: string): Scalar | null {
  if (text.charCodeAt(4) !== 45) return null;
  const day = date.exec(text);
  const full = day ? null : dateTime.exec(text);
  const match = day ?? full;
  if (!match) return null;
  const [, year = '', month = '', dayOfMonth = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  if (!isDate(+year, +month, +dayOfMonth) || +hour > 23 || +minute > 59 || +second > 59) return null;
  const isSpaced = text.includes(' ');
  const hasZone = match[8] !== undefined;
  if (full && (isSpaced ? hasZone : !hasZone)) return null;
  return { type: 'time', text: rfc3339([year, month, dayOfMonth], [hour, minute, second], fraction, zone) };
}

function rfc3339(day: readonly string[], clock: readonly string[], fraction: string, zone: string): string {
  const two = (part: string): string => part.padStart(2, '0');
  return `${day.map(two).join('-')}T${clock.map(two).join(':')}${fraction ? `.${fraction.slice(0, 9)}` : ''}${zone}`;
}

/** Whether a text that stands plain would be read as this very kind of value again. */
export function readsAs(text: string, type: Scalar['type']): boolean {
  return resolvePlain(text).type === type;
}

/**
 * A float as go-yaml prints it (§4.5): shortest digits, scientific below 10⁻⁴ and from 10⁶ on whatever the digit count.
 */
export function yamlFloat(text: string): string {
  const value = parseFloat64(text) ?? Number.NaN;
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 6)) return plainDecimal(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${Math.abs(power).toString().padStart(2, '0')}`;
}

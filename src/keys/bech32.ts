/** Bech32 (BIP 173) without its limit of 90 characters, as age writes its keys. By hand, since every start needs it. */

const CHARACTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const CHECKSUM_LENGTH = 6;

/** A Bech32 text, read. The prefix keeps its case. */
export interface Bech32 {
  readonly prefix: string;
  readonly bytes: Uint8Array;
}

/** Reads a text of one case, upper or lower. `null` for anything that is not Bech32 to the letter. */
export function decodeBech32(text: string): Bech32 | null {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return null;
  const separator = lower.lastIndexOf('1');
  if (separator < 1 || lower.length - separator - 1 < CHECKSUM_LENGTH) return null;
  const prefix = lower.slice(0, separator);
  if (!/^[\x21-\x7e]+$/.test(prefix)) return null;
  const digits = Array.from(lower.slice(separator + 1), (character) => CHARACTERS.indexOf(character));
  if (digits.includes(-1) || checksum([...expand(prefix), ...digits]) !== 1) return null;
  const bytes = regroup(digits.slice(0, -CHECKSUM_LENGTH), 5, 8, false);
  return bytes === null ? null : { prefix: text.slice(0, separator), bytes: Uint8Array.from(bytes) };
}

/** Writes bytes in the case of the prefix. */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const lower = prefix.toLowerCase();
  const digits = regroup(bytes, 8, 5, true) ?? [];
  const rest = checksum([...expand(lower), ...digits, ...Array<number>(CHECKSUM_LENGTH).fill(0)]) ^ 1;
  const tail = Array.from({ length: CHECKSUM_LENGTH }, (_, i) => (rest >> (5 * (CHECKSUM_LENGTH - 1 - i))) & 31);
  const text = `${lower}1${[...digits, ...tail].map((digit) => CHARACTERS.charAt(digit)).join('')}`;
  return prefix === lower ? text : text.toUpperCase();
}

/** The prefix as it enters the checksum: the high bits of all its characters, a zero, the low bits. */
function expand(prefix: string): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function checksum(digits: readonly number[]): number {
  let state = 1;
  for (const digit of digits) {
    const top = state >> 25;
    state = ((state & 0x1ffffff) << 5) ^ digit;
    for (let bit = 0; bit < GENERATOR.length; bit += 1) if ((top >> bit) & 1) state ^= GENERATOR[bit] ?? 0;
  }
  return state;
}

/** Digits of one width as digits of another. Where nothing may be padded, what is left over must be zeros that fill no digit. */
function regroup(digits: Iterable<number>, from: number, to: number, pad: boolean): number[] | null {
  const regrouped: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const digit of digits) {
    buffer = ((buffer << from) | digit) & 0xfff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      regrouped.push((buffer >> bits) & ((1 << to) - 1));
    }
  }
  const left = buffer & ((1 << bits) - 1);
  if (pad && bits > 0) regrouped.push(left << (to - bits));
  return !pad && (bits >= from || left !== 0) ? null : regrouped;
}

import { readsAs } from './resolve.ts';

/** How a string is written. `sops-format.md` §4.5. */

const unprintable = /[^\n\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD]|\uFEFF/u;
const unprintableButTab = /[^\t\n\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD]|\uFEFF/u;
const indicators = /^[#,[\]{}&*!|>'"%@`]/;
const oldBooleans: ReadonlySet<string> = new Set([
  'y',
  'Y',
  'yes',
  'Yes',
  'YES',
  'on',
  'On',
  'ON',
  'n',
  'N',
  'no',
  'No',
  'NO',
  'off',
  'Off',
  'OFF',
]);
const baseSixty = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** What nothing below could object to: longer than any word that means something, and of letters first. */
const word = /^[A-Za-z][A-Za-z0-9_./+=-]{5,}$/;

/** Where a text will stand. */
export interface TextSpot {
  /** In `{…}` or `[…]`. */
  readonly flow: boolean;
  /** A key: it must stay on one line. */
  readonly key: boolean;
  /** Column of the lines of a block, and how that counts as an indentation digit. */
  readonly blockColumn: number;
  readonly blockDigit: number;
  readonly eol: string;
}

/** A string in the style that go-yaml would choose, save where its choice could not be read again (§23.5). */
export function printText(text: string, spot: TextSpot): string {
  if (word.test(text)) return text;
  if (text.includes('\n') && !spot.flow && !spot.key && isBlockable(text)) return printBlock(text, spot);
  // As a value, `<<` is a merge to some readers, and there is nothing to be merged.
  if (text === '' || isMistaken(text) || (text === '<<' && !spot.key)) return doubleQuote(text, true);
  if (isPlain(text, spot.flow)) return text;
  return isSingleQuotable(text) ? singleQuote(text) : doubleQuote(text, true);
}

/** Whether it would be read as something else without quotes: by go-yaml, or by readers of older YAML. */
function isMistaken(text: string): boolean {
  return !readsAs(text, 'str') || (text.length <= 3 && oldBooleans.has(text)) || baseSixty.test(text);
}

/** Whether a text can stand without quotes and still be itself. */
export function isPlain(text: string, flow: boolean): boolean {
  if (text === '' || /^[ \t]|[ \t]$/.test(text) || /^(---|\.\.\.)/.test(text) || indicators.test(text)) return false;
  if (/^[-?:](?:\s|$)/.test(text) || /: |:$| #/.test(text) || /[\t\n]/.test(text) || unprintable.test(text)) return false;
  if (/[\u2028\u2029]/.test(text)) return false;
  return !flow || !/[,[\]{}?]|^-|:[,[\]{}]/.test(text);
}

/** Whether single quotes can hold a text on one line. */
export function isSingleQuotable(text: string): boolean {
  return !/[\t\n\u2028\u2029]/.test(text) && !unprintable.test(text);
}

export function singleQuote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Whether a literal block can hold a text. One that begins with a tab is lost by go-yaml's own printer, so it is left out. */
function isBlockable(text: string): boolean {
  return !/ $| \n|^\n*\t|[\u0085\u2028\u2029]/.test(text) && !unprintableButTab.test(text);
}

function printBlock(text: string, spot: TextSpot): string {
  const digit = /^[ \n]/.test(text) ? String(spot.blockDigit) : '';
  const lines = blockLines(text, spot.blockColumn, spot.eol);
  return `|${digit}${chompingOf(text)}${spot.eol}${lines}`;
}

/** The indicator that keeps exactly the line breaks at the end of a text. */
export function chompingOf(text: string): '' | '-' | '+' {
  if (!text.endsWith('\n')) return '-';
  return text.endsWith('\n\n') || text === '\n' ? '+' : '';
}

/** The lines of a block, up to but without the line break of the last one, which stands in the text already. */
export function blockLines(text: string, column: number, eol: string): string {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const indentation = ' '.repeat(column);
  return body
    .split('\n')
    .map((line) => (line === '' ? '' : indentation + line))
    .join(eol);
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\u000B': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001B': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u00A0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

const alwaysEscaped = /["\\\u0000-\u0008\u000A-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/gu;
const escapedByGo = /["\\\t\u2028\u2029]|[^\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD]|\uFEFF/gu;

/** Double quotes. `asGo`: with the escapes that go-yaml writes; else only with those that are needed. */
export function doubleQuote(text: string, asGo: boolean): string {
  return `"${text.replace(asGo ? escapedByGo : alwaysEscaped, escapeOne)}"`;
}

function escapeOne(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/**
 * What double quotes hold. The YAML library puts such a text together sign by sign, which takes a hundred times its size in memory, so it
 * is read here, and of long ones the library sees nothing.
 */

/** The text, or where the first escape stands that is none, or a quote is missing. */
export type Unquoted = { readonly text: string } | { readonly badAt: number };

/** What is said of quotes that hold no text. */
export const badQuotes = 'its double quotes do not end, or an escape in them is not known';

/** @param source a scalar token in double quotes */
export function unquoteDouble(source: string): Unquoted {
  if (source.length < 2 || !source.endsWith('"')) return { badAt: source.length };
  const body = source.slice(1, -1);
  const hasBreaks = body.includes('\n');
  if (!hasBreaks && !body.includes('\\')) return { text: body };
  let badAt = -1;
  const text = body.replaceAll(hasBreaks ? escapesAndSpace : escapes, (found, at: number) => {
    if (!found.startsWith('\\')) return folded(found);
    const char = escaped(found);
    if (char === null && badAt < 0) badAt = at + 1;
    return char ?? '';
  });
  return badAt < 0 ? { text } : { badAt };
}

const escapes = /\\(?:x.{2}|u.{4}|U.{8}|\r?\n[ \t]*|[^]|$)/gsu;
const escapesAndSpace = /\\(?:x.{2}|u.{4}|U.{8}|\r?\n[ \t]*|[^]|$)|[ \t\r\n]+/gsu;

/** Line breaks with the space around them: one is a space, and of several the first goes. */
function folded(space: string): string {
  const breaks = space.split('\n').length - 1;
  if (breaks === 0) return space;
  return breaks === 1 ? ' ' : '\n'.repeat(breaks - 1);
}

/** What an escape stands for; `null` where it is none. */
function escaped(escape: string): string | null {
  const sign = escape.charAt(1);
  if (sign === '\n' || sign === '\r') return '';
  return codes[sign] ?? byNumber(escape);
}

function byNumber(escape: string): string | null {
  if (!/^\\[xuU][0-9a-fA-F]+$/.test(escape)) return null;
  const code = Number.parseInt(escape.slice(2), 16);
  // Half of a surrogate pair is no character, so there is no UTF-8 for it.
  return code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff) ? null : String.fromCodePoint(code);
}

const codes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  e: '\u001B',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00A0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};

import { CST } from 'yaml';

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

/** A long text that the library is not shown. */
export interface Hidden {
  readonly token: CST.FlowScalar;
  /** What it was, to be given back. */
  readonly source: string;
  /** Offset in the whole text where an escape is none, or `null`. */
  readonly badAt: number | null;
}

const longest = 64 * 1024;

/** Whether a lexeme is a text in double quotes that the library would take long for. */
export function isLong(lexeme: string): boolean {
  return lexeme.length > longest && lexeme.startsWith('"');
}

/** Leaves spaces of each long text of a document, so that all places stay. The caller puts it back. */
export function hideLongQuotes(document: CST.Document): readonly Hidden[] {
  const hidden: Hidden[] = [];
  const hide = (token: CST.Token | null | undefined): void => {
    if (token?.type !== 'double-quoted-scalar' || !isLong(token.source)) return;
    const { source, offset } = token;
    const read = unquoteDouble(source);
    hidden.push({ token, source, badAt: 'badAt' in read ? offset + read.badAt : null });
    token.source = `"${' '.repeat(source.length - 2)}"`;
  };
  CST.visit(document, ({ key, value }) => {
    hide(key);
    hide(value);
  });
  return hidden;
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

import { CST } from 'yaml';

import { unquoteDouble } from './double-quotes.ts';

/** Long texts in double quotes, of which the YAML library sees nothing: it would put them together sign by sign. */

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

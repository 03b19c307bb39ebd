import type { CST } from 'yaml';

/** Scalars whose text is seen at once: of one line, or a block of plain lines. */

/** The text of a scalar on one line, or `null` where it has to be folded. */
export function simpleText({ type, source }: CST.FlowScalar): string | null {
  if (source.includes('\n') || source.includes('\r')) return null;
  if (type === 'scalar') return source;
  const isQuoted = type === 'single-quoted-scalar' && source.length > 1 && source.endsWith("'");
  return isQuoted ? source.slice(1, -1).replaceAll("''", "'") : null;
}

/**
 * The text of a block whose lines are empty or have content, begin with as many spaces as its first, and end. Of one line, `|` and `>` mean
 * the same. `null` for any other.
 */
export function simpleBlock(token: CST.BlockScalar): string | null {
  const header = token.props[0];
  const mark = token.props.length === 2 && header?.type === 'block-scalar-header' ? header.source : '';
  return /^[|>]-?$/.test(mark) ? blockText(token.source, mark) : null;
}

function blockText(source: string, mark: string): string | null {
  const indentation = /^ +(?=[^ \n\t\r])/.exec(source)?.[0];
  if (indentation === undefined || !source.endsWith('\n') || source.includes('\r')) return null;
  const lines = source.slice(0, -1).split('\n');
  if (mark.startsWith('>') && lines.length > 1) return null;
  if (lines.at(-1) === '' || !lines.every((line) => line === '' || (line.startsWith(indentation) && line.trim() !== ''))) return null;
  const text = lines.map((line) => line.slice(indentation.length)).join('\n');
  return mark.endsWith('-') ? text : `${text}\n`;
}

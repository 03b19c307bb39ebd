import type { CST } from 'yaml';

import { unquoteDouble } from './double-quotes.ts';
import { notMine } from './scan-lines.ts';
import type { LineReader } from './scan-lines.ts';
import { simpleBlock } from './simple-scalar.ts';

/**
 * The value that stands behind a colon or a dash, up to the next line with content.
 *
 * @param indent column of the entry or item that has it
 * @throws `notMine` for what is no simple form
 */
export function scanScalar(text: string, offset: number, indent: number, lines: LineReader): CST.Token {
  const sign = text[offset];
  if (sign === '|' || sign === '>') return block(text, offset, indent, lines);
  if (sign === '{' || sign === '[') return emptyFlow(text, offset, indent, lines);
  const type = sign === '"' ? 'double-quoted-scalar' : sign === "'" ? 'single-quoted-scalar' : 'scalar';
  const end = type === 'scalar' ? endOfPlain(text, offset, lines.end) : endOfQuoted(text, offset, lines.end);
  const token = { type, offset, indent, source: text.slice(offset, end) } as const;
  const comment = lines.skipSpaces(end);
  if (comment < lines.end && (comment === end || text[comment] !== '#')) throw notMine;
  if (comment === lines.end && comment > end) throw notMine;
  // A comment further in on the next line counts as one behind the value.
  lines.endWith(comment, indent);
  return comment < text.length && text[comment] === '#'
    ? { ...token, end: [{ type: 'comment', offset: comment, indent, source: '#' }] }
    : token;
}

const plainStart = /[A-Za-z0-9_./+$^()~=;<\\\u00A1-\uFFFF]/;
const dashStart = /[A-Za-z0-9.]/;

function endOfPlain(text: string, offset: number, lineEnd: number): number {
  const line = text.slice(offset, lineEnd);
  const isDashed = line.startsWith('-') && dashStart.test(line.charAt(1));
  if (!isDashed && !plainStart.test(line.charAt(0))) throw notMine;
  // A sealed value is one long word.
  if (!line.includes(' ') && !line.endsWith(':')) return lineEnd;
  const comment = line.indexOf(' #');
  const source = comment < 0 ? line : line.slice(0, comment).trimEnd();
  if (source.endsWith(' ')) throw notMine;
  // A colon before a space, or at the end, would make a key of it.
  if (source.endsWith(':') || source.includes(': ')) throw notMine;
  return offset + source.length;
}

function endOfQuoted(text: string, offset: number, lineEnd: number): number {
  const line = text.slice(offset, lineEnd);
  const quote = line.charAt(0);
  for (let at = line.indexOf(quote, 1); at >= 0; at = line.indexOf(quote, at + 1)) {
    if (quote === "'" && line[at + 1] === "'") {
      at += 1;
    } else if (quote === "'" || !isEscaped(line, at)) {
      if (quote === '"' && 'badAt' in unquoteDouble(line.slice(0, at + 1))) throw notMine;
      return offset + at + 1;
    }
  }
  throw notMine;
}

function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text[before - 1] === '\\') before -= 1;
  return (at - before) % 2 === 1;
}

function emptyFlow(text: string, offset: number, indent: number, lines: LineReader): CST.FlowCollection {
  const source = text.slice(offset, lines.end);
  if (source !== '{}' && source !== '[]') throw notMine;
  const [start, end] = source === '{}' ? (['flow-map-start', 'flow-map-end'] as const) : (['flow-seq-start', 'flow-seq-end'] as const);
  lines.next(indent);
  return {
    type: 'flow-collection',
    offset,
    indent,
    start: { type: start, offset, indent, source: source.charAt(0) },
    items: [],
    end: [{ type: end, offset: offset + 1, indent, source: source.charAt(1) }],
  };
}

/** Blank lines are part of a block where more of it follows. */
function endOfBlock(text: string, from: number, width: number, lines: LineReader): number {
  let end = from;
  for (let at = from; at < text.length; at = text.indexOf('\n', at) + 1) {
    const isBlank = text[at] === '\n';
    if (!isBlank && lines.skipSpaces(at) - at < width) return end;
    if (!isBlank) end = text.indexOf('\n', at) + 1;
  }
  return end;
}

/** A text block: the lines from the next on that are indented as far as that, up to one that belongs to what is around. */
function block(text: string, offset: number, indent: number, lines: LineReader): CST.BlockScalar {
  const header = text.slice(offset, lines.end);
  const from = lines.end + 1;
  const width = lines.skipSpaces(from) - from;
  const end = endOfBlock(text, from, width, lines);
  const token: CST.BlockScalar = {
    type: 'block-scalar',
    offset,
    indent,
    props: [
      { type: 'block-scalar-header', offset, indent, source: header },
      { type: 'newline', offset: from - 1, indent, source: '\n' },
    ],
    source: text.slice(from, end),
  };
  if (width <= indent || simpleBlock(token) === null) throw notMine;
  lines.leaveAt(end - 1, indent);
  return token;
}

import type { CST } from 'yaml';

import { scanScalar } from './scan-scalar.ts';
import { LineReader, notMine } from './scan-lines.ts';
import type { Syntax } from './syntax.ts';

/**
 * A scanner of the YAML that sops and sec write: blocks of entries and items, values on one line, blocks of text, comments. It gives
 * the tokens that the `yaml` package gives, without white space, or `null` for a text with anything else in it.
 */

/** Deeper texts are left to the parser, which counts. */
const deepest = 60;

/** `null` where the text has to be parsed. */
export function scanSyntax(text: string): Syntax | null {
  if (!text.endsWith('\n') || foreign.test(text)) return null;
  try {
    return new Scanner(text).documents();
  } catch (error) {
    if (error === notMine) return null;
    throw error;
  }
}

/** All but ordinary characters and line feeds: tabs, carriage returns, controls, other line breaks, byte order marks, other spaces. */
const foreign = /[^\n -~\u00A1-\u1FFF\u2010-\u2027\u2030-\u205E\u2070-\u2FFF\u3001-\uFEFE\uFF00-\uFFFD]/;

const plainKey = /^[A-Za-z0-9_./$](?:[A-Za-z0-9_./$@+ -]*[A-Za-z0-9_./$@+-])?$/;
const quotedKey = /^(?:"[^"\\]*"|'[^']*')$/;
/** Far below what YAML allows, which counts other signs too. */
const longestKey = 500;

class Scanner {
  readonly #text: string;
  readonly #lines: LineReader;

  constructor(text: string) {
    this.#text = text;
    this.#lines = new LineReader(text);
  }

  documents(): Syntax {
    const documents: CST.Document[] = [];
    const lines = this.#lines;
    lines.next();
    do {
      const offset = documents.length === 0 ? 0 : lines.start;
      const start: CST.SourceToken[] = [];
      if (lines.isMarker()) {
        start.push({ type: 'doc-start', offset: lines.start, indent: 0, source: '---' });
        lines.next();
      }
      if (lines.atEnd || lines.indent > 0 || lines.isMarker()) throw notMine;
      documents.push({ type: 'document', offset, start, value: this.#block(0, 0) });
      if (!lines.atEnd && !lines.isMarker()) throw notMine;
    } while (!lines.atEnd);
    return { documents, comments: lines.comments };
  }

  /** The block whose first entry or item stands at the line at hand. */
  #block(indent: number, depth: number): CST.BlockMap | CST.BlockSequence {
    if (depth > deepest) throw notMine;
    return this.#lines.isItem() ? this.#list(indent, depth) : this.#map(indent, depth);
  }

  #map(indent: number, depth: number): CST.BlockMap {
    const lines = this.#lines;
    const items: CST.BlockMap['items'] = [];
    const offset = lines.start;
    while (!lines.atEnd && lines.indent === indent && !lines.isMarker() && !lines.isItem()) items.push(this.#entry(indent, depth));
    this.#checkEnd(indent);
    if (items.length === 0) throw notMine;
    return { type: 'block-map', offset, indent, items };
  }

  #entry(indent: number, depth: number): CST.BlockMap['items'][number] {
    const lines = this.#lines;
    const colon = this.#colon(lines.start, lines.end);
    if (colon === null) throw notMine;
    const key = keyToken(this.#text.slice(lines.start, colon), lines.start, indent);
    const sep: CST.SourceToken[] = [{ type: 'map-value-ind', offset: colon, indent, source: ':' }];
    const value = this.#valueBehind(colon + 1, indent, depth);
    return value === null ? { start: [], key, sep } : { start: [], key, sep, value };
  }

  /** Where the key at an offset ends with a colon, or `null` where no key stands there. */
  #colon(start: number, end: number): number | null {
    const line = this.#text.slice(start, end);
    const colon = line.indexOf(':');
    if (colon <= 0) return null;
    const isEnd = colon + 1 === line.length || line[colon + 1] === ' ';
    return isEnd ? start + colon : null;
  }

  #valueBehind(offset: number, indent: number, depth: number): CST.Token | null {
    const lines = this.#lines;
    const start = lines.skipSpaces(offset);
    if (start < lines.end && this.#text[start] !== '#') return scanScalar(this.#text, start, indent, lines);
    if (start === lines.end && start > offset) throw notMine;
    lines.endWith(start);
    if (lines.atEnd || lines.isMarker()) return null;
    if (lines.indent > indent) return this.#block(lines.indent, depth + 1);
    return lines.indent === indent && lines.isItem() ? this.#list(indent, depth + 1) : null;
  }

  #list(indent: number, depth: number): CST.BlockSequence {
    const lines = this.#lines;
    const items: CST.BlockSequence['items'] = [];
    const offset = lines.start;
    while (!lines.atEnd && lines.indent === indent && lines.isItem()) items.push(this.#item(indent, depth));
    this.#checkEnd(indent);
    return { type: 'block-seq', offset, indent, items };
  }

  #item(indent: number, depth: number): CST.BlockSequence['items'][number] {
    const lines = this.#lines;
    const start: CST.SourceToken[] = [{ type: 'seq-item-ind', offset: lines.start, indent, source: '-' }];
    const content = lines.skipSpaces(lines.start + 1);
    const sign = this.#text[content] ?? '';
    if (content >= lines.end || sign === '#') throw notMine;
    const isBlock = this.#text.startsWith('- ', content) || (sign !== '"' && sign !== "'" && this.#colon(content, lines.end) !== null);
    if (!isBlock) return { start, value: scanScalar(this.#text, content, indent, lines) };
    lines.stepTo(content);
    return { start, value: this.#block(lines.indent, depth + 1) };
  }

  /** What follows a block belongs to one around it. */
  #checkEnd(indent: number): void {
    if (!this.#lines.atEnd && this.#lines.indent > indent) throw notMine;
  }
}

function keyToken(source: string, offset: number, indent: number): CST.FlowScalar {
  if (source.length > longestKey) throw notMine;
  if (plainKey.test(source) && !source.startsWith('...')) return { type: 'scalar', offset, indent, source };
  if (!quotedKey.test(source)) throw notMine;
  return { type: source.startsWith('"') ? 'double-quoted-scalar' : 'single-quoted-scalar', offset, indent, source };
}

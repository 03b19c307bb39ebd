import type { CST } from 'yaml';

import { Lines } from './lines.ts';
import { malformed } from './malformed.ts';
import { offsetOf } from './props.ts';
import { endOf } from './tokens.ts';

/**
 * What YAML allows, and go-yaml refuses or reads as something else. A text with it could be encrypted, and sops could not open the
 * result: so it is refused, as sops refuses it. Each case was seen with sops 3.13.3.
 */

const noTab = 'sops reads no tab as indentation';

/** @throws SecError `malformed` */
export function refuseForeign(text: string, file: string, documents: readonly CST.Document[]): void {
  const check = new Check(text, file);
  const first = documents.find(({ value }) => value !== undefined)?.value;
  if (first !== undefined) check.lead(first);
  for (const { start, value, end } of documents) {
    check.tokens(start, false);
    if (value !== undefined) check.top(value);
    check.tokens(end, false);
  }
}

class Check {
  readonly #text: string;
  readonly #file: string;
  readonly #lines: Lines;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    this.#lines = new Lines(text);
  }

  /** White space before all else is of spaces. */
  lead({ offset }: CST.Token): void {
    const space = /^\s*/.exec(this.#text)?.[0] ?? '';
    // Behind a tab there may be a comment.
    const blank = /^ *\t\s*$/m.exec(space.length === offset ? space : space.slice(0, space.lastIndexOf('\n') + 1));
    if (blank !== null) throw this.#refused(blank.index, noTab);
  }

  /** A whole document: no line of it looks like a directive. */
  top(token: CST.Token): void {
    const percent = /^%/m.exec(this.#text.slice(token.offset, endOf(token)));
    if (percent !== null && percent.index > 0) {
      throw this.#refused(token.offset + percent.index, 'sops takes a line that begins with "%" for a directive');
    }
    this.node(token, false);
  }

  /**
   * Anchors have plain names; what stands behind an indicator stands behind spaces; and outside of brackets no line begins with a tab,
   * not even a blank one or a comment.
   */
  tokens(tokens: readonly CST.SourceToken[] | undefined, inFlow: boolean): void {
    for (const { type, source, offset } of tokens ?? []) {
      if (type === 'anchor' && !/^&[A-Za-z0-9_-]+$/.test(source)) {
        throw this.#refused(offset, 'sops reads only letters, digits, "-" and "_" in the name of an anchor');
      }
      if (!inFlow && this.#isTabbed(type, source, offset)) throw this.#refused(offset, noTab);
    }
  }

  #isTabbed(type: CST.SourceToken['type'], source: string, offset: number): boolean {
    if (type === 'space') return source.startsWith('\t') && this.#lines.column(offset) === 0;
    const isIndicator = type === 'seq-item-ind' || type === 'explicit-key-ind' || (type === 'map-value-ind' && this.#isFirst(offset));
    return isIndicator && this.#text[offset + 1] === '\t';
  }

  node(token: CST.Token, inFlow: boolean): void {
    if (!inFlow && this.#isFirst(token.offset) && this.#before(token.offset).includes('\t')) throw this.#refused(token.offset, noTab);
    if ('end' in token && token.type !== 'document') this.tokens(token.end, inFlow);
    if (token.type !== 'block-map' && token.type !== 'block-seq' && token.type !== 'flow-collection') return;
    const isFlow = token.type === 'flow-collection';
    for (const item of token.items) this.#item(item, isFlow);
  }

  #item({ start, key, sep, value }: CST.CollectionItem, isFlow: boolean): void {
    this.tokens(start, isFlow);
    this.tokens(sep, isFlow);
    if (isFlow && key) this.#flowKey(key, offsetOf(sep, 'map-value-ind'));
    if (key) this.node(key, isFlow);
    if (value) this.node(value, isFlow);
  }

  #flowKey(key: CST.Token, colon: number | null): void {
    if (colon !== null && this.#lines.line(colon) !== this.#lines.line(endOf(key) - 1)) {
      throw this.#refused(colon, 'sops reads no key whose colon stands on another line');
    }
    if (key.type === 'scalar' && key.source.startsWith('?')) {
      throw this.#refused(key.offset, 'sops takes a question mark in brackets for a sign of its own');
    }
  }

  #isFirst(offset: number): boolean {
    return this.#before(offset).trim() === '';
  }

  #before(offset: number): string {
    return this.#text.slice(this.#lines.start(offset), offset);
  }

  #refused(offset: number, reason: string): Error {
    return malformed(this.#text, this.#file, offset, reason);
  }
}

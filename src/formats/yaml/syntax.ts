import type { CST } from 'yaml';

import { scanSyntax } from './scan.ts';

/**
 * The concrete syntax of a YAML text. What sops and sec write is mostly of a few simple forms, and those are scanned: the `yaml` package
 * costs a start as much as all the rest. Whatever the scanner does not know, the package reads. `test/formats/yaml-scan.test.ts` holds
 * that both read the same.
 */

/** Every document of the stream with its tokens, in order. */
export interface Syntax {
  readonly documents: readonly CST.Document[];
  /** Offsets of all comments, at their `#`, in order. */
  readonly comments: readonly number[];
}

/** What reads every text. It is big, so it is provided only to those who need it. */
export interface Parser {
  /** @throws SecError `malformed` with the line, `too-deep`, `no-document` */
  parse(text: string, file: string): Syntax;
  /** The text of a scalar over several lines, folded. */
  textOf(token: CST.FlowScalar | CST.BlockScalar): string;
}

const provided: Parser[] = [];

export function provideParser(parser: Parser): void {
  if (provided.length === 0) provided.push(parser);
}

/** @throws TypeError where none was provided */
export function parser(): Parser {
  const [first] = provided;
  if (first === undefined) throw new TypeError('a YAML text needs the parser, which was not loaded');
  return first;
}

/** @throws SecError as `Parser.parse` */
export function syntaxOf(text: string, file: string): Syntax {
  return scanSyntax(text) ?? parser().parse(text, file);
}

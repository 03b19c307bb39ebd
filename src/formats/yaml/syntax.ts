import type { CST } from 'yaml';

import type { Format } from '../format.ts';
import { scanSyntax } from './scan.ts';
import type { YamlSource } from './source.ts';

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

/** What every text can be read and changed with. It is big, so it is provided only to those who need it. */
export interface FullYaml {
  /** @throws SecError `malformed` with the line, `too-deep`, `no-document` */
  parse(text: string, file: string): Syntax;
  /** The text of a scalar over several lines, folded. */
  textOf(token: CST.FlowScalar | CST.BlockScalar): string;
  readonly put: Format<YamlSource>['put'];
  readonly drop: Format<YamlSource>['drop'];
}

const provided: FullYaml[] = [];

export function provideFullYaml(full: FullYaml): void {
  if (provided.length === 0) provided.push(full);
}

/** @throws TypeError where none was provided */
export function fullYaml(): FullYaml {
  const [first] = provided;
  if (first === undefined) throw new TypeError('a YAML text needs the parser, which was not loaded');
  return first;
}

/** @throws SecError as `FullYaml.parse` */
export function syntaxOf(text: string, file: string): Syntax {
  return scanSyntax(text) ?? fullYaml().parse(text, file);
}

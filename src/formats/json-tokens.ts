import { createScanner } from 'jsonc-parser';

import { SecError } from '../core/problem.ts';

/** JSON as tokens, without trivia and without the leniency of the scanner that finds them. */

/** What the scanner calls its tokens; its own names are ambient constants, which a file compiled alone cannot see. */
export const token = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  end: 17,
} as const;
const lineComment = 12;
const blockComment = 13;
const lineBreak = 14;
const space = 15;

/** Indexed by the scanner's error number. */
const scanErrors = [
  '',
  'a comment that does not end',
  'a string that does not end on its line',
  'a number that is cut short',
  'a \\u escape without four hexadecimal digits',
  'an unknown escape in a string',
  'a control character in a string',
];

/** The token at hand. `next` goes to the one after it. */
export interface Tokens {
  readonly text: string;
  kind(): number;
  start(): number;
  end(): number;
  /** What a string token says, escapes resolved. */
  string(): string;
  /** @throws SecError `malformed` */
  next(): void;
  /** @throws SecError `malformed`, with the line of the token at hand */
  fail(reason: string): never;
}

/** The tokens of a text, the first of them at hand. @throws SecError `malformed` */
export function tokensOf(text: string, file: string): Tokens {
  const scanner = createScanner(text, false);
  let kind = 0;
  const fail = (reason: string): never => {
    throw malformed(file, reason, lineAt(text, scanner.getTokenOffset()));
  };
  const next = (): void => {
    do kind = scanner.scan();
    while (kind === space || kind === lineBreak);
    const error: number = scanner.getTokenError();
    if (error !== 0) fail(scanErrors[error] ?? 'a text that is not JSON');
    if (kind === lineComment || kind === blockComment) fail('a comment, which JSON does not have');
  };
  next();
  return {
    text,
    kind: () => kind,
    start: () => scanner.getTokenOffset(),
    end: () => scanner.getTokenOffset() + scanner.getTokenLength(),
    string: () => scanner.getTokenValue(),
    next,
    fail,
  };
}

/** The failure of a JSON text. */
export function malformed(file: string, reason: string, line: number | null, cause?: unknown): SecError {
  return new SecError({ code: 'malformed', file, format: 'json', reason, line }, { cause });
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

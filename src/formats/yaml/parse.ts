import { Composer, Lexer, Parser } from 'yaml';
import type { CST } from 'yaml';

import { SecError } from '../../core/problem.ts';
import { maxDepth } from '../limits.ts';
import { badQuotes, hideLongQuotes, isLong } from './double-quotes.ts';

/** The concrete syntax of a YAML text: the tokens of the `yaml` package, checked by its composer. */

/** Every document of the stream with its tokens, in order. */
export interface Syntax {
  readonly documents: readonly CST.Document[];
  /** Offsets of all comments, at their `#`, in order. */
  readonly comments: readonly number[];
}

/**
 * @throws SecError `malformed` with the line, `too-deep`
 */
export function parseSyntax(text: string, file: string): Syntax {
  refuseForeignSigns(text, file);
  const documents: CST.Document[] = [];
  const comments: number[] = [];
  const { text: parsed, comments: hidden } = maskBraces(text);
  const parser = new Parser();
  const composer = new Composer({ uniqueKeys: false, schema: 'failsafe', prettyErrors: false, logLevel: 'silent' });
  let hasLong = false;
  const take = (tokens: Iterable<CST.Token>): void => {
    for (const token of tokens) {
      const long = hasLong && token.type === 'document' ? hideLongQuotes(token) : [];
      for (const { badAt } of long) if (badAt !== null) throw malformed(text, file, badAt, badQuotes);
      if (token.type === 'document') documents.push(token);
      if (token.type === 'directive' && isForeignDirective(token.source)) throw malformed(text, file, token.offset, foreignDirective);
      for (const document of composer.next(token)) refuseErrors(document, text, file);
      for (const { token: quoted, source } of long) quoted.source = source;
    }
  };
  for (const { lexeme, offset, isScalar } of lexemes(parsed)) {
    if (lexeme.startsWith('#') && !isScalar) comments.push(offset);
    hasLong ||= isLong(lexeme);
    take(parser.next(lexeme));
    if (parser.stack.length > maxDepth) throw new SecError({ code: 'too-deep', file, limit: maxDepth });
  }
  take(parser.end());
  for (const document of composer.end(false, text.length)) refuseErrors(document, text, file);
  return { documents, comments: hidden.length === 0 ? comments : [...comments, ...hidden].sort((one, other) => one - other) };
}

/**
 * go-yaml writes a map that holds only comments as `{`, the comments, and a `}` in the first column (§4.5), which is no YAML inside of
 * a block. The parser gets spaces instead, so that all offsets stay, and the comments are found here.
 */
function maskBraces(text: string): { readonly text: string; readonly comments: readonly number[] } {
  const comments: number[] = [];
  const masked = text.replace(/(?<=[:-] \{)\r?\n(?:[ \t]*#[^\n]*\n)+(?=\})/g, (lines, offset: number) => {
    for (const comment of lines.matchAll(/#[^\n]*/g)) comments.push(offset + comment.index);
    return ' '.repeat(lines.length);
  });
  return { text: masked, comments };
}

interface Lexeme {
  readonly lexeme: string;
  readonly offset: number;
  readonly isScalar: boolean;
}

/** The lexer marks documents, flow errors and scalars with control characters that stand for no text. */
function* lexemes(text: string): Generator<Lexeme> {
  let offset = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    yield { lexeme, offset, isScalar };
    const isMark = lexeme === '\u0002' || lexeme === '\u0018' || lexeme === '\u001f';
    isScalar = lexeme === '\u001f';
    if (!isMark) offset += lexeme.length;
  }
}

interface Composed {
  readonly errors: readonly { readonly pos: readonly [number, number]; readonly code: string; readonly message: string }[];
}

function refuseErrors(document: Composed, text: string, file: string): void {
  // go-yaml looks at no tag but those of single values, and readScalar looks at them.
  const first = document.errors.find(
    ({ code, message }) => code !== 'TAG_RESOLVE_FAILED' || /^(?:Could not resolve tag|Verbatim tags)/.test(message),
  );
  if (first === undefined) return;
  throw malformed(text, file, first.pos[0], reasons[first.code] ?? `it is not YAML (${first.code.toLowerCase().replaceAll('_', ' ')})`);
}

/** go-yaml knows one version, which is not ours (seen with sops 3.13.3). */
function isForeignDirective(source: string): boolean {
  return !/^%(?:YAML\s+1\.1|TAG\s)/.test(source);
}

const foreignDirective = 'sops reads no directive but %YAML 1.1 and %TAG';

/** The parser's own messages may quote the line that they are about. */
export const reasons: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias can have neither anchor nor tag',
  BAD_ALIAS: 'an alias names no anchor before it',
  BAD_DIRECTIVE: 'a directive is not known',
  BAD_DQ_ESCAPE: 'an escape in double quotes is not known',
  BAD_INDENT: 'the indentation does not fit',
  BAD_PROP_ORDER: 'anchor and tag stand before the indicator',
  BAD_SCALAR_START: 'a plain value cannot begin with this character',
  BLOCK_AS_IMPLICIT_KEY: 'a block cannot be a key',
  BLOCK_IN_FLOW: 'a block cannot stand in brackets',
  DUPLICATE_KEY: 'a key occurs twice',
  IMPOSSIBLE: 'it is not YAML',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a character is missing: a colon, a comma, a quote, a bracket or a space',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines',
  MULTIPLE_ANCHORS: 'a node has two anchors',
  MULTIPLE_DOCS: 'there are several documents',
  MULTIPLE_TAGS: 'a node has two tags',
  RESOURCE_EXHAUSTION: 'it is nested too deep',
  TAB_AS_INDENT: 'a tab is used as indentation',
  UNEXPECTED_TOKEN: 'something stands where it cannot',
  BAD_COLLECTION_TYPE: 'a tag does not fit its collection',
};

/** The error for a place in a text. Only the line number tells where: the line itself may hold a secret. */
export function malformed(text: string, file: string, offset: number, reason: string): SecError {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return new SecError({ code: 'malformed', file, format: 'YAML', reason, line });
}

/** What is no YAML to go-yaml: it could not open what we wrote, or would read another value. */
function refuseForeignSigns(text: string, file: string): void {
  for (const [sign, reason] of foreignSigns) {
    const found = sign.exec(text);
    if (found) throw malformed(text, file, found.index, reason);
  }
}

const foreignSigns: readonly (readonly [sign: RegExp, reason: string])[] = [
  // A line break to go-yaml, and none to us.
  [/\r(?!\n)/, 'a carriage return stands without its line feed'],
  [
    /[\0-\b\v\f\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]/,
    'a control character stands there: write it as an escape in double quotes',
  ],
  [/^\uFEFF\uFEFF/, 'it has two byte order marks'],
];

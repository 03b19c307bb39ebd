import { Composer, CST, Lexer, Parser } from 'yaml';

import { SecError } from '../../core/problem.ts';
import { maxDepth } from '../limits.ts';
import { badQuotes } from './double-quotes.ts';
import { hideLongQuotes, isLong } from './long-quotes.ts';
import { malformed, reasons } from './malformed.ts';
import { refuseForeign } from './strictness.ts';
import type { FullYaml, Syntax } from './syntax.ts';

/** The concrete syntax of a YAML text: the tokens of the `yaml` package, checked by its composer. */

/** What reads every text. */
export const parser: Pick<FullYaml, 'parse' | 'textOf'> = { parse: parseSyntax, textOf: (token) => CST.resolveAsScalar(token).value };

function parseSyntax(text: string, file: string): Syntax {
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
  if (documents.length === 0) throw new SecError({ code: 'no-document', file });
  refuseForeign(text, file, documents);
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

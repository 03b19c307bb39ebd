import { isSealedComment } from '../core/cipher.ts';
import type { Comment, Place, Span } from '../core/tree.ts';
import { fromChars, toChars } from './dotenv-text.ts';
import type { CommentLine, HeaderLine } from './ini-lines.ts';

/**
 * INI comments as sops has them: the lines above a key or a section, and what stands behind it on its line, are one comment
 * (`sops-format.md` §8.1).
 *
 * What stands behind a value is here a comment of its own in addition, as it has a place of its own. So both places are sealed, and
 * sops, which decrypts only the first, still gets all of the text. Behind a header nothing sealed can stand, since the name of a
 * section goes up to the last bracket of its line: there the header is a part of the comment's place.
 */

const gluedRisk = 'sops takes what follows the first "#" or ";" of a value for a comment: write the value between backticks';

/** Where a comment stands, with what stays around its text when that is sealed or opened. */
interface CommentPlace extends Place {
  readonly before: string;
  readonly after: string;
}

/** What stands behind a value. */
export interface Inline {
  readonly span: Span;
  /** Whether sops takes it for a part of the comment. */
  readonly isSeen: boolean;
  /** Whether it may as well be a part of the value. */
  readonly isGlued: boolean;
}

/** The comments of an entry, by the lines above it and by what stands behind it; of nothing, where there is only the end of the text. */
export function entryComments(text: string, above: readonly CommentLine[], inline: Inline | null): readonly Comment[] {
  const runs = runsOf(text, above);
  const ends = [runs.at(-1)?.at(-1)?.span, inline?.span];
  const isOne = inline?.isSeen === true && ends.every((end) => end !== undefined && !isSealed(text, end));
  const comments = runs.map((run, index) => blockComment(text, run, isOne && index === runs.length - 1 ? inline.span : null));
  return inline === null ? comments : [...comments, inlineComment(text, inline.span, inline.isGlued)];
}

/** The comments of a section, by the lines above its header and by what stands behind it. */
export function sectionComments(
  text: string,
  above: readonly CommentLine[],
  { name, comment }: HeaderLine,
  eol: string,
): readonly Comment[] {
  const runs = runsOf(text, above);
  const last = runs.at(-1);
  const header = { start: name.start - 1, end: name.end + 1 };
  if (last === undefined) return comment === null ? [] : [onlyBehind(text, header, comment, eol)];
  const blocks = runs.slice(0, -1).map((run) => blockComment(text, run, null));
  const isOwn = last.some(({ span }) => isSealed(text, span));
  if (isOwn && comment !== null) return [...blocks, blockComment(text, last, null), inlineComment(text, comment, false)];
  return [...blocks, aroundHeader(text, last, header, comment)];
}

/** What stands in the place of a comment once it is sealed. */
export function sealComment({ place }: Comment, enc: string): string {
  return around(place, enc);
}

/** What stands in the place of a comment once it is opened. A line without a marker would be no comment. */
export function openComment({ place }: Comment, text: string): string {
  const [first = '', ...more] = toChars(text).split('\n');
  return around(place, [first, ...more.map(withMarker)].join('\n'));
}

function around(place: Place | null, chars: string): string {
  return place !== null && isCommentPlace(place) ? place.before + chars + place.after : chars;
}

function isCommentPlace(place: Place): place is CommentPlace {
  return 'before' in place && 'after' in place;
}

/** A line of a comment, with a marker. */
function withMarker(line: string): string {
  return /^[ \t]*[#;]/.test(line) ? line : `; ${line}`;
}

/** Lines that are one comment. A sealed line is one of its own, whatever somebody wrote around it. */
function runsOf(text: string, lines: readonly CommentLine[]): readonly (readonly CommentLine[])[] {
  const runs: CommentLine[][] = [];
  let goesOn = false;
  for (const line of lines) {
    const isOwn = isSealed(text, line.span);
    const last = runs.at(-1);
    if (last !== undefined && goesOn && !isOwn) last.push(line);
    else runs.push([line]);
    goesOn = !isOwn;
  }
  return runs;
}

function blockComment(text: string, lines: readonly CommentLine[], inline: Span | null): Comment {
  const { first, last } = endsOf(lines);
  return commentOf(charsOf(text, lines, inline), { start: textStart(text, first), end: last.end });
}

function inlineComment(text: string, span: Span, isGlued: boolean): Comment {
  const start = textStart(text, span);
  const comment = commentOf(text.slice(start, span.end), { start, end: span.end });
  return isGlued && comment.place !== null ? { ...comment, place: { ...comment.place, clearRisk: gluedRisk } } : comment;
}

/** From the first marker to the end of the line with the header. */
function aroundHeader(text: string, lines: readonly CommentLine[], header: Span, inline: Span | null): Comment {
  const { first, last } = endsOf(lines);
  const before = text.slice(first.start, textStart(text, first));
  const after = text.slice(last.end, header.end);
  return commentOf(charsOf(text, lines, inline), { start: first.start, end: inline?.end ?? header.end, before, after });
}

/** Sealed, it gets a line of its own above the header. */
function onlyBehind(text: string, header: Span, inline: Span, eol: string): Comment {
  const indent = /[ \t]*$/.exec(text.slice(text.lastIndexOf('\n', header.start) + 1, header.start))?.[0] ?? '';
  const after = eol + indent + text.slice(header.start, header.end);
  return commentOf(text.slice(textStart(text, inline), inline.end), { start: header.start, end: inline.end, before: '; ', after });
}

function commentOf(chars: string, place: Span & Partial<CommentPlace>): Comment {
  return {
    kind: 'comment',
    text: decode(withoutBanner(chars)),
    inline: false,
    place: { style: 'comment', before: '', after: '', ...place },
  };
}

function endsOf(lines: readonly CommentLine[]): { readonly first: Span; readonly last: Span } {
  const [first, last] = [lines[0]?.span, lines.at(-1)?.span];
  if (first === undefined || last === undefined) throw new RangeError('a comment without a line');
  return { first, last };
}

/** White space at the end of a line is a part of the comment, but not at the end of the last one. */
function charsOf(text: string, lines: readonly CommentLine[], inline: Span | null): string {
  const isEnd = (index: number): boolean => inline === null && index === lines.length - 1;
  const block = lines.map((line, index) => text.slice(line.span.start, isEnd(index) ? line.span.end : contentEnd(text, line)));
  return withoutMarker([...block, ...(inline === null ? [] : [text.slice(inline.start, inline.end)])].join('\n'));
}

/** Where the line break of a line starts. */
function contentEnd(text: string, { next }: CommentLine): number {
  return text[next - 1] === '\n' ? next - 1 : next;
}

/**
 * The first line of a comment loses its markers, which are of one kind, and the spaces among them. sops crashes when it writes a comment whose first line is
 * empty then, so lines of nothing but markers go as well.
 */
function withoutBanner(chars: string): string {
  let shown = chars;
  while (shown.startsWith('\n')) {
    const rest = withoutMarker(shown.slice(1));
    if (rest === '') return shown.slice(1);
    shown = rest;
  }
  return shown;
}

function withoutMarker(chars: string): string {
  return chars.replace(/^(?:;[; ]*|#[# ]*)/, '');
}

function isSealed(text: string, span: Span): boolean {
  return isSealedComment(stripped(text, span));
}

function stripped(text: string, { start, end }: Span): string {
  return withoutMarker(text.slice(start, end));
}

function textStart(text: string, { start, end }: Span): number {
  return end - stripped(text, { start, end }).length;
}

/** Bytes that are no UTF-8 are only shown otherwise: the text of the file keeps them. */
function decode(chars: string): string {
  return fromChars(chars) ?? Buffer.from(chars, 'latin1').toString('utf8');
}

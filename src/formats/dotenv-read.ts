import type { MetaMap } from '../core/metadata.ts';
import { unflatten } from '../core/flatten.ts';
import { SecError } from '../core/problem.ts';
import type { Comment, Entry, Place } from '../core/tree.ts';
import { blockPrefix, linesOf } from './dotenv-lines.ts';
import type { Line } from './dotenv-lines.ts';
import { fromChars, valueOf } from './dotenv-text.ts';
import type { Source } from './format.ts';
import { maxBytes } from './limits.ts';

/** A `.env` text that was read. Its text is one character a byte. */
export interface DotenvSource extends Source {
  readonly file: string;
  readonly lines: readonly Line[];
  readonly crlf: boolean;
  /** Where the first line starts: behind a byte order mark, if the text has one that is no part of a key. */
  readonly start: number;
  /** How it was read. */
  readonly kept: Kept;
  /** The lines of the metadata block. */
  readonly block: readonly BlockLine[];
}

/** A line of the metadata block: its name without the prefix. */
export interface BlockLine extends Line {
  readonly name: string;
  readonly text: string;
}

/** Our own line in the block, which says how the line ends of the plain text were: `textMark` of `dotenv-block.ts`. */
export const markName = 'sec__map_text';

/** A byte order mark, as bytes. */
export const byteOrderMark = '\u00ef\u00bb\u00bf';

const brokenRisk = 'it has real line breaks, where sops reads each line on its own: write them as \\n, or let it be encrypted';

/** What a text would have too much of, but for sops. */
export interface Kept {
  /** CR before line feeds, as part of the values. */
  readonly returns: boolean;
  /** A byte order mark, as part of the first key. */
  readonly mark: boolean;
}

const nothingKept: Kept = { returns: false, mark: false };

/** Reads a plain or a sealed `.env` text. `sops-format.md` §7.1. @throws SecError, see `Format.read` */
export function readDotenv(bytes: Uint8Array, file: string, kept: Kept = nothingKept): DotenvSource {
  if (bytes.length > maxBytes) throw new SecError({ code: 'too-large', file, what: 'bytes', limit: maxBytes });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const from = text.startsWith(byteOrderMark) ? byteOrderMark.length : 0;
  const read = linesOf(text, { from, keepsReturns: kept.returns, file });
  const block = read.lines.filter((line) => isOfBlock(text, line)).map((line) => blockLine(text, line));
  // sops takes the mark for a part of the first key, and has bound the value to it.
  const first = read.lines[0];
  const isMarked = (kept.mark || block.length > 0) && first?.kind === 'entry' && !isOfBlock(text, first);
  const start = isMarked ? 0 : from;
  const lines = first && start < from ? [{ ...first, start }, ...read.lines.slice(1)] : read.lines;
  const reader = { text, file, isSealed: block.length > 0 };
  const items: (Entry | Comment)[] = [];
  for (const line of lines) {
    if (line.kind === 'comment') items.push(commentOf(line, reader));
    if (line.kind === 'entry' && !isOfBlock(text, line)) items.push(entryOf(line, reader));
  }
  const tree = { documents: [{ kind: 'map', items, place: { start: 0, end: text.length, style: 'lines' } } as const] };
  return { text, file, lines, crlf: read.crlf, start, kept, block, tree, metadata: block.length > 0 ? metadataOf(block, file) : null };
}

/**
 * sops takes a byte order mark and the CR of a CRLF for parts of keys and values. What it has sealed so is not ours to change: where
 * our own line in the block does not speak of them, and the plain text has them, they stay what they were.
 */
export function keptOf({ block }: DotenvSource, plain: string): Kept {
  const marks = block.find(({ name }) => name === markName)?.text.split(' ') ?? [];
  return {
    returns: !marks.includes('crlf') && plain.includes('\r\n'),
    mark: !marks.includes('bom') && plain.startsWith(byteOrderMark),
  };
}

function isOfBlock(text: string, line: Line): boolean {
  return line.kind === 'entry' && text.startsWith(blockPrefix, line.start);
}

function blockLine(text: string, line: Line): BlockLine {
  const name = fromChars(text.slice(line.start + blockPrefix.length, line.equals));
  const value = valueOf(text.slice(line.equals + 1, line.end));
  return { ...line, name: name ?? '', text: value.type === 'str' ? value.text : '' };
}

function metadataOf(block: readonly BlockLine[], file: string): MetaMap {
  const fields = block.filter(({ name }) => name !== markName);
  return unflatten(
    fields.map(({ name, text }) => [name, text] as const),
    file,
  );
}

interface Reader {
  readonly text: string;
  readonly file: string;
  readonly isSealed: boolean;
}

/** A comment in the clear of a sealed file may hold any bytes: it is only looked at. */
function commentOf({ start, end }: Line, { text, file, isSealed }: Reader): Comment {
  const chars = text.slice(start + 1, end);
  const comment = fromChars(chars) ?? (isSealed ? Buffer.from(chars, 'latin1').toString('utf8') : null);
  if (comment === null) throw notUtf8('a comment', text, start, file);
  return { kind: 'comment', text: comment, inline: false, place: { start, end, style: 'comment' } };
}

function entryOf({ start, end, equals, broken }: Line, { text, file }: Reader): Entry {
  const key = fromChars(text.slice(start, equals));
  if (key === null) throw notUtf8('a key', text, start, file);
  const chars = text.slice(equals + 1, end);
  const value = valueOf(broken ? chars.replaceAll('\r\n', '\n') : chars);
  const span = { start: equals + 1, end };
  const place: Place = broken ? { ...span, style: 'lines', clearRisk: brokenRisk } : { ...span, style: 'line' };
  return { kind: 'entry', key, keySpan: { start, end: equals }, value: { kind: 'leaf', value, place } };
}

function notUtf8(what: string, text: string, at: number, file: string): SecError {
  const line = text.slice(0, at).split('\n').length;
  return new SecError({ code: 'malformed', file, format: 'dotenv', reason: `${what} that is not UTF-8`, line });
}

import { flatten } from '../core/flatten.ts';
import type { MetaMap } from '../core/metadata.ts';
import type { Splice } from '../core/tree.ts';
import { blockPrefix } from './dotenv-lines.ts';
import { byteOrderMark, markName } from './dotenv-read.ts';
import type { BlockLine, DotenvSource } from './dotenv-read.ts';
import { appendLines, cutLines, lineFeeds } from './dotenv-splices.ts';
import { valueChars, toChars } from './dotenv-text.ts';

/**
 * The metadata block of a `.env` text: lines of its own. `sops-format.md` §7.3.
 *
 * sops takes a byte order mark and the CR of a CRLF for parts of keys and values, and cannot read a sealed text with them. So both go
 * when the block comes, and a line in the block, which sops ignores, brings them back when it goes.
 */

type Field = readonly [name: string, text: string];

/** See `Format.addMetadata`. */
export function addBlock(source: DotenvSource, metadata: MetaMap): readonly Splice[] {
  const { file, start, crlf, lines } = source;
  const marks = [...(start > 0 ? ['bom'] : []), ...(crlf ? ['crlf'] : [])];
  const fields = withMark(flatten(metadata, file), marks.join(' '));
  const carriageReturns = crlf ? lineFeeds(lines).map((at) => ({ start: at - 1, end: at, text: '' })) : [];
  const mark = start > 0 ? [{ start: 0, end: start, text: '' }] : [];
  return [...mark, ...carriageReturns, appendLines({ ...source, crlf: false }, fields.map(printField))];
}

/** See `Format.removeMetadata`. */
export function removeBlock(source: DotenvSource): readonly Splice[] {
  const { lines, block, crlf } = source;
  const marks = markOf(block).split(' ');
  const starts = new Set(block.map(({ start }) => start));
  const cuts = cutLines(source, ({ start }) => starts.has(start));
  const cutAt = new Set(cuts.map(({ start }) => start));
  const kept = lines.filter(({ start, end }) => !starts.has(start) && !cutAt.has(end));
  const carriageReturns = marks.includes('crlf') && !crlf ? lineFeeds(kept).map((at) => ({ start: at, end: at, text: '\r' })) : [];
  const mark = marks.includes('bom') ? [{ start: 0, end: 0, text: byteOrderMark }] : [];
  return [...mark, ...cuts, ...carriageReturns];
}

/** See `Format.updateMetadata`. */
export function updateBlock(source: DotenvSource, metadata: MetaMap): readonly Splice[] {
  const { file, block } = source;
  const fields = withMark(flatten(metadata, file), markOf(block));
  const target = new Map(fields);
  const gone = new Set(block.filter(({ name }) => !target.has(name)).map(({ start }) => start));
  const cuts = cutLines(source, ({ start }) => gone.has(start));
  if (gone.size === block.length) return [...cuts, appendLines(source, fields.map(printField))];
  const changed = block.flatMap(({ name, text, equals, end }) => {
    const field = target.get(name);
    return field === undefined || field === text ? [] : [{ start: equals + 1, end, text: escaped(field) }];
  });
  return [...cuts, ...changed, ...insertions(source, fields, cuts)];
}

/** New fields, each behind the one before it that is there already; those before all of them in front of the first that stays. */
function insertions({ text, block, crlf }: DotenvSource, fields: readonly Field[], cuts: readonly Splice[]): readonly Splice[] {
  const eol = crlf ? '\r\n' : '\n';
  const there = new Map(block.map((line) => [line.name, line]));
  const names = new Set(fields.map(([name]) => name));
  const front = block.find(({ name }) => names.has(name))?.start ?? text.length;
  let anchor: BlockLine | undefined;
  return fields.flatMap((field) => {
    const line = there.get(field[0]);
    anchor = line ?? anchor;
    if (line) return [];
    if (!anchor) return [{ start: front, end: front, text: printField(field) + eol }];
    const { end, next } = anchor;
    const isLast = end === text.length || cuts.some(({ start }) => start === end);
    return [isLast ? { start: end, end, text: eol + printField(field) } : { start: next, end: next, text: printField(field) + eol }];
  });
}

/** The block as lines, for a text that is printed. */
export function printBlock(metadata: MetaMap, file: string): readonly string[] {
  return flatten(metadata, file).map(printField);
}

function printField([name, text]: Field): string {
  return `${blockPrefix}${toChars(name)}=${escaped(text)}`;
}

function escaped(text: string): string {
  return valueChars({ type: 'str', text }) ?? '';
}

/** In alphabetical order among the fields of the block, as those are. */
function withMark(fields: readonly Field[], mark: string): readonly Field[] {
  if (mark === '') return fields;
  const at = fields.findIndex(([name]) => name > markName);
  return fields.toSpliced(at < 0 ? fields.length : at, 0, [markName, mark]);
}

function markOf(block: readonly BlockLine[]): string {
  return block.find(({ name }) => name === markName)?.text ?? '';
}

import type { Branch, Node, Span, Splice } from '../core/tree.ts';
import { cutLines } from './ini-cut.ts';
import type { EntryLine } from './ini-lines.ts';
import { printEntries } from './ini-print.ts';
import { boundsOf } from './ini-read.ts';
import type { IniSource, Section } from './ini-read.ts';
import { skipSpace, skipSpaceBack } from './ini-space.ts';
import { nextLine } from './ini-value.ts';
import { cannotWrite, leafChars, styleOf, writeHeader, writeKey, writeValue } from './ini-write.ts';

/** Values and sections put into and taken out of an INI text, in the layout of their neighbours. */

type Path = readonly (string | number)[];

/** See `Format.put`. Of equal sections it is the first with such a key, else the first. @throws SecError `cannot-write` */
export function putAt(source: IniSource, at: Path, value: Node): readonly Splice[] {
  const [name, key] = namesAt(at, source.file);
  const section = sectionOf(source, name, key);
  if (key !== null) return putEntry(source, sectionAt(section), key, value);
  if (value.kind !== 'map') throw cannotWrite(source.file, `${name} would be no section: it would hold a ${value.kind}`);
  if (section === undefined) return [newSection(source, name, value)];
  return [newBody(source, section, printEntries(value, source.file))];
}

/** See `Format.drop`. @throws SecError `cannot-write` where the path leads to nothing that can go */
export function dropAt(source: IniSource, at: Path): readonly Splice[] {
  const [name, key] = namesAt(at, source.file);
  const section = sectionAt(sectionOf(source, name, key));
  const bounds = boundsOf(section);
  if (key === null) return bounds === null ? [] : [{ ...withBlankAround(source.text, bounds), text: '' }];
  const entry = section.entries.find((entry) => entry.name === key);
  if (entry === undefined) throw new RangeError('nothing stands at the path');
  return cutLines(source.text, [entry.line]);
}

function namesAt(at: Path, file: string): readonly [section: string, key: string | null] {
  const [name, key = null, ...below] = at;
  if (typeof name === 'string' && typeof key !== 'number' && below.length === 0) return [name, key];
  throw cannotWrite(file, 'it has sections and keys, nothing below them, and no lists');
}

function sectionOf({ sections }: IniSource, name: string, key: string | null): Section | undefined {
  const named = sections.filter((section) => section.name === name);
  return named.find(({ entries }) => entries.some((entry) => entry.name === key)) ?? named[0];
}

function sectionAt(section: Section | undefined): Section {
  if (section === undefined) throw new RangeError('the path leads nowhere');
  return section;
}

function putEntry(source: IniSource, section: Section, key: string, value: Node): readonly Splice[] {
  const { file, text } = source;
  const chars = leafChars(key, value, file);
  const line = section.entries.find(({ name }) => name === key)?.line;
  if (line === undefined) return [newEntry(source, section, key, chars)];
  const { span, style } = line.value;
  const written = writeValue(chars, styleOf({ ...span, style }), file);
  return [{ ...span, text: gapBefore(text, line) + written }];
}

/** A value that was empty may stand right behind its delimiter. */
function gapBefore(text: string, { key, value: { span } }: EntryLine): string {
  const isStuck = span.start === span.end && span.start === key.delimiter + 1;
  return isStuck && key.delimiter > key.span.end ? text.slice(key.span.end, key.delimiter) : '';
}

/** Entries in the place of others. What stands between those comes behind the new ones. */
function newBody(source: IniSource, section: Section, added: readonly string[]): Splice {
  const { text, eol } = source;
  const start = bodyStart(source, section);
  const end = section.entries.at(-1)?.line.next ?? start;
  if (end === start) return insertLines(source, start, added);
  const starts = [...section.entries.map(({ line }) => line.start), end];
  const between = starts.map((next, index) => text.slice(section.entries[index - 1]?.line.next ?? start, next));
  const body = added.map((line) => line + eol).join('') + between.join('');
  return { start, end, text: text[end - 1] === '\n' ? body : body.replace(/\r?\n$/, '') };
}

/** Behind the last entry, with its indentation and its delimiter. */
function newEntry(source: IniSource, section: Section, key: string, chars: string): Splice {
  const { text, file } = source;
  const last = section.entries.at(-1)?.line;
  const [name, value] = [writeKey(key, file), writeValue(chars, null, file)];
  if (last === undefined) return firstEntry(source, section, `${name} = ${value}`);
  const before = last.key.delimiter > last.key.span.end ? ' ' : '';
  const width = isAligned(section) ? last.key.delimiter - last.key.span.start - before.length : 0;
  const sample = section.entries.findLast(({ line }) => line.value.chars !== '')?.line;
  const after = sample === undefined ? before : text.slice(sample.key.delimiter + 1, sample.value.span.start);
  const indent = text.slice(last.start, last.key.span.start);
  const line = indent + name.padEnd(width) + before + text.charAt(last.key.delimiter) + after + value;
  return insertLines(source, last.next, goesOn(text, last) ? ['', line] : [line]);
}

/** Whether the next line would be a part of the value. */
function goesOn(text: string, { value: { style, span, next } }: EntryLine): boolean {
  return style === 'lines' && text[span.end - 1] === '\\' && next === text.length;
}

/** Entries without a header stand apart from what follows them. */
function firstEntry(source: IniSource, section: Section, line: string): Splice {
  const at = bodyStart(source, section);
  const isApart = section.header !== null || /^\r?\n|^$/.test(source.text.slice(at, at + 2));
  return insertLines(source, at, isApart ? [line] : [line, '']);
}

/** Whether the delimiters of all entries stand below each other. */
function isAligned({ entries }: Section): boolean {
  const columns = new Set(entries.map(({ line: { key } }) => key.delimiter - key.span.start));
  return columns.size === 1;
}

/** Behind the header; without one, at the start of the text. */
function bodyStart({ start }: IniSource, { header }: Section): number {
  return header?.next ?? start;
}

/** Behind the last section that stands in the text, with a blank line between. */
function newSection(source: IniSource, name: string, value: Branch): Splice {
  const { file, text, sections, start } = source;
  const end = Math.max(start, ...sections.map((section) => boundsOf(section)?.end ?? 0));
  const added = [writeHeader(name, file), ...printEntries(value, file)];
  return insertLines(source, end, text.slice(start, end) === '' ? added : ['', ...added]);
}

function insertLines({ text, eol, start }: IniSource, at: number, added: readonly string[]): Splice {
  const lines = added.map((line) => line + eol).join('');
  const isOpen = at > start && text[at - 1] !== '\n';
  return { start: at, end: at, text: isOpen && added.length > 0 ? eol + lines.slice(0, -eol.length) : lines };
}

/** With the blank lines behind it, or else those before it, so that none are left over. */
function withBlankAround(text: string, { start, end }: Span): Span {
  const following = skipSpace(text, { start: end, end: text.length });
  if (following < text.length) return { start, end: text.lastIndexOf('\n', following) + 1 };
  return { start: Math.min(start, nextLine(text, skipSpaceBack(text, { start: 0, end: start }))), end: text.length };
}

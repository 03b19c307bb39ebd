import { refusing } from '../core/fields.ts';
import { flatten } from '../core/flatten.ts';
import type { MetaMap } from '../core/metadata.ts';
import type { Branch, Comment, Entry, Node, Tree } from '../core/tree.ts';
import { toChars } from './dotenv-text.ts';
import { blockName } from './ini-read.ts';
import type { ValueStyle } from './ini-value.ts';
import { cannotWrite, hasNoHeader, leafChars, writeHeader, writeKey, writeValue } from './ini-write.ts';

/** New INI text, laid out as sops lays it out. `sops-format.md` §8.2. */

/** A key and a value as they are written, or lines that stand above what follows. */
type Line = readonly [key: string, value: string] | { readonly above: readonly string[] };

/** The first document, with a blank line between its sections. @throws SecError `cannot-write` */
export function printTree(tree: Tree, metadata: MetaMap | null, file: string): string {
  const parts: string[] = [];
  let above: string[] = [];
  let index = 0;
  for (const item of tree.documents[0]?.items ?? []) {
    if (item.kind === 'comment') {
      above.push(...commentLines(item));
      continue;
    }
    parts.push(lines(above) + printSection(item, hasNoHeader(item.key, index), file));
    above = [];
    index += 1;
  }
  const block = metadata === null ? '' : lines([`[${blockName}]`, ...printFields(metadata, file)]);
  return [...parts, lines(above), block].filter((part) => part !== '').join('\n');
}

/** The entries of a section, one a line. @throws SecError `cannot-write` */
export function printEntries(branch: Branch, file: string): readonly string[] {
  return aligned(linesOf(branch.items, file));
}

/** The fields of a metadata block, one a line. @throws SecError `bad-metadata` */
export function printFields(metadata: MetaMap, file: string): readonly string[] {
  return aligned(flatten(metadata, file).map(([name, text]) => [writeKey(name, file), writeField(name, text, null, file)]));
}

/**
 * What a field of the metadata block says, on one line.
 *
 * @throws SecError `bad-metadata` for the two characters that would be read as a line break
 */
export function writeField(name: string, text: string, preferred: ValueStyle | null, file: string): string {
  if (text.includes('\\n')) refusing(file)(`a text with a backslash before an n cannot be written in this format: ${name}`);
  return writeValue(toChars(text).replaceAll('\n', '\\n'), preferred, file);
}

/** The lines of a comment. An empty one has none. */
function commentLines({ text }: Comment): readonly string[] {
  return text === '' ? [] : toChars(text).split('\n').map(commentLine);
}

/** Each line has a marker and one space. */
function commentLine(line: string): string {
  const text = line.trim();
  return /^[#;]/.test(text) ? `${text.slice(0, 1)} ${text.slice(1).trim()}` : `; ${text}`;
}

/** A comment before the first entry is that of the section; any other is that of the entry before it (§8.1). */
function printSection({ key: name, value }: Entry, isBare: boolean, file: string): string {
  if (value.kind !== 'map') throw cannotWrite(file, `${name} is no section: it holds a ${nameOf(value)}`);
  const first = value.items.findIndex((item) => item.kind === 'entry');
  const count = first < 0 ? value.items.length : first;
  const above = value.items.slice(0, count).flatMap((item) => (item.kind === 'comment' ? commentLines(item) : []));
  const header = isBare ? [] : [writeHeader(name, file)];
  return lines([...above, ...header, ...aligned(linesOf(value.items.slice(count), file))]);
}

function nameOf(value: Node): string {
  return value.kind === 'leaf' ? 'single value' : value.kind;
}

function linesOf(items: readonly (Entry | Comment)[], file: string): readonly Line[] {
  const result: Line[] = [];
  let at = 0;
  for (const item of items) {
    if (item.kind === 'comment') {
      result.splice(at, 0, { above: commentLines(item) });
      at += 1;
      continue;
    }
    at = result.length;
    result.push([writeKey(item.key, file), writeValue(leafChars(item.key, item.value, file), null, file)]);
  }
  return result;
}

/** The delimiters of a section stand below each other. */
function aligned(lines: readonly Line[]): readonly string[] {
  const width = Math.max(0, ...lines.map((line) => ('above' in line ? 0 : line[0].length)));
  return lines.flatMap((line) => ('above' in line ? line.above : [`${line[0].padEnd(width)} = ${line[1]}`]));
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

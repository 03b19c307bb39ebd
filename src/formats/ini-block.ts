import { flatten } from '../core/flatten.ts';
import type { MetaMap } from '../core/metadata.ts';
import type { Span, Splice } from '../core/tree.ts';
import { cutLines } from './ini-cut.ts';
import { printFields, writeField } from './ini-print.ts';
import { blockName, boundsOf, fieldText } from './ini-read.ts';
import type { IniSource, Section, SectionEntry } from './ini-read.ts';
import { styleOf, writeKey } from './ini-write.ts';

/** The metadata block of an INI text: the section `sops`, which we write last. `sops-format.md` §8.3. */

/** See `Format.addMetadata`. A blank line stands before it, unless there is nothing else. */
export function addBlock(source: IniSource, metadata: MetaMap): readonly Splice[] {
  const { text, start, eol, file } = source;
  const end = text.length;
  const block = [`[${blockName}]`, ...printFields(metadata, file)].join(eol);
  if (end === start) return [{ start: end, end, text: block + eol }];
  // Without a line end at the end of the text there is none at the end of the block, so that both can go.
  return [{ start: end, end, text: text.endsWith('\n') ? eol + block + eol : eol + eol + block }];
}

/** See `Format.removeMetadata`. With the blank line before the block, and with the line end before that where the block has none. */
export function removeBlock({ text, start: first, block }: IniSource): readonly Splice[] {
  if (block === null) return [];
  const { start, end } = spanOf(block);
  // The text before may end with a CR of its own.
  const eol = text.startsWith('\r\n', (block.header?.next ?? 0) - 2) ? '\r\n' : '\n';
  const endsBefore = (at: number): boolean => at - eol.length >= first && text.startsWith(eol, at - eol.length);
  const isBlank = endsBefore(start) && (start - eol.length === first || text[start - eol.length - 1] === '\n');
  const from = isBlank ? start - eol.length : start;
  const isOpen = end === text.length && !text.endsWith('\n');
  return [{ start: isOpen && endsBefore(from) ? from - eol.length : from, end, text: '' }];
}

/** See `Format.updateMetadata`. Lines that say the same as before stay as they are. */
export function updateBlock(source: IniSource, metadata: MetaMap): readonly Splice[] {
  const { block, file, text } = source;
  if (block === null) return addBlock(source, metadata);
  const fields = flatten(metadata, file);
  const target = new Map(fields);
  const gone = block.entries.filter(({ name }) => !target.has(name));
  const changed = block.entries.flatMap(({ name, line: { value } }): readonly Splice[] => {
    const field = target.get(name);
    if (field === undefined || field === fieldText(value)) return [];
    const written = writeField(name, field, styleOf({ ...value.span, style: value.style }), file);
    return [{ ...value.span, text: written }];
  });
  if (gone.length > 0 && gone.at(-1) === block.entries.at(-1)) return [newBody(source, block, metadata)];
  return [
    ...cutLines(
      text,
      gone.map(({ line }) => line),
    ),
    ...changed,
    ...insertions(source, block, fields),
  ];
}

/** All fields anew, where the last line goes and others may come behind it. */
function newBody({ text, file, eol }: IniSource, block: Section, metadata: MetaMap): Splice {
  const { end } = spanOf(block);
  const start = block.header?.next ?? end;
  const body = printFields(metadata, file).join(eol);
  return { start, end, text: body !== '' && text.slice(start, end).endsWith('\n') ? body + eol : body };
}

/** New fields, each behind the one before it that is there already; those before all of them behind the header. */
function insertions(source: IniSource, block: Section, fields: readonly (readonly [string, string])[]): readonly Splice[] {
  const { text, eol, file } = source;
  const there = new Map(block.entries.map((entry) => [entry.name, entry]));
  let anchor: number = block.header?.next ?? 0;
  return fields.flatMap(([name, field]) => {
    const entry = there.get(name);
    anchor = entry?.line.next ?? anchor;
    if (entry !== undefined) return [];
    const line = `${writeKey(name, file).padEnd(widthOf(block.entries))} = ${writeField(name, field, null, file)}`;
    const isOpen = anchor === text.length && !text.endsWith('\n');
    return [{ start: anchor, end: anchor, text: isOpen ? eol + line : line + eol }];
  });
}

/** How long the keys of a block are with the space that aligns them. */
function widthOf(entries: readonly SectionEntry[]): number {
  return Math.max(0, ...entries.map(({ line: { key } }) => key.delimiter - key.span.start - 1));
}

function spanOf(section: Section): Span {
  return boundsOf(section) ?? { start: 0, end: 0 };
}

import type { Comment, Entry, Scalar, Span } from '../../src/core/tree.ts';
import type { IniSource } from '../../src/formats/ini-read.ts';

/** A section as sops has it: entries, and comments under `#`, in its order. Texts are one character a byte. */
export type SopsSection = readonly [name: string, items: readonly (readonly [key: string, text: string])[]];

/**
 * The sections of a text without what only we have: a comment behind a value as one of its own where it is a part of the one above,
 * one that sops does not find, and comments at the end of the text.
 */
export function asSops(source: IniSource): readonly SopsSection[] {
  const sections = source.tree.documents[0]?.items ?? [];
  return sections.flatMap((section) => (section.kind === 'entry' ? [[chars(section.key), itemsOf(source, section)] as const] : []));
}

function itemsOf({ text }: IniSource, { keySpan, value }: Entry): SopsSection[1] {
  let owner: { readonly entry: Entry | null; readonly span: Span } | null = keySpan === null ? null : { entry: null, span: keySpan };
  let isAbove = false;
  return (value.kind === 'map' ? value.items : []).flatMap((item) => {
    if (item.kind === 'entry') {
      owner = { entry: item, span: { start: item.keySpan?.start ?? 0, end: item.value.place?.end ?? 0 } };
      isAbove = false;
      return [[chars(item.key), item.value.kind === 'leaf' ? scalarChars(item.value.value) : '?'] as const];
    }
    const start = item.place?.start ?? 0;
    if (owner !== null && start < owner.span.start) isAbove = true;
    else if (owner === null || isAbove || text.slice(owner.span.end, start).includes('\n') || isHidden(text, owner.entry)) return [];
    return [['#', shown(item)] as const];
  });
}

/** Behind the closing quote of a value on one line sops finds no comment. */
function isHidden(text: string, entry: Entry | null): boolean {
  const place = entry?.value.place;
  if (!place || (place.style !== 'triple' && place.style !== 'backtick')) return false;
  return !text.slice(place.start, place.end).includes('\n');
}

function shown({ text }: Comment): string {
  return chars(text);
}

/** Text as one character a byte of its UTF-8. */
export function chars(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function scalarChars(value: Scalar): string {
  if (value.type === 'bytes') return Buffer.from(value.bytes).toString('latin1');
  return value.type === 'str' ? chars(value.text) : '?';
}

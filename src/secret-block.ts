import { sameValue } from './core/fields.ts';
import type { MetaMap } from './core/metadata.ts';
import { SecError } from './core/problem.ts';
import { applySplices } from './core/tree.ts';
import type { Splice } from './core/tree.ts';
import type { Format, Source } from './formats/format.ts';
import type { TextOptions } from './secret-text.ts';

/** The metadata block in its place: a new one, or the one that was there with only what differs changed. */

/** @param text sealed, without a block */
export function placeBlock(text: string, block: MetaMap, old: Source | null, { format, file }: TextOptions): string {
  const bare = format.read(format.encode(text), file);
  const kept = old === null ? null : withOldBlock(format, bare, old, file);
  if (kept === null) return applySplices(text, format.addMetadata(bare, block));
  return applySplices(kept.text, format.updateMetadata(kept, block));
}

/** The text with the block of another one, to the letter; `null` where it does not fit there. */
function withOldBlock(format: Format, bare: Source, old: Source, file: string): Source | null {
  if (old.metadata === null) return null;
  const removed = [...format.removeMetadata(old)].sort((a, b) => a.start - b.start).map(({ start, end }) => old.text.slice(start, end));
  const places = format.addMetadata(bare, old.metadata);
  const pieces = places.length === 1 ? [removed.join('')] : places.map((_, index) => removed[index] ?? removed[0] ?? '');
  const splices = places.map((place, index): Splice => ({ ...place, text: fitted(pieces[index] ?? '', place.text) }));
  try {
    const kept = format.read(format.encode(applySplices(bare.text, splices)), file);
    if (kept.metadata === null || !sameValue(kept.metadata, old.metadata)) return null;
    // Taken out again it must leave what was there.
    return applySplices(kept.text, format.removeMetadata(kept)) === bare.text ? kept : null;
  } catch (error) {
    if (error instanceof SecError) return null;
    throw error;
  }
}

/** A block has its line break before it or behind it, as the end of the text around it wants. */
function fitted(piece: string, printed: string): string {
  const lead = /^(?:\r?\n)*/.exec(printed)?.[0] ?? '';
  const tail = /\r?\n$/.exec(printed)?.[0] ?? '';
  return lead + piece.replace(/^(?:\r?\n)+|(?:\r?\n)+$/g, '') + tail;
}

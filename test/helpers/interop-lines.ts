import type { Path } from '../../src/core/path.ts';
import { valueAt } from '../../src/core/tree-path.ts';
import { applySplices } from '../../src/core/tree.ts';
import type { Node } from '../../src/core/tree.ts';
import type { Format, Source } from '../../src/formats/format.ts';

/** Which lines of a sealed file a change has touched. */

/** What is changed, and what may change beside it. */
export interface LineChange {
  readonly path: Path;
  /** The line of the layout hint. */
  readonly hints: boolean;
  /** Sealed comments that sops does not open, since it has put them where it looks for others. */
  readonly comments: boolean;
}

/** What a change of one value has touched beside the lines of that value, `mac` and `lastmodified`: nothing, if all is well. */
export function otherLines(
  format: Format,
  before: Uint8Array,
  after: Uint8Array,
  { path, hints, comments }: LineChange,
): readonly string[] {
  // A whole file has one value and nothing else.
  if (format.name === 'binary') return [];
  const [old, now] = [format.read(before, 'before'), format.read(after, 'after')];
  const value = valueAt(old.tree.documents[0] ?? { kind: 'map', items: [], place: null }, path);
  const [oldLines, newLines] = [dataOf(format, old), dataOf(format, now)];
  return [
    ...otherData(old.text, oldLines, newLines.map(comments ? asBefore(oldLines) : String), value),
    ...otherFields(blocksOf(format, old), blocksOf(format, now), hints),
  ];
}

function dataOf(format: Format, source: Source): readonly string[] {
  return applySplices(source.text, format.removeMetadata(source)).split('\n');
}

/** Flat formats have it in as many pieces as lines. */
function blocksOf(format: Format, source: Source): string {
  const pieces = format.removeMetadata(source).map(({ start, end }) => source.text.slice(start, end));
  return pieces.join('');
}

/** The differing lines lie within the lines of the value. */
function otherData(text: string, old: readonly string[], now: readonly string[], value: Node | null): readonly string[] {
  const place = value?.place ?? null;
  if (place === null) return ['the value has no place'];
  const first = old.findIndex((line, at) => !isSame(line, now[at]));
  if (first < 0) return [];
  let same = 0;
  while (same < Math.min(old.length, now.length) - first && isSame(old.at(-1 - same), now.at(-1 - same))) same += 1;
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
  const { end } = place;
  // The header of a text block stands before the comment behind it, and is part of the value.
  const start = 'slot' in place && typeof place.slot === 'number' ? Math.min(place.slot, place.start) : place.start;
  return old.flatMap((line, at) => {
    // Blank lines below a text block may be part of it.
    const isTouched = at >= first && at < old.length - same && line.trim() !== '' && !now.includes(line);
    return isTouched && (at < lineOf(start) || at > lineOf(Math.max(start, end - 1))) ? [line] : [];
  });
}

/** A line with its sealed comment as a line of the same length had it before. */
function asBefore(old: readonly string[]): (line: string) => string {
  const known = new Map(old.map((line) => [`${line.indexOf('#ENC[')} ${line.length}`, line]));
  return (line) => (line.includes('#ENC[') && !old.includes(line) ? (known.get(`${line.indexOf('#ENC[')} ${line.length}`) ?? line) : line);
}

/** sops moves some comments to where the rule wants them sealed, and leaves that to the next who writes. */
function isSame(old = '', now = ''): boolean {
  const [before, comment] = [now.indexOf('#'), now.indexOf('#ENC[')];
  return (
    old === now || (comment >= 0 && comment === before && !old.includes('#ENC[') && old.slice(0, comment + 1) === now.slice(0, comment + 1))
  );
}

/** The blocks are the old ones, but for the values of two fields. */
function otherFields(old: string, now: string, hints: boolean): readonly string[] {
  const known = (blocks: string): string => {
    const bare = blocks.replaceAll(macField, '$1').replaceAll(timeField, '$1');
    return hints ? bare.replaceAll(layoutField, '').replaceAll(/\s/g, '') : bare;
  };
  return known(old) === known(now) ? [] : [known(old), known(now)];
}

const macField = /((?:\b|_)mac["']?\s*[:=]\s*["']?)ENC\[[^\]]*\]/g;
const timeField = /((?:\b|_)lastmodified["']?\s*[:=]\s*["']?)[0-9TZ:-]+/g;
const layoutField =
  /(?:,\s*)?["']?\b(?:sops_)?sec(?:__map_layout|["']?\s*:\s*\{?\s*["']?layout["']?)\s*[:=]\s*["']?ENC\[[^\]]*\]["']?(?:\s*\})?/g;

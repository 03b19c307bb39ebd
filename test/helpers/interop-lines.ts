import type { Path } from '../../src/core/path.ts';
import { valueAt } from '../../src/core/tree-path.ts';
import { applySplices } from '../../src/core/tree.ts';
import type { Node } from '../../src/core/tree.ts';
import type { Format, Source } from '../../src/formats/format.ts';

/** Which lines of a sealed file a change has touched. */

/**
 * What a change of one value has touched beside the lines of that value, `mac` and `lastmodified`: nothing, if all is well.
 *
 * @param hints whether the line of the layout hint may differ too
 */
export function otherLines(
  format: Format,
  before: Uint8Array,
  after: Uint8Array,
  { path, hints }: { path: Path; hints: boolean },
): readonly string[] {
  const [old, now] = [format.read(before, 'before'), format.read(after, 'after')];
  const value = valueAt(old.tree.documents[0] ?? { kind: 'map', items: [], place: null }, path);
  return [
    ...otherData(old.text, dataOf(format, old), dataOf(format, now), value),
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

/** The differing lines are in one piece, and that lies within the lines of the value. */
function otherData(text: string, old: readonly string[], now: readonly string[], value: Node | null): readonly string[] {
  const place = value?.place ?? null;
  if (place === null) return ['the value has no place'];
  const first = old.findIndex((line, at) => line !== now[at]);
  if (first < 0) return [];
  let same = 0;
  while (same < Math.min(old.length, now.length) - first && old.at(-1 - same) === now.at(-1 - same)) same += 1;
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
  const { start, end } = place;
  return old.flatMap((line, at) => {
    const isTouched = at >= first && at < old.length - same;
    return isTouched && (at < lineOf(start) || at > lineOf(Math.max(start, end - 1))) ? [line] : [];
  });
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

import type { CST } from 'yaml';

import type { Node } from '../../core/tree.ts';
import { valuesOf } from '../../core/tree-path.ts';

/**
 * Merge keys. sops keeps them as keys (`sops-format.md` §4.3), but the library that it reads with looks at what they hold, and refuses
 * a file that merges anything but maps.
 */

/** Whether a key is `<<` to that library: without quotes, or by its tag. */
export function isMergeKey(token: CST.Token | null, tag: string | null): boolean {
  if (tag !== null && tag !== '!!merge' && tag !== '!') return false;
  return token !== null && 'source' in token && (token.type === 'scalar' || tag === '!!merge') && token.source === '<<';
}

/** Whether a value can be merged: a map, or a list of maps. */
export function canMerge(value: Node): boolean {
  if (value.kind === 'list') return valuesOf(value).every(({ kind }) => kind === 'map');
  return value.kind === 'map';
}

import { printPath } from './core/path.ts';
import type { Path } from './core/path.ts';
import { isNothing } from './core/seal.ts';
import { mapTree } from './core/walk.ts';
import type { SecretFile, Session } from './secret-file.ts';
import type { SealedFile } from './secret-seal.ts';

/**
 * What a file leaves readable. Its rule stands in the file and is not authenticated, so whoever can change the file decides what is
 * encrypted next: a new value that stays in the clear is never passed over in silence.
 */

/** Says which values were added or set that nobody's key protects. `set`: the path of a value that was set in any case. */
export function reportClear({ context }: Session, old: SecretFile, sealed: SealedFile, set: Path | null): void {
  const before = clearPaths(old);
  const [at, below] = set === null ? [null, null] : [printPath(set), `${printPath(set)}.`];
  const isSet = (path: string): boolean => at !== null && (path === at || path.startsWith(below) || path.startsWith(`${at}[`));
  const told = sealed.clear.filter((path) => !before.has(path) || isSet(path));
  if (told.length > 0) context.err(`sec: ${old.file}: not encrypted, by the rule in the file: ${told.join(', ')}`);
}

function clearPaths({ tree, textOptions }: SecretFile): ReadonlySet<string> {
  const paths = new Set<string>();
  mapTree(tree, textOptions.selection.root, {
    leaf(leaf, spot) {
      if (!spot.selected && !isNothing(leaf.value)) paths.add(printPath(spot.path()));
      return leaf;
    },
    comment: (comment) => comment,
  });
  return paths;
}

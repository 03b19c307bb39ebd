import { openTree } from './core/open.ts';
import { MacBuilder } from './core/mac.ts';
import { printPath } from './core/path.ts';
import { SecError } from './core/problem.ts';
import type { SealedTree } from './core/seal.ts';
import type { Scalar, Tree } from './core/tree.ts';
import { everywhere, mapTree } from './core/walk.ts';
import type { Format } from './formats/format.ts';
import type { SealTextOptions } from './secret-text-seal.ts';

/**
 * Refuses a sealed text of another format whose MAC would not fit once it is read: a value in the clear that has another type there,
 * a document too many (`sops-format.md` §9).
 *
 * @throws SecError `cannot-write` with the path of the first such value
 */
export function checkConverted(bytes: Uint8Array, sealed: SealedTree, format: Format, options: SealTextOptions): void {
  const { tree } = format.read(bytes, options.file);
  if (openedMac(tree, options) === sealed.mac) return;
  const reason = `${firstDifference(sealed.tree, tree)} would not be the same value there, and the file could not be opened`;
  throw new SecError({ code: 'cannot-write', file: options.file, format: format.name, reason });
}

/** The MAC of what a sealed tree opens to. @throws SecError `value-rejected` */
export function openedMac(tree: Tree, options: SealTextOptions): string {
  const nothing = { opened: () => undefined, comment: () => undefined, clear: () => undefined, enter: () => undefined };
  return openTree(tree, { ...options, scope: options.selection.root, takesNew: false }, nothing).mac;
}

function firstDifference(written: Tree, read: Tree): string {
  const there = leavesOf(read);
  const found = leavesOf(written).find(({ mac }, index) => mac !== there[index]?.mac);
  return found?.path ?? 'a value';
}

/** Each value with what it adds to the MAC: a type that changes and leaves that alone does no harm. */
function leavesOf(tree: Tree): readonly { readonly path: string; readonly mac: string }[] {
  const leaves: { path: string; mac: string }[] = [];
  mapTree(tree, everywhere(false), {
    leaf(leaf, spot) {
      leaves.push({ path: printPath(spot.path()), mac: macOf(leaf.value) });
      return leaf;
    },
    comment: (comment) => comment,
  });
  return leaves;
}

function macOf(value: Scalar): string {
  const mac = new MacBuilder(false);
  mac.add(value);
  return mac.digest();
}

import { CipherError, isSealedComment, parseSealed, scalarOf } from './cipher.ts';
import type { Sealed, ValueCipher } from './cipher.ts';
import { MacBuilder } from './mac.ts';
import { printPath } from './path.ts';
import { SecError } from './problem.ts';
import { isNothing, unmarkEmpty } from './seal.ts';
import type { Scope } from './selection.ts';
import type { Branch, Comment, Leaf, List, Scalar, Tree } from './tree.ts';
import { mapTree } from './walk.ts';
import type { Spot } from './walk.ts';

/** A tree of ciphertexts made a tree of values. `sops-format.md` §§10–12. */

export interface OpenOptions {
  readonly cipher: ValueCipher;
  readonly scope: Scope;
  readonly macOnlyEncrypted: boolean;
  /** Name for messages. */
  readonly file: string;
  /** Whether a value that is not encrypted yet, but should be, is taken as it is: someone added it by hand. The MAC knows nothing of it. */
  readonly takesNew: boolean;
}

/** What came out of each part, in document order. */
export interface OpenVisitor {
  opened(leaf: Leaf, enc: string, plain: Opened, spot: Spot): void;
  comment(comment: Comment, enc: string, plain: Opened & { readonly text: string; readonly aad: string }, spot: Spot): void;
  /** A value that is not encrypted. */
  clear(leaf: Leaf, spot: Spot): void;
  enter(node: Branch | List, spot: Spot): void;
}

/** A value that was authenticated: its type word, what was sealed, and what that means. */
export interface Opened {
  readonly type: string;
  /** As a text where it is one in UTF-8: to hold on to the bytes of each value takes several times the memory. */
  readonly plaintext: string | Uint8Array;
  readonly value: Scalar;
}

export interface OpenedTree {
  readonly tree: Tree;
  /** The MAC that the values have, to be compared with the one that the file says. */
  readonly mac: string;
  /** Comments that look sealed and do not authenticate: they stay as they are (§10.5). */
  readonly keptComments: number;
  /** Paths of the values that were taken as they are. */
  readonly added: readonly string[];
}

/** How many containers before a comment are tried for its path. */
const containersTried = 16;

/** @throws SecError `value-rejected` for a value that is not sealed or does not authenticate */
export function openTree(tree: Tree, options: OpenOptions, visitor: OpenVisitor): OpenedTree {
  const mac = new MacBuilder(options.macOnlyEncrypted);
  const containers: string[] = [':'];
  const added: string[] = [];
  let keptComments = 0;
  const result = mapTree(tree, options.scope, {
    enter(node, spot) {
      if (spot.aad !== '' && containers.at(-1) !== spot.aad) containers.push(spot.aad);
      visitor.enter(node, spot);
    },
    leaf(leaf, spot) {
      if (options.takesNew && spot.selected && isNew(leaf.value)) {
        added.push(printPath(spot.path()));
        return leaf;
      }
      if (!spot.selected) visitor.clear(leaf, spot);
      const value = spot.selected ? openLeaf(leaf, spot, options, visitor) : leaf.value;
      if (spot.selected || !options.macOnlyEncrypted) mac.add(value);
      return { kind: 'leaf', value, place: leaf.place };
    },
    comment(comment, spot) {
      const sealed = spot.selected || comment.place?.style.endsWith('item') ? parseSealed(comment.text) : null;
      if (sealed === null) return comment;
      const plain = openComment(sealed, [spot.aad, ...containers.slice(-containersTried).reverse()], options.cipher);
      if (plain === null) {
        if (isSealedComment(comment.text)) keptComments += 1;
        return comment;
      }
      const text = spot.inList ? unmarkEmpty(plain.text) : plain.text;
      visitor.comment(comment, comment.text, { ...plain, text }, spot);
      return { ...comment, text };
    },
  });
  return { tree: result, mac: mac.digest(), keptComments, added };
}

/** A damaged ciphertext is no new value. */
function isNew(value: Scalar): boolean {
  return !isNothing(value) && !(value.type === 'str' && value.text.trimStart().startsWith('ENC['));
}

function openLeaf(leaf: Leaf, spot: Spot, { cipher, file }: OpenOptions, visitor: OpenVisitor): Scalar {
  const { value } = leaf;
  if (isNothing(value)) return value;
  const sealed = value.type === 'str' ? parseSealed(value.text) : null;
  if (value.type !== 'str' || sealed === null) throw rejected('it is not encrypted', spot, file);
  try {
    const bytes = cipher.open(sealed, spot.aad);
    const opened = openedAs(sealed.type, bytes);
    // What stands behind the bracket, such as the line break of a text block, is no part of the ciphertext (§11.2).
    visitor.opened(leaf, value.text.slice(0, value.text.indexOf(']') + 1), opened, spot);
    return opened.value;
  } catch (error) {
    if (error instanceof CipherError) throw rejected(error.reason, spot, file, error);
    throw error;
  }
}

function rejected(reason: string, spot: Spot, file: string, cause?: unknown): SecError {
  return new SecError({ code: 'value-rejected', file, key: printPath(spot.path()), reason }, { cause });
}

/** @throws CipherError as `scalarOf` */
function openedAs(type: string, bytes: Buffer): Opened {
  const value = scalarOf(type, bytes);
  return { type, plaintext: value.type === 'str' ? value.text : bytes, value };
}

/**
 * The path of a comment is that of its container, and readers differ on which that is: sops itself reads some of its own comments
 * under another than it wrote them (§10.5). Nothing is shown that does not authenticate under one of the paths around it.
 */
function openComment(sealed: Sealed, paths: readonly string[], cipher: ValueCipher): (Opened & { text: string; aad: string }) | null {
  for (const aad of new Set(paths)) {
    try {
      const bytes = cipher.open(sealed, aad);
      const opened = openedAs('comment', bytes);
      return { ...opened, text: typeof opened.plaintext === 'string' ? opened.plaintext : bytes.toString('utf8'), aad };
    } catch (error) {
      if (!(error instanceof CipherError)) throw error;
    }
  }
  return null;
}

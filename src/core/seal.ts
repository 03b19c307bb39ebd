import { plaintextOf } from './cipher.ts';
import type { TypeWord, ValueCipher } from './cipher.ts';
import { MacBuilder } from './mac.ts';
import type { SealMemory, Remembered, Wanted } from './memory.ts';
import { printPath } from './path.ts';
import { SecError } from './problem.ts';
import type { Selection } from './selection.ts';
import type { Branch, Comment, Leaf, List, Scalar, Tree } from './tree.ts';
import { mapTree } from './walk.ts';
import type { Spot } from './walk.ts';

/** A tree of values made a tree of ciphertexts. `sops-format.md` §§10–12. */

export interface SealOptions {
  readonly cipher: ValueCipher;
  readonly selection: Selection;
  readonly macOnlyEncrypted: boolean;
  readonly memory: SealMemory;
  /** Name for messages. */
  readonly file: string;
  random(length: number): Uint8Array;
  /** The text that stands in a place of the plain document: what tells equal values apart in the memory. */
  textOf(node: Leaf | Comment): string;
}

/** What happened to each part, in document order. */
export interface SealVisitor {
  sealed(node: Leaf | Comment, enc: string, remembered: Remembered | null, spot: Spot): void;
  /** A value that stays as it is. */
  clear(leaf: Leaf, spot: Spot): void;
  enter(node: Branch | List, spot: Spot): void;
}

export interface SealedTree {
  readonly tree: Tree;
  /** The text of the MAC, in the clear. */
  readonly mac: string;
  readonly sealed: number;
  /** Paths of the values that stay in the clear. */
  readonly clear: readonly string[];
}

/** @throws SecError `cannot-encrypt` */
export function sealTree(tree: Tree, options: SealOptions, visitor: SealVisitor): SealedTree {
  const mac = new MacBuilder(options.macOnlyEncrypted);
  const clear: string[] = [];
  let sealed = 0;
  let isAfterSelected = false;
  const encrypt = encrypter(tree, options);
  const result = mapTree(tree, options.selection.root, {
    enter(node, spot) {
      // sops repeats the comments of what an alias stands for, and lets them decide there, too.
      if (options.selection.byComments) refuseRisk(node.place?.commentRisk, spot, options.file);
      visitor.enter(node, spot);
    },
    leaf(leaf, spot) {
      isAfterSelected = spot.selected;
      if (spot.selected || !options.macOnlyEncrypted) mac.add(leaf.value);
      if (leaf.value.type === 'null' || isNothing(leaf.value)) return leaf;
      if (!spot.selected) {
        clear.push(keepClear(leaf, spot, options.file));
        visitor.clear(leaf, spot);
        return leaf;
      }
      sealed += 1;
      const { enc, remembered } = encrypt(plaintextOf(leaf.value), spot);
      visitor.sealed(leaf, enc, remembered, spot);
      return { ...leaf, value: { type: 'str', text: enc } };
    },
    comment(comment, spot) {
      const text = sealedText(comment, spot);
      // It may be a part of the sealed value before it, which must not stay in the clear.
      if (!spot.selected && isAfterSelected && comment.text !== '') refuseRisk(comment.place?.clearRisk, spot, options.file);
      if (!spot.selected || text === '') return comment;
      const { enc, remembered } = encrypt({ type: 'comment', bytes: Buffer.from(text) }, spot);
      options.selection.checkSealedComment(enc, spot.path().map(String), options.file);
      visitor.sealed(comment, enc, remembered, spot);
      return { ...comment, text: enc };
    },
  });
  return { tree: result, mac: mac.digest(), sealed, clear };
}

const blank = /^\u200B*$/;

/**
 * An empty comment cannot be encrypted, and one in a list that is not becomes an element when sops reads it (§10.5). A character that
 * nobody sees stands for it; a comment of nothing but such characters gets one more.
 */
export function markEmpty(text: string): string {
  return blank.test(text) ? `${text}\u200B` : text;
}

/** Takes that character away again. */
export function unmarkEmpty(text: string): string {
  return text !== '' && blank.test(text) ? text.slice(1) : text;
}

/** Null and the empty string are never encrypted (§11.4). */
export function isNothing(value: Scalar): boolean {
  if (value.type === 'null') return true;
  return (value.type === 'str' && value.text === '') || (value.type === 'bytes' && value.bytes.length === 0);
}

/** Refuses what a place cannot hold, for the reason that it gives. */
function refuseRisk(reason: string | undefined, spot: Spot, file: string): void {
  if (reason === undefined) return;
  throw new SecError({ code: 'cannot-encrypt', file, key: printPath(spot.path()), reason });
}

function keepClear({ place }: Leaf, spot: Spot, file: string): string {
  refuseRisk(place?.clearRisk, spot, file);
  return printPath(spot.path());
}

interface Typed {
  readonly type: TypeWord;
  readonly bytes: Uint8Array;
}

type Encrypt = (plaintext: Typed, spot: Spot) => { readonly enc: string; readonly remembered: Remembered | null };

/** Encrypts what is new, and finds the ciphertext of what is not. */
function encrypter(tree: Tree, options: SealOptions): Encrypt {
  const { cipher, memory, random } = options;
  const shares = memory.isEmpty ? new Map<number, Remembered>() : memory.share(wantedIn(tree, options));
  return ({ type, bytes }, { aad, ordinal }) => {
    const remembered = shares.get(ordinal) ?? null;
    return { enc: remembered?.enc ?? cipher.seal(bytes, type, aad, random(32)), remembered };
  };
}

/** All that will be encrypted. */
function wantedIn(tree: Tree, { selection, textOf }: SealOptions): readonly Wanted[] {
  const wanted: Wanted[] = [];
  const add = (node: Leaf | Comment, { type, bytes }: Typed, { aad, ordinal }: Spot): void =>
    void wanted.push({ aad, type, bytes, ordinal, plainText: textOf(node), context: node.place?.context ?? '' });
  mapTree(tree, selection.root, {
    leaf(leaf, spot) {
      if (spot.selected && leaf.value.type !== 'null' && !isNothing(leaf.value)) add(leaf, plaintextOf(leaf.value), spot);
      return leaf;
    },
    comment(comment, spot) {
      const text = sealedText(comment, spot);
      if (spot.selected && text !== '') add(comment, { type: 'comment', bytes: Buffer.from(text) }, spot);
      return comment;
    },
  });
  return wanted;
}

function sealedText({ text }: Comment, { inList }: Spot): string {
  return inList ? markEmpty(text) : text;
}

import type { MetaMap } from '../core/metadata.ts';
import type { Comment, Leaf, Node, Place, Scalar, Span, Splice, Tree } from '../core/tree.ts';

export type FormatName = 'yaml' | 'json' | 'dotenv' | 'ini' | 'binary';

/** A text that was read. */
export interface Source {
  /** The text; `encode` makes the same bytes of it again. */
  readonly text: string;
  /** The documents, without the metadata block. */
  readonly tree: Tree;
  /** The first metadata block, or `null` in a plain text. */
  readonly metadata: MetaMap | null;
}

/** A sealed text, and the plain one that was found in it. */
export interface OpenedSource<S extends Source = Source> {
  readonly source: S;
  plain(): string;
}

/** What is put in the place of a reference, and where the text has what it refers to. */
export interface Expansion extends Splice {
  readonly target: Span;
}

/**
 * A syntax: text to a tree that knows its places, and the texts that go into those places. A format knows nothing of keys,
 * ciphers or rules.
 *
 * The law that `secret-file.ts` relies on: for each leaf, sealing and opening are replacements of `leaf.place`, and the result
 * reads as the same tree with that one value changed.
 */
export interface Format<S extends Source = Source> {
  readonly name: FormatName;

  /**
   * Reads a plain or a sealed text.
   * @param file name for messages
   * @throws SecError `malformed`, `duplicate-key`, `too-deep`, `too-large`, `no-document`, `top-level-not-map`, `cannot-encrypt`
   */
  read(bytes: Uint8Array, file: string): S;

  /**
   * The format as it reads the plain text of a file that was opened, changed or not, where that is another way than it would read the
   * same text alone: what sops took for a part of a value is one.
   */
  after?(opened: OpenedSource<S>): Format;

  /** The bytes of a text of this format. */
  encode(text: string): Uint8Array;

  /** What stands in the place of a leaf once it is sealed, and the place as it will be read then (offsets do not matter). */
  sealLeaf(place: Place, enc: string): { readonly text: string; readonly place: Place };

  /**
   * What stands in the place of a sealed leaf once it is opened, without a layout hint. Also used at sealing time: where it is not
   * the text that stood there, the difference goes into the layout hint.
   * @param place the place of the sealed leaf
   * @throws SecError `cannot-write`
   */
  openLeaf(place: Place, value: Scalar): string;

  /** The same for comments: the text with its marker. */
  sealComment(comment: Comment, enc: string): string;
  openComment(comment: Comment, text: string): string;

  /**
   * The stand-in of a node that the source holds only by reference (a YAML alias): its content, to be put in the place of the
   * reference. `sealed` gives the `ENC[…]` of a leaf, or `null` for one that stays clear. `null` for a node that stands in the text
   * itself, as every node of the other formats does.
   */
  expand(node: Node, sealed: (leaf: Leaf) => string | null): Expansion | null;

  /** Splices that add the block to a plain text, at the end of every document. */
  addMetadata(source: S, metadata: MetaMap): readonly Splice[];
  /** Splices that change the block of a sealed text, touching only lines that differ. */
  updateMetadata(source: S, metadata: MetaMap): readonly Splice[];
  /** Splices that take the block away, so that what is left is the text as it was before `addMetadata`. */
  removeMetadata(source: S): readonly Splice[];

  /**
   * Splices on a plain text for `set` and `unset`. `at` leads from the document's root; a string is a key, a number a position among
   * the values (not the comments) of a list. All but the last step exist; `put` replaces what is there or adds it at the end, in the
   * layout of its neighbours; a list position equal to the length appends.
   * @throws SecError `cannot-write` where the format has no place for such a value
   */
  put(source: S, at: readonly (string | number)[], value: Node): readonly Splice[];
  drop(source: S, at: readonly (string | number)[]): readonly Splice[];

  /**
   * A new text: conversion, extraction, an example (`sops-format.md` §4.5, §5.2, §7.2, §8.2).
   * @param metadata the block to write, or `null` for a plain text
   * @throws SecError `cannot-write`
   */
  print(tree: Tree, metadata: MetaMap | null, options: PrintOptions): string;

  /** One extracted value that is no map (`sops-format.md` §9). @throws SecError `cannot-write` */
  printValue(value: Node, options: PrintOptions): Uint8Array;
}

export interface PrintOptions {
  /** Name for messages. */
  readonly file: string;
  /** `null`: the format's own default. */
  readonly indent: number | null;
}

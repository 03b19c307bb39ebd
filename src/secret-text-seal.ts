import { encodeHints, sealHints } from './core/layout.ts';
import type { SealMemory, Remembered } from './core/memory.ts';
import { SecError } from './core/problem.ts';
import { sameSealedScalar } from './core/same-tree.ts';
import { sealTree } from './core/seal.ts';
import type { SealedTree, SealVisitor } from './core/seal.ts';
import { applySplices } from './core/tree.ts';
import type { Branch, Comment, Leaf, List, Node, Place, Splice } from './core/tree.ts';
import type { Spot } from './core/walk.ts';
import type { Source } from './formats/format.ts';
import { attempt, layoutPath, readsAs } from './secret-text.ts';
import type { TextOptions } from './secret-text.ts';

/** A plain text sealed by splices of the places that its format read. `design.md` §3. */

export interface SealedText extends SealedTree {
  /** The sealed text, without a metadata block. */
  readonly text: string;
  /** The field `sec.layout`, or `null` where every place speaks for itself. */
  readonly layout: string | null;
}

export interface SealTextOptions extends TextOptions {
  /** What an earlier state of the file held: it keeps its ciphertext and its sealed text. */
  readonly memory: SealMemory;
  random(length: number): Uint8Array;
}

/**
 * Seals a plain text, and reads the result again before anybody gets it.
 *
 * @throws SecError `cannot-encrypt`
 */
export function sealText(source: Source, options: SealTextOptions): SealedText {
  for (const keepsTexts of [true, false]) {
    const sealed = new Sealing(source, options, keepsTexts).seal();
    if (readsAs(sealed.text, sealed.tree, options, sameSealedScalar)) return sealed;
  }
  throw new SecError({
    code: 'cannot-encrypt',
    file: options.file,
    key: 'the document',
    reason: 'its layout cannot hold encrypted values',
  });
}

/** What stands in the text only as the name of something else. */
interface Reference {
  readonly node: Node;
  readonly ordinal: number;
}

/** One pass over a plain text. */
class Sealing implements SealVisitor {
  readonly #source: Source;
  readonly #options: SealTextOptions;
  /** Whether what is remembered may bring its sealed text along, not only its ciphertext. */
  readonly #keepsTexts: boolean;
  readonly #splices: Splice[] = [];
  readonly #hints = new Map<number, string>();
  readonly #references: Reference[] = [];
  readonly #sealed = new Map<Leaf, string>();

  constructor(source: Source, options: SealTextOptions, keepsTexts: boolean) {
    this.#source = source;
    this.#options = options;
    this.#keepsTexts = keepsTexts;
  }

  seal(): SealedText {
    const textOf = ({ place }: Leaf | Comment): string => (place === null ? '' : this.#slice(place));
    const sealed = sealTree(this.#source.tree, { ...this.#options, textOf }, this);
    for (const reference of this.#references) this.#expand(reference);
    return { ...sealed, text: applySplices(this.#source.text, this.#splices), layout: this.#layout() };
  }

  enter(node: Branch | List, { ordinal }: Spot): void {
    this.#refer({ node, ordinal });
  }

  clear(node: Leaf, { ordinal }: Spot): void {
    this.#refer({ node, ordinal });
  }

  #refer(reference: Reference): void {
    if (this.#options.format.expand(reference.node, () => null) !== null) this.#references.push(reference);
  }

  sealed(node: Leaf | Comment, enc: string, remembered: Remembered | null, { ordinal }: Spot): void {
    if (node.kind === 'leaf') this.#sealed.set(node, enc);
    const { place } = node;
    if (place === null) return;
    const plainText = this.#slice(place);
    const end = this.#keepsTexts && remembered?.context === (place.context ?? '') ? this.#endOf(remembered.plainText, place) : null;
    if (remembered !== null && end !== null) {
      this.#replace({ ...place, end }, remembered.sealedText);
      if (remembered.hinted) this.#hints.set(ordinal, plainText);
    } else if (node.kind === 'comment') {
      const { format } = this.#options;
      this.#replace(place, format.sealComment(node, enc));
      if (format.openComment(node, node.text) !== plainText) this.#hints.set(ordinal, plainText);
    } else {
      this.#sealLeaf(node, place, enc, ordinal);
    }
  }

  /** Where a text ends that stands in a place, blank lines at its end included; `null` where another stands there. */
  #endOf(text: string, { start, end }: Place): number | null {
    const { text: all } = this.#source;
    const isThere = all.startsWith(text, start) && text.length >= end - start && all.slice(end, start + text.length).trim() === '';
    return isThere ? start + text.length : null;
  }

  /** Where opening would not give back what stands there, the hint has to. */
  #sealLeaf(leaf: Leaf, place: Place, enc: string, ordinal: number): void {
    const { format } = this.#options;
    const written = format.sealLeaf(place, enc);
    this.#replace(place, written.text);
    const plainText = this.#slice(place);
    if (attempt(() => format.openLeaf(written.place, leaf.value)) !== plainText) this.#hints.set(ordinal, plainText);
  }

  #expand({ node, ordinal }: Reference): void {
    const expansion = this.#options.format.expand(node, (leaf) => this.#sealed.get(leaf) ?? null);
    if (expansion === null || node.place === null) return;
    // A value in the clear may refer to another in the clear.
    const { target } = expansion;
    if (node.kind === 'leaf' && !this.#splices.some(({ start, end }) => start >= target.start && end <= target.end)) return;
    this.#splices.push(expansion);
    this.#hints.set(ordinal, this.#slice(node.place));
  }

  #layout(): string | null {
    if (this.#hints.size === 0) return null;
    const { memory, cipher, random } = this.#options;
    const bytes = encodeHints(new Map([...this.#hints].sort(([one], [other]) => one - other)));
    return memory.find({ aad: layoutPath, type: 'layout', bytes })?.enc ?? sealHints(bytes, cipher, random(32));
  }

  #replace({ start, end }: Place, text: string): void {
    this.#splices.push({ start, end, text });
  }

  #slice({ start, end }: Place): string {
    return this.#source.text.slice(start, end);
  }
}

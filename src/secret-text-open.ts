import { decodeHints, openHints } from './core/layout.ts';
import type { LayoutHints } from './core/layout.ts';
import { SealMemory } from './core/memory.ts';
import { openTree } from './core/open.ts';
import { printPath } from './core/path.ts';
import type { Path } from './core/path.ts';
import { SecError } from './core/problem.ts';
import type { Opened, OpenVisitor } from './core/open.ts';
import { applySplices } from './core/tree.ts';
import type { Branch, Comment, Leaf, List, Node, Place, Splice, Tree } from './core/tree.ts';
import { everywhere, mapTree } from './core/walk.ts';
import type { Spot } from './core/walk.ts';
import type { Format, Source } from './formats/format.ts';
import { attempt, layoutPath, placeless, readsAs } from './secret-text.ts';
import type { TextOptions } from './secret-text.ts';

/** A sealed text opened by splices of the places that its format read. `design.md` §3. */

export interface OpenedText {
  readonly source: Source;
  /** The values. */
  readonly tree: Tree;
  /** Of the values, to be compared with what the file says. */
  readonly mac: string;
  /** Comments that look sealed and do not open. */
  readonly keptComments: number;
  /** Paths of values that were not encrypted yet. */
  readonly added: readonly string[];
  /** What was found, for the next sealing. Made when it is asked for: to open a file takes none. */
  memory(): SealMemory;
  /** The plain text. Made when it is asked for. @throws SecError `cannot-write` */
  plain(): string;
}

/**
 * Opens a sealed text. The caller compares the MAC before it shows anything.
 *
 * @param takesNew whether a value that is not encrypted yet is taken as it is
 * @param layout the field `sec.layout`, or `null`
 * @throws SecError `value-rejected`
 */
export function openText(source: Source, layout: string | null, options: TextOptions, takesNew = false): OpenedText {
  const hintBytes = layout === null ? null : openHints(layout, options.cipher);
  const recorder = new Recorder(source, hintBytes === null ? new Map() : decodeHints(hintBytes), options);
  const { tree, mac, keptComments, added } = openTree(source.tree, { ...options, scope: options.selection.root, takesNew }, recorder);
  const plain = (): string => {
    const removal = options.format.removeMetadata(source);
    const hinted = spliced(source.text, [...recorder.splices(true), ...removal]);
    // A hint from another state of the file changes nothing but the notation, or is not followed at all.
    if (hinted !== null && (recorder.hintsUsed === 0 || readsAs(hinted, tree, options))) return hinted;
    return applySplices(source.text, [...recorder.splices(false), ...removal]);
  };
  const memory = (): SealMemory => {
    const remembered = recorder.memory();
    if (layout !== null && hintBytes !== null)
      remembered.remember({ aad: layoutPath, type: 'layout', bytes: hintBytes }, 0, placeless(layout));
    return remembered;
  };
  return { source, tree, mac, keptComments, added, memory, plain };
}

/** The text with the splices, or `null` where they do not fit together: hints of another state of the file may cover each other. */
function spliced(text: string, splices: readonly Splice[]): string | null {
  try {
    return applySplices(text, splices);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What one place of a sealed text becomes. */
interface Found {
  readonly place: Place;
  readonly ordinal: number;
  readonly hint: string | null;
  /** `null` for what has no text but the hint: a collection, and a value in the clear. */
  readonly sealed: Sealed | null;
}

/** What stood sealed there. */
interface Sealed {
  readonly enc: string;
  readonly aad: string;
  readonly opened: Opened;
  /** `null` for a value. */
  readonly comment: { readonly node: Comment; readonly text: string } | null;
  /** The text without a hint, once it was asked for: a value that is never printed need not be printable. */
  printed: string | null;
}

/** Notes what each part of a sealed text becomes. */
class Recorder implements OpenVisitor {
  readonly #format: Format;
  readonly #file: string;
  readonly #source: Source;
  readonly #hints: LayoutHints;
  readonly #found: Found[] = [];
  hintsUsed = 0;

  constructor(source: Source, hints: LayoutHints, { format, file }: TextOptions) {
    this.#format = format;
    this.#file = file;
    this.#source = source;
    this.#hints = hints;
  }

  enter(node: Branch | List, spot: Spot): void {
    this.#hinted(node, spot);
  }

  clear(leaf: Leaf, spot: Spot): void {
    this.#hinted(leaf, spot);
  }

  #hinted({ place }: Node, { ordinal }: Spot): void {
    if (this.#hints.has(ordinal)) this.#find(place, ordinal, null);
  }

  opened(leaf: Leaf, enc: string, opened: Opened, { aad, ordinal }: Spot): void {
    this.#find(leaf.place, ordinal, { enc, aad, opened, comment: null, printed: null });
  }

  comment(node: Comment, enc: string, opened: Opened & { readonly text: string; readonly aad: string }, { ordinal }: Spot): void {
    const comment = { node, text: opened.text };
    this.#find(node.place, ordinal, { enc, aad: opened.aad, opened, comment, printed: null });
  }

  #find(place: Place | null, ordinal: number, sealed: Sealed | null): void {
    if (place === null) return;
    const hint = this.#hints.get(ordinal) ?? null;
    if (hint !== null) this.hintsUsed += 1;
    this.#found.push({ place, ordinal, hint, sealed });
  }

  /** The replacements. What lies within a hinted collection goes with it. @throws SecError `cannot-write` */
  splices(withHints: boolean): readonly Splice[] {
    const splices: Splice[] = [];
    let covered = -1;
    for (const found of this.#inOrder()) {
      const { start, end } = found.place;
      if (start < covered) continue;
      if (withHints && found.hint !== null) {
        covered = end;
        splices.push({ start, end, text: found.hint });
      } else if (found.sealed !== null) {
        splices.push({ start, end, text: this.#print(found, found.sealed) });
      }
    }
    return splices;
  }

  /** In the order of the text: a comment may stand before the value that it follows in the tree. */
  #inOrder(): readonly Found[] {
    return this.#found.toSorted((a, b) => a.place.start - b.place.start || b.place.end - a.place.end);
  }

  /** What a later sealing may use again. */
  memory(): SealMemory {
    const memory = new SealMemory();
    for (const found of this.#found) if (found.sealed !== null) this.#remember(memory, found, found.sealed);
    return memory;
  }

  #remember(memory: SealMemory, found: Found, sealed: Sealed): void {
    const { place, ordinal, hint } = found;
    const { enc, aad, opened } = sealed;
    const plainText = hint ?? attempt(() => this.#print(found, sealed));
    if (plainText === null) return;
    const bytes = typeof opened.plaintext === 'string' ? Buffer.from(opened.plaintext) : opened.plaintext;
    const sealedText = this.#source.text.slice(place.start, place.end);
    memory.remember({ aad, type: opened.type, bytes }, ordinal, {
      enc,
      sealedText,
      plainText,
      context: place.context ?? '',
      hinted: hint !== null,
    });
  }

  /** @throws SecError `cannot-write`, which a format throws without knowing file and key */
  #print({ place, ordinal }: Found, sealed: Sealed): string {
    const { comment, opened } = sealed;
    try {
      sealed.printed ??=
        comment === null ? this.#format.openLeaf(place, opened.value) : this.#format.openComment(comment.node, comment.text);
      return sealed.printed;
    } catch (cause) {
      if (!(cause instanceof SecError) || cause.problem.code !== 'cannot-write') throw cause;
      const reason = `${printPath(this.#pathOf(ordinal))}: ${cause.problem.reason}`;
      throw new SecError({ ...cause.problem, file: this.#file, reason }, { cause });
    }
  }

  /** Looked for when it is needed: to note the path of each value would cost more than to open it. */
  #pathOf(ordinal: number): Path {
    let path: Path = [];
    const look = <T>(node: T, spot: Spot): T => {
      if (spot.ordinal === ordinal) path = spot.path();
      return node;
    };
    mapTree(this.#source.tree, everywhere(true), { leaf: look, comment: look });
    return path;
  }
}

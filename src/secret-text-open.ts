import { decodeHints, openHints } from './core/layout.ts';
import type { LayoutHints } from './core/layout.ts';
import { SealMemory } from './core/memory.ts';
import type { Plaintext, Remembered } from './core/memory.ts';
import { openTree } from './core/open.ts';
import { printPath } from './core/path.ts';
import type { Path } from './core/path.ts';
import { SecError } from './core/problem.ts';
import type { Opened, OpenVisitor } from './core/open.ts';
import { applySplices } from './core/tree.ts';
import type { Branch, Comment, Leaf, List, Node, Place, Scalar, Splice, Tree } from './core/tree.ts';
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
  /** What was found, for the next sealing. */
  readonly memory: SealMemory;
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
  if (layout !== null && hintBytes !== null)
    recorder.memory.remember({ aad: layoutPath, type: 'layout', bytes: hintBytes }, 0, placeless(layout));
  const { tree, mac, keptComments, added } = openTree(source.tree, { ...options, scope: options.selection.root, takesNew }, recorder);
  const plain = (): string => {
    const removal = options.format.removeMetadata(source);
    const hinted = spliced(source.text, [...recorder.splices(true), ...removal]);
    // A hint from another state of the file changes nothing but the notation, or is not followed at all.
    if (hinted !== null && (recorder.hintsUsed === 0 || readsAs(hinted, tree, options))) return hinted;
    return applySplices(source.text, [...recorder.splices(false), ...removal]);
  };
  return { source, tree, mac, keptComments, added, memory: recorder.memory, plain };
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

interface Found {
  readonly place: Place;
  /** The text without a hint, made late: a value that is never printed need not be printable. `null` for what has none: a collection, and a value in the clear. */
  readonly text: (() => string) | null;
  readonly hint: string | null;
}

/** Notes what each part of a sealed text becomes. */
class Recorder implements OpenVisitor {
  readonly memory = new SealMemory();
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
    const hint = this.#hints.get(ordinal);
    if (hint === undefined || place === null) return;
    this.hintsUsed += 1;
    this.#found.push({ place, text: null, hint });
  }

  opened(leaf: Leaf, enc: string, opened: Opened, spot: Spot): void {
    const { place } = leaf;
    if (place === null) return;
    const hint = this.#hints.get(spot.ordinal) ?? null;
    if (hint !== null) this.hintsUsed += 1;
    const path = spot.path();
    const text = (): string => this.#print(place, opened.value, path);
    this.#found.push({ place, text, hint });
    const plainText = hint ?? attempt(text);
    if (plainText !== null)
      this.#remember({ enc, plainText, hinted: hint !== null }, { ...opened, aad: spot.aad, ordinal: spot.ordinal }, place);
  }

  comment(comment: Comment, enc: string, opened: Opened & { readonly text: string; readonly aad: string }, { ordinal }: Spot): void {
    const { place } = comment;
    if (place === null) return;
    const hint = this.#hints.get(ordinal) ?? null;
    if (hint !== null) this.hintsUsed += 1;
    const text = this.#format.openComment(comment, opened.text);
    this.#found.push({ place, text: () => text, hint });
    this.#remember({ enc, plainText: hint ?? text, hinted: hint !== null }, { ...opened, ordinal }, place);
  }

  /** The replacements. What lies within a hinted collection goes with it. */
  splices(withHints: boolean): readonly Splice[] {
    let covered = -1;
    // In the order of the text: a comment may stand before the value that it follows in the tree.
    const ordered = this.#found.toSorted((a, b) => a.place.start - b.place.start || b.place.end - a.place.end);
    return ordered.flatMap(({ place, text, hint }) => {
      const { start, end } = place;
      if (start < covered) return [];
      if (hint === null || !withHints) return text === null ? [] : [{ start, end, text: text() }];
      covered = end;
      return [{ start, end, text: hint }];
    });
  }

  #remember(
    found: Pick<Remembered, 'enc' | 'plainText' | 'hinted'>,
    { aad, type, bytes, ordinal }: Plaintext & { readonly ordinal: number },
    place: Place,
  ): void {
    this.memory.remember({ aad, type, bytes }, ordinal, { ...found, sealedText: this.#slice(place), context: place.context ?? '' });
  }

  /** @throws SecError `cannot-write`, which a format throws without knowing file and key */
  #print(place: Place, value: Scalar, path: Path): string {
    try {
      return this.#format.openLeaf(place, value);
    } catch (cause) {
      if (!(cause instanceof SecError) || cause.problem.code !== 'cannot-write') throw cause;
      const reason = `${printPath(path)}: ${cause.problem.reason}`;
      throw new SecError({ ...cause.problem, file: this.#file, reason }, { cause });
    }
  }

  #slice({ start, end }: Place): string {
    return this.#source.text.slice(start, end);
  }
}

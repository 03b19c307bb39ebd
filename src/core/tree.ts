/**
 * The tree of a secrets file: what a format reads a text into. Nodes know their place in that text, so that sealing and
 * opening are replacements of places and never a new print of the document.
 */

/** A piece of a text: offsets in UTF-16 units, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** New text for a piece of the old one. */
export interface Splice extends Span {
  readonly text: string;
}

/**
 * A typed value. A number is its text, never a JavaScript number.
 *
 * - `bytes` is a string that is not valid UTF-8. It is stored with the type word `str`, as `str` is.
 * - `int`: an optional sign and decimal digits, within 64 bits signed.
 * - `float`: any text that Go's `ParseFloat` reads as the value, so that a notation like `1.10` can be kept.
 * - `time`: RFC 3339, with a fraction of up to nine digits.
 */
export type Scalar =
  | { readonly type: 'str'; readonly text: string }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'int'; readonly text: string }
  | { readonly type: 'float'; readonly text: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'time'; readonly text: string }
  | { readonly type: 'null' };

/**
 * Where a value stands, and how it is written there. Formats extend it with what they need to write another value into the
 * same place; only the format that made a place reads more than its span from it.
 */
export interface Place extends Span {
  readonly style: string;
  /** A text may stand in another place as it is where both contexts are equal, and has to be written anew where they are not. */
  readonly context?: string;
  /** Why sops would read another value here if it stayed in the clear. A sealed value is safe. */
  readonly clearRisk?: string;
  /** Why no rule by comments can hold what stands here. */
  readonly commentRisk?: string;
}

export interface Leaf {
  readonly kind: 'leaf';
  readonly value: Scalar;
  /** `null` for a value that stands in no text yet. */
  readonly place: Place | null;
}

/**
 * One comment line (or, in INI, one block of them). `text` is without the marker. `inline` is true behind a value on the same
 * line. The place is all that has to be replaced, marker included.
 */
export interface Comment {
  readonly kind: 'comment';
  readonly text: string;
  readonly inline: boolean;
  readonly place: Place | null;
}

export interface Entry {
  readonly kind: 'entry';
  readonly key: string;
  readonly value: Node;
  /** The text of the key, `null` where there is none yet. */
  readonly keySpan: Span | null;
}

/** A map, in document order. Equal keys may occur more than once where a format allows it. */
export interface Branch {
  readonly kind: 'map';
  readonly items: readonly (Entry | Comment)[];
  readonly place: Place | null;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly (Node | Comment)[];
  readonly place: Place | null;
}

export type Node = Leaf | Branch | List;

/** A document stream: one map a document. All formats but YAML have exactly one. */
export interface Tree {
  readonly documents: readonly Branch[];
}

/** The keys from the root to a node. List positions are no part of it (`sops-format.md` §10.2). */
export type KeyPath = readonly string[];

/** The text with all splices applied. They must not overlap; their order does not matter. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const ordered = [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: replacement } of ordered) {
    if (start < at) throw new RangeError(`splices overlap at ${start}`);
    parts.push(text.slice(at, start), replacement);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

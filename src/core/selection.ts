import { compileExpression } from './expression.ts';
import type { Expression } from './expression.ts';
import { printPath } from './path.ts';
import type { Path } from './path.ts';
import { SecError } from './problem.ts';

/** Which values of a file are encrypted. `sops-format.md` §10.4. */

/** The six settings, of which a file has at most one. They are the names of their fields, too. */
export const selectorKinds = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
] as const;
export type SelectorKind = (typeof selectorKinds)[number];

export interface Selector {
  readonly kind: SelectorKind;
  /** The suffix or the expression, never empty. */
  readonly text: string;
}

/** The rule of a file that names none. */
export const defaultSelector: Selector = { kind: 'unencrypted_suffix', text: '_unencrypted' };

/**
 * The one selector that is set, or `null` where none is. An empty text counts as not set.
 *
 * @param where what holds them, for the message
 * @throws SecError `selectors-conflict`
 */
export function oneSelector(texts: Readonly<Partial<Record<SelectorKind, string>>>, where: string): Selector | null {
  const set = selectorKinds.flatMap((kind) => {
    const text = texts[kind] ?? '';
    return text === '' ? [] : [{ kind, text }];
  });
  if (set.length > 1) throw new SecError({ code: 'selectors-conflict', where, names: set.map(({ kind }) => kind) });
  return set[0] ?? null;
}

/**
 * A selector, ready for walks over a tree: `root.enter()` for each document, then `entry` and `comment` in document order. A walk
 * asks each level once a key, so a decision costs the same at any depth.
 */
export interface Selection {
  readonly root: Scope;
  /** Whether comments decide. */
  readonly byComments: boolean;
  /**
   * Refuses a sealed comment that a reader would take for a sign to leave values in the clear.
   *
   * @throws SecError `cannot-encrypt`
   */
  checkSealedComment(enc: string, path: Path, file: string): void;
}

/** One place of a tree. */
export interface Scope {
  /** Whether a leaf here is encrypted. */
  readonly selected: boolean;
  /** Steps into the map or list that stands here: each call is a new walk over it. */
  enter(): Level;
}

/** The inside of a map or list, asked in document order. */
export interface Level {
  /**
   * Whether this comment is encrypted. From here on it is active for what follows. A list element that is a sealed comment belongs
   * here, though sops takes it for a value (§12.4).
   *
   * @param text without the marker, as it stands in the text that is walked
   */
  comment(text: string): boolean;
  /** The place of a map's entry, or, with `null`, of a list's element. The comments active on this level end with it. */
  entry(key: string | null): Scope;
}

/**
 * Makes a selector ready.
 *
 * @param where what holds it, for the message
 * @throws SecError `bad-expression` where RE2 refuses the expression
 */
export async function compileSelector({ kind, text }: Selector, where: string): Promise<Selection> {
  switch (kind) {
    // A key that ends with the suffix in UTF-16 does so in UTF-8, since both are valid Unicode.
    case 'unencrypted_suffix':
      return byKeys((key) => key.endsWith(text), false);
    case 'encrypted_suffix':
      return byKeys((key) => key.endsWith(text), true);
    case 'unencrypted_regex':
      return byKeys(await compileExpression(text, where), false);
    case 'encrypted_regex':
      return byKeys(await compileExpression(text, where), true);
    case 'unencrypted_comment_regex':
      return leavingByComments(await compileExpression(text, where));
    case 'encrypted_comment_regex':
      return sealingByComments(await compileExpression(text, where));
  }
}

/** A matching key decides for everything below it. Comments have the path of what contains them. */
function byKeys(matches: Expression, encrypts: boolean): Selection {
  const below: Scope = scope(encrypts, () => ({ comment: () => encrypts, entry: () => below }));
  const above: Scope = scope(!encrypts, () => ({
    comment: () => !encrypts,
    entry: (key) => (key !== null && matches(key) ? below : above),
  }));
  return { root: above, byComments: false, checkSealedComment: () => undefined };
}

/** Under an active comment that matches, everything stays clear, the comment included. */
function leavingByComments(matches: Expression): Selection {
  const clear: Scope = scope(false, () => ({ comment: () => false, entry: () => clear }));
  const sealed: Scope = scope(true, () => activeComments(matches, { under: clear, apart: sealed }, (_, active) => !active));
  return {
    root: sealed,
    byComments: true,
    checkSealedComment(enc, path, file) {
      if (!matches(enc)) return;
      const reason = 'a comment there matches unencrypted_comment_regex once it is encrypted';
      throw new SecError({ code: 'cannot-encrypt', file, key: printPath(path), reason });
    },
  };
}

/** Under an active comment that matches, everything is encrypted, but not the first such comment itself. */
function sealingByComments(matches: Expression): Selection {
  const sealed: Scope = scope(true, () => ({ comment: () => true, entry: () => sealed }));
  const clear: Scope = scope(false, () => activeComments(matches, { under: sealed, apart: clear }, (before) => before));
  return { root: clear, byComments: true, checkSealedComment: () => undefined };
}

/** A level with no active match above it. All that has to be remembered of its comments is whether one of them matched. */
function activeComments(
  matches: Expression,
  { under, apart }: { readonly under: Scope; readonly apart: Scope },
  selects: (before: boolean, active: boolean) => boolean,
): Level {
  let active = false;
  return {
    comment(text) {
      const before = active;
      active ||= matches(text);
      return selects(before, active);
    },
    entry() {
      const next = active ? under : apart;
      active = false;
      return next;
    },
  };
}

function scope(selected: boolean, enter: () => Level): Scope {
  return { selected, enter };
}

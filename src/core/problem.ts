/**
 * Every way to fail, as data. The words are made in `terminal/explain.ts`, the exit status in `exit-codes.ts`; the compiler
 * leads a new member to both. No member ever holds a value, a line of a file, a key or a token.
 */
export type Problem =
  // the command line
  | { readonly code: 'usage'; readonly message: string; readonly hint?: string }
  | { readonly code: 'options-conflict'; readonly message: string }
  | { readonly code: 'no-file'; readonly message: string }
  | { readonly code: 'no-topic'; readonly topic: string }
  | { readonly code: 'no-terminal'; readonly message: string; readonly hint: string }
  | { readonly code: 'interrupted' }
  | { readonly code: 'output-closed' }
  | { readonly code: 'cannot-listen'; readonly address: string; readonly reason: string }
  // files. A reason is a text, or the code of a system error such as ENOSPC, which gets its words where it is shown
  | { readonly code: 'file-missing'; readonly file: string }
  | { readonly code: 'no-file-to-change'; readonly file: string }
  | { readonly code: 'file-unreadable'; readonly file: string; readonly reason: string }
  | { readonly code: 'file-unwritable'; readonly file: string; readonly reason: string }
  | { readonly code: 'file-changed'; readonly file: string }
  | { readonly code: 'file-exists'; readonly file: string }
  // texts
  | { readonly code: 'malformed'; readonly file: string; readonly format: string; readonly reason: string; readonly line: number | null }
  | { readonly code: 'duplicate-key'; readonly file: string; readonly key: string; readonly line: number }
  | { readonly code: 'too-deep'; readonly file: string; readonly limit: number }
  | { readonly code: 'too-large'; readonly file: string; readonly what: string; readonly limit: number }
  | { readonly code: 'no-document'; readonly file: string }
  | { readonly code: 'top-level-not-map'; readonly file: string; readonly found: string }
  | { readonly code: 'cannot-encrypt'; readonly file: string; readonly key: string; readonly reason: string }
  | { readonly code: 'cannot-write'; readonly file: string; readonly format: string; readonly reason: string }
  | { readonly code: 'already-encrypted'; readonly file: string }
  | { readonly code: 'nothing-encrypted'; readonly file: string }
  | { readonly code: 'unknown-format'; readonly word: string; readonly known: readonly string[] }
  | { readonly code: 'other-format'; readonly file: string; readonly look: string; readonly name: string }
  // sealed files
  | { readonly code: 'not-encrypted'; readonly file: string }
  | { readonly code: 'bad-metadata'; readonly file: string; readonly reason: string }
  | { readonly code: 'bad-version'; readonly file: string }
  | { readonly code: 'value-rejected'; readonly file: string; readonly key: string; readonly reason: string }
  | { readonly code: 'mac-mismatch'; readonly file: string }
  | { readonly code: 'mac-missing'; readonly file: string }
  // selection and configuration
  | { readonly code: 'bad-expression'; readonly where: string; readonly reason: string }
  | { readonly code: 'selectors-conflict'; readonly where: string; readonly names: readonly string[] }
  | { readonly code: 'bad-config'; readonly file: string; readonly reason: string }
  | { readonly code: 'no-rule'; readonly file: string; readonly config: string }
  // keys
  | { readonly code: 'no-recipients'; readonly file: string }
  | { readonly code: 'strange-recipients'; readonly file: string; readonly recipients: readonly string[]; readonly rule: string }
  | { readonly code: 'empty-group'; readonly file: string }
  | { readonly code: 'bad-recipient'; readonly kind: string; readonly text: string; readonly reason: string }
  | { readonly code: 'bad-encryption-context' }
  | { readonly code: 'bad-threshold'; readonly threshold: number; readonly groups: number }
  | { readonly code: 'no-group'; readonly file: string; readonly index: number; readonly groups: number }
  | { readonly code: 'wrap-failed'; readonly label: string; readonly reason: string; readonly hint: string | null }
  | { readonly code: 'no-key-opened'; readonly file: string; readonly report: UnlockReport }
  | { readonly code: 'bad-decryption-order'; readonly kind: string }
  // paths and values on the command line
  | { readonly code: 'bad-path'; readonly path: string; readonly reason: string; readonly use: 'extract' | 'set' }
  | { readonly code: 'bad-value'; readonly reason: string }
  | { readonly code: 'path-not-found'; readonly file: string; readonly path: string }
  // editing
  | { readonly code: 'editor-missing' }
  | { readonly code: 'editor-failed'; readonly file: string; readonly editor: string; readonly status: string }
  | { readonly code: 'edit-unchanged'; readonly file: string }
  // `recovery`: where the text is that was typed; `null` where no place took it, and it was printed, encrypted
  | { readonly code: 'edit-kept'; readonly file: string; readonly recovery: string | null; readonly cause: Problem }
  | { readonly code: 'no-kept-text'; readonly file: string }
  | { readonly code: 'kept-text-outdated'; readonly file: string; readonly recovery: string }
  // running
  | { readonly code: 'command-missing'; readonly command: string }
  | { readonly code: 'command-not-executable'; readonly command: string; readonly reason: string }
  | { readonly code: 'no-exec-file'; readonly folder: string; readonly found: readonly string[] }
  | { readonly code: 'name-collision'; readonly file: string; readonly name: string; readonly first: string; readonly second: string }
  | { readonly code: 'bad-variable'; readonly file: string; readonly key: string; readonly reason: string }
  | { readonly code: 'no-destination'; readonly file: string; readonly reason: string }
  | { readonly code: 'publish-failed'; readonly place: string; readonly reason: string }
  | { readonly code: 'audit-failed'; readonly reason: string }
  | { readonly code: 'log-failed'; readonly file: string; readonly reason: string }
  | { readonly code: 'no-log'; readonly file: string }
  | { readonly code: 'package-missing'; readonly name: string; readonly purpose: string };

/** What was tried for each recipient of a file that no key opened. */
export interface UnlockReport {
  /** Threshold and number of groups; 1 of 1 without key groups. */
  readonly needed: number;
  readonly groups: readonly TriedGroup[];
  /** The user's own identities, as labels, so that a reader sees what was at hand. */
  readonly identities: readonly string[];
  /** What was wrong with a place of identities, e.g. a malformed key file. */
  readonly warnings: readonly string[];
}

export interface TriedGroup {
  readonly opened: boolean;
  readonly attempts: readonly Attempt[];
  /** Labels of all its keys, where some may not have been tried. */
  readonly keys?: readonly string[];
}

/** Why one recipient's key did not open a data key. */
export type UnwrapReason =
  | 'no-key'
  | 'wrong-key'
  | 'denied'
  | 'expired-login'
  | 'unreachable'
  | 'bad-key-file'
  | 'malformed'
  | 'unsupported';

export interface Attempt {
  /** The key; or the key service itself, where nobody is there. */
  readonly label: string;
  /** The key service that was asked; not given where we tried ourselves. */
  readonly at?: string;
  readonly reason: UnwrapReason;
  readonly detail: string;
  readonly hint: string | null;
}

/** The one exception that ends a command on purpose. Its message is the code: words are made by `explain`. */
export class SecError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.code, options);
    this.name = 'SecError';
    this.problem = problem;
  }
}

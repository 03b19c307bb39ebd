import type { Problem } from './core/problem.ts';

/**
 * The exit status of each problem: sops's own where sops has the situation (`sops-format.md` §19, `sops-cli.md` §12). For people:
 * `docs/exit-codes.md`.
 */
export const exitCodes = {
  usage: 1,
  'options-conflict': 8,
  'no-file': 100,
  'no-topic': 3,
  'no-terminal': 1,
  interrupted: 130,
  'output-closed': 141,
  'cannot-listen': 1,
  'file-missing': 100,
  'no-file-to-change': 49,
  'file-unreadable': 2,
  'file-unwritable': 3,
  'file-changed': 3,
  'file-exists': 3,
  malformed: 1,
  'duplicate-key': 1,
  'too-deep': 1,
  'too-large': 1,
  'no-document': 1,
  'top-level-not-map': 1,
  'cannot-encrypt': 23,
  'cannot-write': 4,
  'already-encrypted': 203,
  'nothing-encrypted': 1,
  'unknown-format': 1,
  'other-format': 1,
  'not-encrypted': 1,
  'bad-metadata': 1,
  'bad-version': 1,
  'value-rejected': 25,
  'mac-mismatch': 51,
  'mac-missing': 51,
  'bad-expression': 1,
  'selectors-conflict': 1,
  'bad-config': 1,
  'no-rule': 1,
  'no-recipients': 1,
  'strange-recipients': 1,
  'empty-group': 1,
  'bad-recipient': 1,
  'bad-threshold': 1,
  'no-group': 1,
  'bad-encryption-context': 6,
  'wrap-failed': 1,
  'no-key-opened': 128,
  'bad-decryption-order': 112,
  'bad-path': 7,
  'bad-value': 7,
  'path-not-found': 1,
  'editor-missing': 201,
  'editor-failed': 201,
  'edit-unchanged': 200,
  'edit-kept': 201,
  'no-kept-text': 100,
  'kept-text-outdated': 3,
  'command-missing': 127,
  'command-not-executable': 126,
  'no-exec-file': 1,
  'name-collision': 1,
  'bad-variable': 1,
  'no-destination': 1,
  'publish-failed': 1,
  'audit-failed': 1,
  'log-failed': 1,
  'no-log': 100,
  'package-missing': 1,
} as const satisfies Record<Problem['code'], number>;

type Differences = Partial<Record<Problem['code'], number>>;

/** A plain text that cannot be read: sops tells it from a sealed one. */
const plainInput: Differences = { malformed: 2, 'duplicate-key': 2, 'too-deep': 2, 'too-large': 2, 'top-level-not-map': 2 };

/** Where a command has another status for the same problem. */
export const differences: Readonly<Record<string, Differences>> = {
  encrypt: { ...plainInput, 'no-document': 92, 'selectors-conflict': 8 },
  edit: { 'file-missing': 2, 'wrap-failed': 128 },
  set: { 'file-missing': 2 },
  unset: { 'file-missing': 2 },
  exec: { 'file-missing': 2 },
  'exec-env': { 'file-missing': 2 },
  'exec-file': { 'file-missing': 2 },
  rotate: { 'file-missing': 2 },
  add: { 'file-missing': 2, 'no-key-opened': 1 },
  delete: { 'file-missing': 2, 'no-key-opened': 1 },
  publish: { 'file-missing': 1, 'file-unreadable': 1 },
  updatekeys: { 'file-missing': 1, 'file-unreadable': 1 },
  filestatus: { 'file-missing': 1, 'file-unreadable': 1 },
};

/** The exit status for a problem of a command; `null` where no command was known yet. */
export function exitStatus(problem: Problem, command: string | null): number {
  if (problem.code === 'bad-path' && problem.use === 'extract') return 91;
  if (problem.code === 'edit-kept') return exitStatus(problem.cause, command);
  return (command === null ? undefined : differences[command]?.[problem.code]) ?? exitCodes[problem.code];
}

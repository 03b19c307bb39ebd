import { resolve } from 'node:path';
import type { Problem } from '../core/problem.ts';
import { explain } from './explain.ts';
import { logLine } from './log-line.ts';
import { unlockAsSops } from './unlock-report.ts';
import { because, printable } from './words.ts';

/** What sops's words for a problem depend on. */
export interface Situation {
  readonly command: string | null;
  readonly cwd: string;
  readonly now: Date;
}

/**
 * A problem as sops tells it, where other programs look for its words (`sops-cli.md` §§9–12). Where they do not, the words are ours, without
 * our name.
 */
export function explainAsSops(problem: Problem, situation: Situation): string {
  const theirs = wordsFor(problem.code, problem, situation);
  return theirs ?? inOurWords(problem);
}

function inOurWords(problem: Problem): string {
  const { summary, details = [], hint } = explain(problem);
  return [summary, ...details.map((detail) => `  ${detail}`), ...(hint === undefined ? [] : [`hint: ${hint}`])].map(printable).join('\n');
}

type Problems = { readonly [P in Problem as P['code']]: P };
type Words = { readonly [C in Problem['code']]?: (problem: Problems[C], situation: Situation) => string };

function wordsFor<C extends Problem['code']>(code: C, problem: Problems[C], situation: Situation): string | null {
  const say: Words[C] = words[code];
  return say === undefined ? null : say(problem, situation);
}

const words: Words = {
  usage: ({ message }, { now }) => (isBare(message) ? message : logLine('CMD', 'fatal', message, now)),
  'options-conflict': ({ message }) => conflicts.find(([ours]) => message.startsWith(ours))?.[1] ?? `Error: ${message}`,
  'no-file': ({ message }) => message,
  'file-missing': ({ file }, { command, cwd }) => {
    const path = asTyped.includes(command ?? '') ? file : resolve(cwd, file);
    if (command === null || needsFile.includes(command)) return `Error: cannot operate on non-existent file ${JSON.stringify(path)}`;
    return `Error reading file: open ${path}: no such file or directory`;
  },
  'no-file-to-change': ({ file }, { cwd }) => {
    const path = JSON.stringify(resolve(cwd, file));
    return `Error: cannot add or remove keys on non-existent file ${path}, use the \`edit\` subcommand instead.`;
  },
  'file-unreadable': ({ file, reason }, { cwd }) => `Error reading file: read ${placeOf(file, cwd)}: ${inGo[reason] ?? because(reason)}`,
  'file-unwritable': ({ file, reason }, { cwd }) =>
    `Could not open output file for writing: open ${placeOf(file, cwd)}: ${inGo[reason] ?? because(reason)}`,
  malformed: (problem, { command }) => {
    const { summary } = explain(problem);
    if (command === 'encrypt') return `Error unmarshalling file: ${printable(summary)}`;
    return problem.format === 'yaml' ? printable(summary) : `Could not unmarshal input data: ${printable(summary)}`;
  },
  'mac-mismatch': (problem) => `MAC mismatch. ${inOurWords(problem)}`,
  'mac-missing': (problem) => `MAC mismatch. ${inOurWords(problem)}`,
  'no-key-opened': ({ file, report }) => unlockAsSops(file, report).map(printable).join('\n'),
  'not-encrypted': () => 'sops metadata not found',
  'no-rule': () => 'error loading config: no matching creation rules found',
  'no-recipients': (_, { command }) =>
    command === 'updatekeys'
      ? 'config file not found'
      : 'config file not found, or has no creation rules, and no keys provided through command line options',
  'empty-group': () => 'Could not generate data key: [empty key group provided]',
  'selectors-conflict': () => `Error: cannot use more than one of ${selectors} in the same file`,
  'bad-encryption-context': () => 'Invalid KMS encryption context format',
  'no-document': () => 'File cannot be completely empty, it must contain at least one document',
  'already-encrypted': () => alreadyEncrypted,
  'bad-decryption-order': ({ kind }) => `Duplicate decryption key type: ${kind}`,
  'editor-failed': ({ status }) => `Could not run editor: ${/^status \d+$/.test(status) ? `exit ${status}` : status}`,
  'edit-unchanged': () => 'File has not changed, exiting.',
  'bad-variable': ({ key, reason }) =>
    reason === 'it holds a list or a map' ? `cannot use complex value in environment; offending key ${key}` : `${key}: ${reason}`,
  'bad-path': ({ path, use, reason }) => {
    if (use === 'set') return reason === 'Invalid --set format' ? reason : 'Invalid set index format';
    const part = path.split('[').find((text) => text !== '' && !text.endsWith(']'));
    return `error parsing --extract path: ${part === undefined ? reason : `component ${part} doesn't end with ]`}`;
  },
  'bad-value': ({ reason }) => (reason === 'it is a list' ? 'Invalid --set value format' : 'Value for --set is not valid JSON'),
  'path-not-found': ({ path }, { command }) => {
    const last = /([^.[\]"']+)["'\]]*$/.exec(path)?.[1] ?? path;
    return command === 'unset' ? `Key not found: ${last}` : `error truncating tree: component [${last}] not found`;
  },
};

/** The full path of a file; what stands for none of a path has only a name. */
function placeOf(file: string, cwd: string): string {
  return ['standard input', 'standard output', 'the text for the editor'].includes(file) ? file : resolve(cwd, file);
}

/** As Go has them. */
const inGo: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENXIO: 'no such device or address',
  EROFS: 'read-only file system',
};

function isBare(message: string): boolean {
  return /^(?:Error|error|The provided filename|user):? /.test(message);
}

const needsFile = ['encrypt', 'decrypt'];
const asTyped = ['exec-env', 'exec-file', 'add', 'delete', 'filestatus', 'publish'];

/** How our words for a conflict begin, and theirs. */
const conflicts: readonly (readonly [string, string])[] = [
  ['--in-place and --output exclude', 'Error: cannot operate on both --output and --in-place'],
  ['--in-place, --output and --over exclude', 'Error: cannot operate on both --output and --in-place'],
  ['standard input needs --filename-override', 'Error: must specify --filename-override when reading from stdin'],
  ['--in-place needs a file', 'Error: cannot use --in-place when reading from stdin'],
];

const selectors =
  'encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex';

const alreadyEncrypted = `The file you have provided contains a top-level entry called 'sops', or for
flat file formats top-level entries starting with 'sops_'. This is
generally due to the file already being encrypted. SOPS uses a top-level
entry called 'sops' to store the metadata required to decrypt the file. For
this reason, SOPS can not encrypt files that already contain such an entry.

If this is an unencrypted file, rename the 'sops' entry.

If this is an encrypted file and you want to edit it, use the editor mode,
for example: \`sops edit my_file.yaml\``;

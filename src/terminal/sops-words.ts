import { resolve } from 'node:path';
import type { Problem } from '../core/problem.ts';
import { explain } from './explain.ts';
import { logLine } from './log-line.ts';
import { printable } from './words.ts';

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
  const theirs = theirWords(problem, situation);
  if (theirs !== null) return theirs;
  const { summary, details = [], hint } = explain(problem);
  return [summary, ...details.map((detail) => `  ${detail}`), ...(hint === undefined ? [] : [`hint: ${hint}`])].map(printable).join('\n');
}

const needsFile = ['encrypt', 'decrypt'];
const asTyped = ['exec-env', 'exec-file', 'add', 'delete', 'filestatus', 'publish'];

function theirWords(problem: Problem, { command, cwd, now }: Situation): string | null {
  switch (problem.code) {
    case 'usage':
      return /^(?:Error|error):/.test(problem.message) ? problem.message : logLine('CMD', 'fatal', problem.message, now);
    case 'no-file':
      return problem.message;
    case 'file-missing': {
      const path = asTyped.includes(command ?? '') ? problem.file : resolve(cwd, problem.file);
      if (command === null || needsFile.includes(command)) return `Error: cannot operate on non-existent file ${JSON.stringify(path)}`;
      return `Error reading file: open ${path}: no such file or directory`;
    }
    case 'not-encrypted':
      return 'sops metadata not found';
    case 'no-recipients':
      return 'config file not found, or has no creation rules, and no keys provided through command line options';
    case 'empty-group':
      return 'Could not generate data key: [empty key group provided]';
    case 'edit-unchanged':
      return 'File has not changed, exiting.';
    case 'already-encrypted':
      return alreadyEncrypted;
    case 'no-document':
      return 'File cannot be completely empty, it must contain at least one document';
    case 'bad-decryption-order':
      return `Duplicate decryption key type: ${problem.kind}`;
    case 'bad-path':
      return problem.use === 'set' ? 'Invalid set index format' : `error parsing --extract path: ${problem.reason}`;
    case 'bad-value':
      return 'Value for --set is not valid JSON';
    default:
      return null;
  }
}

const alreadyEncrypted = `The file you have provided contains a top-level entry called 'sops', or for
flat file formats top-level entries starting with 'sops_'. This is
generally due to the file already being encrypted. SOPS uses a top-level
entry called 'sops' to store the metadata required to decrypt the file. For
this reason, SOPS can not encrypt files that already contain such an entry.

If this is an unencrypted file, rename the 'sops' entry.

If this is an encrypted file and you want to edit it, use the editor mode,
for example: \`sops edit my_file.yaml\``;

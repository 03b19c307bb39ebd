import type { Problem } from '../core/problem.ts';
import { explainUnlock } from './unlock-report.ts';
import { because, type Explanation } from './words.ts';

/**
 * A problem in words: what happened, to which file; then what to do. The words that other programs look for are sops's own
 * (`peers.md` §9).
 */
export function explain(problem: Problem): Explanation {
  return wordsFor(problem.code, problem);
}

type Problems = { readonly [P in Problem as P['code']]: P };

function wordsFor<C extends Problem['code']>(code: C, problem: Problems[C]): Explanation {
  return words[code](problem);
}

/** A new problem does not compile until it has its line here. */
const words: { readonly [C in Problem['code']]: (problem: Problems[C]) => Explanation } = {
  usage: ({ message, hint }) => ({ summary: message, ...(hint === undefined ? {} : { hint }) }),
  'options-conflict': ({ message }) => ({ summary: message }),
  'no-file': ({ message }) => ({ summary: message.replace(/^Error: /, '') }),
  'no-topic': ({ topic }) => ({ summary: `No help topic for '${topic}'` }),
  'no-terminal': ({ message, hint }) => ({ summary: message, hint }),
  interrupted: () => ({ summary: 'stopped at the question' }),
  'output-closed': () => ({ summary: 'nobody reads standard output any more' }),
  'cannot-listen': ({ address, reason }) => ({ summary: `cannot listen on ${address}: ${because(reason)}` }),

  'file-missing': ({ file }) => ({ summary: `${file}: there is no such file` }),
  'no-file-to-change': ({ file }) => ({ summary: `${file}: there is no such file, so its keys cannot be changed` }),
  'file-unreadable': ({ file, reason }) => ({ summary: `${file} cannot be read: ${because(reason)}` }),
  'file-unwritable': ({ file, reason }) => ({ summary: `${file} cannot be written: ${because(reason)}` }),
  'file-changed': ({ file }) => ({
    summary: `${file} was changed by someone else meanwhile, so nothing was written`,
    hint: 'run the same command again: it starts from the file as it is now',
  }),
  'file-exists': ({ file }) => ({ summary: `${file} is there already, and is never overwritten` }),

  malformed: ({ file, format, reason, line }) => ({ summary: `${atLine(file, line)}: not valid ${name(format)}: ${reason}` }),
  'duplicate-key': ({ file, key, line }) => ({
    summary: `${atLine(file, line)}: the key ${key} is there a second time`,
    hint: 'give one of the two another name, or delete it',
  }),
  'too-deep': ({ file, limit }) => ({ summary: `${file} is nested more than ${limit} levels deep` }),
  'too-large': ({ file, what, limit }) => ({ summary: `${file} has more than ${limit} ${what}` }),
  'no-document': ({ file }) => ({ summary: `${file} holds no document` }),
  'top-level-not-map': ({ file, found }) => ({
    summary: `${file}: its top level is ${withArticle(found)}, and must be a map`,
    hint: 'put it under a key, or encrypt the file as a whole with: --input-type binary',
  }),
  'cannot-encrypt': ({ file, key, reason }) => ({ summary: `${file}: ${key} cannot be encrypted: ${reason}` }),
  'cannot-write': ({ file, format, reason }) => ({ summary: `${start(file)}cannot be written as ${name(format)}: ${reason}` }),
  'already-encrypted': ({ file }) => ({
    summary: `${file} is encrypted already: it has an entry of its own named sops`,
    hint: `change it with: sec edit ${file}`,
  }),
  'nothing-encrypted': ({ file }) => ({
    summary: `${file} would be written with all its values in the clear: its rule encrypts none of them`,
    hint: 'change the rule, or allow it with: --allow-plaintext',
  }),
  'unknown-format': ({ word, known }) => ({ summary: `there is no format ${word}`, hint: `one of: ${known.join(', ')}` }),

  'other-format': ({ file, look, name: named }) => ({
    summary: `${file} looks like encrypted ${name(look)}, and not like ${name(named)}, as its name says`,
    hint: `if so, add: --input-type ${look}; if not: --input-type ${named}`,
  }),
  'not-encrypted': ({ file }) => ({
    summary: `${file} is not encrypted: sops metadata not found`,
    hint: `encrypt it with: sec encrypt -i ${file}`,
  }),
  'bad-metadata': ({ file, reason }) => ({ summary: `${file}: its sops metadata cannot be read: ${reason}` }),
  'bad-version': ({ file }) => ({ summary: `${file}: the version in its sops metadata is missing or no version` }),
  'value-rejected': ({ file, key, reason }) => ({ summary: `${file}: ${key} cannot be decrypted: ${reason}`, hint: history(file) }),
  'mac-mismatch': ({ file }) => ({
    summary: `${file} was changed without its key: its values do not match its MAC`,
    hint: history(file),
  }),
  'mac-missing': ({ file }) => ({ summary: `${file} has no MAC, so nothing tells whether it was changed`, hint: history(file) }),

  'bad-expression': ({ where, reason }) => ({ summary: `${where}: not a regular expression (RE2): ${reason}` }),
  'selectors-conflict': ({ where, names }) => ({
    summary: `${where}: ${names.join(' and ')} cannot be combined`,
    hint: 'one setting at most says which values are encrypted',
  }),
  'bad-config': ({ file, reason }) => ({ summary: `${file}: ${reason}` }),
  'no-rule': ({ file, config }) => ({
    summary: `no rule in ${config} fits ${file}`,
    hint: 'add a rule whose path_regex fits, or name the keys on the command line, such as: --age RECIPIENT',
  }),

  'no-recipients': ({ file }) => ({
    summary: `nothing says who may read ${file}`,
    details: ['config file not found, or has no creation rules, and no keys provided through command line options'],
    hint: 'make a key and a configuration with: sec init',
  }),
  'strange-recipients': ({ file, recipients, rule }) => ({
    summary: `${file} is locked for recipients that ${rule} does not name, and they could read what you write`,
    details: recipients,
    hint: `make it as its rule says with: sec updatekeys ${file}, or let them read it with: --trust-file-recipients`,
  }),
  'empty-group': ({ file }) => ({
    summary: 'Could not generate data key: [empty key group provided]',
    details: [`of the groups of keys for ${file}, one has no key`],
  }),
  'bad-recipient': ({ kind, text, reason }) => ({
    summary: `not ${withArticle(kind)} recipient: ${isSecret(text) ? '(a secret key)' : text}`,
    details: [reason],
    ...(isSecret(text) ? { hint: 'name the public key: a secret one never leaves its place' } : {}),
  }),
  'bad-encryption-context': () => ({
    summary: 'not an encryption context',
    hint: 'it looks like: --encryption-context Environment:production,Role:web-server',
  }),
  'no-group': ({ file, index, groups }) => ({
    summary: `${file} has no key group ${index}: it has ${groups}, and they are counted from 0`,
  }),
  'bad-threshold': ({ threshold, groups }) => ({
    summary: `a threshold of ${threshold} does not fit ${count(groups, 'group')} of keys`,
    hint: 'it must be at least 2, at most 255, and no more than there are groups',
  }),
  'wrap-failed': ({ label, reason, hint }) => ({
    summary: `the data key cannot be encrypted for ${label}: ${reason}`,
    ...(hint === null ? {} : { hint }),
  }),
  'no-key-opened': ({ file, report }) => explainUnlock(file, report),
  'bad-decryption-order': ({ kind }) => ({ summary: `the decryption order names ${kind} twice` }),

  'bad-path': ({ path, reason }) => ({
    summary: `not a path to a value: ${path}: ${reason}`,
    hint: `a path looks like db.password, hosts[0], or ["db"]["password"]`,
  }),
  'bad-value': ({ reason }) => ({ summary: `the value cannot be used: ${reason}` }),
  'path-not-found': ({ file, path }) => ({ summary: `${file} has no ${path}`, hint: `see what it has with: sec ls ${file}` }),

  'editor-missing': () => ({ summary: 'no editor found', hint: 'name yours in the variable EDITOR, such as: export EDITOR=nano' }),
  'editor-failed': ({ file, editor, status }) => ({
    summary: `the editor ${editor} failed (${because(status)}), so ${file} is as it was`,
  }),
  'edit-unchanged': ({ file }) => ({ summary: `File has not changed: ${file} is as it was` }),
  'edit-kept': ({ file, recovery, cause }) => {
    const { summary, details = [] } = explain(cause);
    const place = kept(file, recovery);
    return { summary, details: [...details, place.detail], hint: place.hint };
  },
  'no-kept-text': ({ file }) => ({ summary: `no text is kept that was not saved to ${file}`, hint: `edit it with: sec edit ${file}` }),
  'kept-text-outdated': ({ file, recovery }) => ({
    summary: `${file} was changed after the text was typed that is kept in ${recovery}: to save that text would undo the change`,
    hint: `compare the two: sec decrypt ${file}, and sec get ${recovery} text`,
  }),

  'command-missing': ({ command }) => ({ summary: `${command}: there is no such command` }),
  'command-not-executable': ({ command, reason }) => ({ summary: `${command} cannot be run: ${because(reason)}` }),
  'no-exec-file': ({ folder, found }) => ({
    summary: found.length === 0 ? `no encrypted file in ${folder}` : `${found.length} encrypted files in ${folder}: ${found.join(', ')}`,
    hint: 'name one, such as: sec exec -f secrets.yaml -- COMMAND, or list them under exec.files in .secretsrc.yaml',
  }),
  'name-collision': ({ file, name: variable, first, second }) => ({
    summary: `${file}: ${first} and ${second} would both be the variable ${variable}`,
    hint: 'give one of them another name, or tell them apart with: --separator __',
  }),
  'bad-variable': ({ file, key, reason }) => ({ summary: `${file}: ${key} cannot be a variable: ${reason}` }),
  'no-destination': ({ file, reason }) => ({
    summary: `nothing says where ${file} is published to: ${reason}`,
    hint: 'add a rule to destination_rules of the configuration',
  }),
  'publish-failed': ({ place, reason }) => ({ summary: `${place} cannot be written: ${because(reason)}` }),
  'audit-failed': ({ reason }) => ({
    summary: `nothing was done, since it cannot be audited: ${reason}`,
    hint: 'ask whoever administers this machine: /etc/sops/audit.yaml says where events go',
  }),
  'log-failed': ({ file, reason }) => ({
    summary: `nothing was done, since ${file} cannot be written, and what is done is to be written there: ${because(reason)}`,
    hint: 'SEC_AUDIT_LOG says where the log is: on, off, or the absolute path of a file',
  }),
  'no-log': ({ file }) => ({
    summary: `there is no log at ${file}`,
    hint: 'it is written from when it is turned on: SEC_AUDIT_LOG=on, or audit: { log: true } in .secretsrc.yaml',
  }),
  'package-missing': ({ name: missing, purpose }) => ({
    summary: `${purpose} need the package ${missing}, which is not installed`,
    hint: `npm install ${missing}`,
  }),
};

const names: Readonly<Record<string, string>> = { yaml: 'YAML', json: 'JSON', dotenv: '.env', ini: 'INI', binary: 'a whole file' };

function name(format: string): string {
  return names[format] ?? format;
}

function start(file: string): string {
  return file === '' ? 'this ' : `${file} `;
}

function atLine(file: string, line: number | null): string {
  return line === null ? file : `${file}, line ${line}`;
}

function withArticle(noun: string): string {
  if (/^an? /.test(noun)) return noun;
  return /^[aeiou]/i.test(noun) ? `an ${noun}` : `a ${noun}`;
}

function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}

function isSecret(text: string): boolean {
  return /secret|private/i.test(text);
}

function history(file: string): string {
  return `see who changed it with: git log -p -- ${file}`;
}

function kept(file: string, recovery: string | null): { readonly detail: string; readonly hint: string } {
  if (recovery !== null)
    return { detail: `not saved: your text is kept, encrypted, in ${recovery}`, hint: `go on with it by: sec edit --resume ${file}` };
  return {
    detail: 'not saved, and there is no place to keep your text in: it stands above, encrypted',
    hint: 'put it into a file, and read it with: sec get --input-type json FILE text',
  };
}

/* oxlint-disable max-lines -- one table with an entry for each problem */
import type { Problem } from '../../src/core/problem.ts';

type Examples = { readonly [P in Problem as P['code']]: readonly Example<P>[] };

/** A problem, and the lines that tell it. */
export type Example<P extends Problem = Problem> = readonly [problem: P, ...lines: readonly string[]];

/** What a person reads, for every way to fail. */
export const examples: Examples = {
  usage: [
    [{ code: 'usage', message: 'unknown option --x', hint: 'did you mean --y' }, 'sec: unknown option --x', 'hint: did you mean --y'],
  ],
  'options-conflict': [[{ code: 'options-conflict', message: '--a and --b exclude each other' }, 'sec: --a and --b exclude each other']],
  'no-file': [[{ code: 'no-file', message: 'Error: no file specified' }, 'sec: no file specified']],
  'no-topic': [[{ code: 'no-topic', topic: 'x' }, "sec: No help topic for 'x'"]],
  'no-terminal': [
    [
      { code: 'no-terminal', message: 'nobody is here to type the value', hint: 'give it with --stdin' },
      'sec: nobody is here to type the value',
      'hint: give it with --stdin',
    ],
  ],
  interrupted: [[{ code: 'interrupted' }, 'sec: stopped at the question']],
  'output-closed': [[{ code: 'output-closed' }, 'sec: nobody reads standard output any more']],
  'cannot-listen': [
    [
      { code: 'cannot-listen', address: '127.0.0.1:5000', reason: 'EADDRINUSE' },
      'sec: cannot listen on 127.0.0.1:5000: somebody listens there already',
    ],
  ],
  'file-missing': [[{ code: 'file-missing', file: 'a.yaml' }, 'sec: a.yaml: there is no such file']],
  'no-file-to-change': [
    [{ code: 'no-file-to-change', file: 'a.yaml' }, 'sec: a.yaml: there is no such file, so its keys cannot be changed'],
  ],
  'file-unreadable': [
    [{ code: 'file-unreadable', file: 'a.yaml', reason: 'EACCES' }, 'sec: a.yaml cannot be read: permission denied'],
    [{ code: 'file-unreadable', file: 'a.yaml', reason: 'ESTALE' }, 'sec: a.yaml cannot be read: ESTALE'],
  ],
  'file-unwritable': [
    [{ code: 'file-unwritable', file: 'a.yaml', reason: 'ENOSPC' }, 'sec: a.yaml cannot be written: no space is left on the disk'],
  ],
  'file-changed': [
    [
      { code: 'file-changed', file: 'a.yaml' },
      'sec: a.yaml was changed by someone else meanwhile, so nothing was written',
      'hint: run the same command again: it starts from the file as it is now',
    ],
  ],
  'file-exists': [[{ code: 'file-exists', file: 'keys.txt' }, 'sec: keys.txt is there already, and is never overwritten']],
  malformed: [
    [
      { code: 'malformed', file: 'a.yaml', format: 'yaml', reason: 'a map has no value', line: 3 },
      'sec: a.yaml, line 3: not valid YAML: a map has no value',
    ],
    [{ code: 'malformed', file: '.env', format: 'dotenv', reason: 'no "="', line: null }, 'sec: .env: not valid .env: no "="'],
  ],
  'duplicate-key': [
    [
      { code: 'duplicate-key', file: 'a.yaml', key: 'db', line: 9 },
      'sec: a.yaml, line 9: the key db is there a second time',
      'hint: give one of the two another name, or delete it',
    ],
  ],
  'too-deep': [[{ code: 'too-deep', file: 'a.json', limit: 500 }, 'sec: a.json is nested more than 500 levels deep']],
  'too-large': [[{ code: 'too-large', file: 'a.yaml', what: 'values', limit: 2_000_000 }, 'sec: a.yaml has more than 2000000 values']],
  'no-document': [[{ code: 'no-document', file: 'a.yaml' }, 'sec: a.yaml holds no document']],
  'top-level-not-map': [
    [
      { code: 'top-level-not-map', file: 'a.yaml', found: 'list' },
      'sec: a.yaml: its top level is a list, and must be a map',
      'hint: put it under a key, or encrypt the file as a whole with: --input-type binary',
    ],
    [
      { code: 'top-level-not-map', file: 'a.yaml', found: 'a single value' },
      'sec: a.yaml: its top level is a single value, and must be a map',
      'hint: put it under a key, or encrypt the file as a whole with: --input-type binary',
    ],
  ],
  'cannot-encrypt': [
    [
      { code: 'cannot-encrypt', file: 'a.yaml', key: 'db.port', reason: 'it does not fit 64 bits' },
      'sec: a.yaml: db.port cannot be encrypted: it does not fit 64 bits',
    ],
  ],
  'cannot-write': [
    [
      { code: 'cannot-write', file: 'a.yaml', format: 'dotenv', reason: 'db is a map' },
      'sec: a.yaml cannot be written as .env: db is a map',
    ],
    [{ code: 'cannot-write', file: '', format: 'yaml', reason: 'too deep' }, 'sec: this cannot be written as YAML: too deep'],
  ],
  'already-encrypted': [
    [
      { code: 'already-encrypted', file: 'a.yaml' },
      'sec: a.yaml is encrypted already: it has an entry of its own named sops',
      'hint: change it with: sec edit a.yaml',
    ],
  ],
  'nothing-encrypted': [
    [
      { code: 'nothing-encrypted', file: 'a.yaml' },
      'sec: a.yaml would be written with all its values in the clear: its rule encrypts none of them',
      'hint: change the rule, or allow it with: --allow-plaintext',
    ],
  ],
  'unknown-format': [
    [{ code: 'unknown-format', word: 'toml', known: ['yaml', 'json'] }, 'sec: there is no format toml', 'hint: one of: yaml, json'],
  ],
  'other-format': [
    [
      { code: 'other-format', file: 'secrets', look: 'yaml', name: 'binary' },
      'sec: secrets looks like encrypted YAML, and not like a whole file, as its name says',
      'hint: if so, add: --input-type yaml; if not: --input-type binary',
    ],
  ],
  'not-encrypted': [
    [
      { code: 'not-encrypted', file: 'a.yaml' },
      'sec: a.yaml is not encrypted: sops metadata not found',
      'hint: encrypt it with: sec encrypt -i a.yaml',
    ],
  ],
  'bad-metadata': [
    [{ code: 'bad-metadata', file: 'a.yaml', reason: 'mac is a map' }, 'sec: a.yaml: its sops metadata cannot be read: mac is a map'],
  ],
  'bad-version': [[{ code: 'bad-version', file: 'a.yaml' }, 'sec: a.yaml: the version in its sops metadata is missing or no version']],
  'value-rejected': [
    [
      { code: 'value-rejected', file: 'a.yaml', key: 'db', reason: 'it was changed' },
      'sec: a.yaml: db cannot be decrypted: it was changed',
      'hint: see who changed it with: git log -p -- a.yaml',
    ],
  ],
  'mac-mismatch': [
    [
      { code: 'mac-mismatch', file: 'a.yaml' },
      'sec: a.yaml was changed without its key: its values do not match its MAC',
      'hint: see who changed it with: git log -p -- a.yaml',
    ],
  ],
  'mac-missing': [
    [
      { code: 'mac-missing', file: 'a.yaml' },
      'sec: a.yaml has no MAC, so nothing tells whether it was changed',
      'hint: see who changed it with: git log -p -- a.yaml',
    ],
  ],
  'bad-expression': [
    [
      { code: 'bad-expression', where: '--encrypted-regex', reason: 'missing closing )' },
      'sec: --encrypted-regex: not a regular expression (RE2): missing closing )',
    ],
  ],
  'selectors-conflict': [
    [
      { code: 'selectors-conflict', where: 'a.yaml', names: ['encrypted_suffix', 'encrypted_regex'] },
      'sec: a.yaml: encrypted_suffix and encrypted_regex cannot be combined',
      'hint: one setting at most says which values are encrypted',
    ],
  ],
  'bad-config': [
    [{ code: 'bad-config', file: '.secretsrc.yaml', reason: 'line 2: age is empty' }, 'sec: .secretsrc.yaml: line 2: age is empty'],
  ],
  'no-rule': [
    [
      { code: 'no-rule', file: 'a.yaml', config: '.sops.yaml' },
      'sec: no rule in .sops.yaml fits a.yaml',
      'hint: add a rule whose path_regex fits, or name the keys on the command line, such as: --age RECIPIENT',
    ],
  ],
  'no-recipients': [
    [
      { code: 'no-recipients', file: 'a.yaml' },
      'sec: nothing says who may read a.yaml',
      '  config file not found, or has no creation rules, and no keys provided through command line options',
      'hint: make a key and a configuration with: sec init',
    ],
  ],
  'strange-recipients': [
    [
      { code: 'strange-recipients', file: 'a.yaml', recipients: ['age1eve'], rule: 'creation_rules[0] of .secretsrc.yaml' },
      'sec: a.yaml is locked for recipients that creation_rules[0] of .secretsrc.yaml does not name, and they could read what you write',
      '  age1eve',
      'hint: make it as its rule says with: sec updatekeys a.yaml, or let them read it with: --trust-file-recipients',
    ],
  ],
  'empty-group': [
    [
      { code: 'empty-group', file: 'a.yaml' },
      'sec: Could not generate data key: [empty key group provided]',
      '  of the groups of keys for a.yaml, one has no key',
    ],
  ],
  'bad-recipient': [
    [
      { code: 'bad-recipient', kind: 'age', text: 'age1xyz', reason: 'its checksum is wrong' },
      'sec: not an age recipient: age1xyz',
      '  its checksum is wrong',
    ],
    [
      { code: 'bad-recipient', kind: 'pgp', text: 'AGE-SECRET-KEY-1CANARY', reason: 'not hexadecimal' },
      'sec: not a pgp recipient: (a secret key)',
      '  not hexadecimal',
      'hint: name the public key: a secret one never leaves its place',
    ],
  ],
  'bad-encryption-context': [
    [
      { code: 'bad-encryption-context' },
      'sec: not an encryption context',
      'hint: it looks like: --encryption-context Environment:production,Role:web-server',
    ],
  ],
  'no-group': [
    [{ code: 'no-group', file: 'a.yaml', index: 4, groups: 2 }, 'sec: a.yaml has no key group 4: it has 2, and they are counted from 0'],
  ],
  'bad-threshold': [
    [
      { code: 'bad-threshold', threshold: 3, groups: 1 },
      'sec: a threshold of 3 does not fit 1 group of keys',
      'hint: it must be at least 2, at most 255, and no more than there are groups',
    ],
  ],
  'wrap-failed': [
    [
      { code: 'wrap-failed', label: 'ABCD', reason: 'the key has expired', hint: null },
      'sec: the data key cannot be encrypted for ABCD: the key has expired',
    ],
    [
      { code: 'wrap-failed', label: 'ABCD', reason: 'gpg has no such key', hint: 'gpg --recv-keys ABCD' },
      'sec: the data key cannot be encrypted for ABCD: gpg has no such key',
      'hint: gpg --recv-keys ABCD',
    ],
  ],
  'no-key-opened': [
    [
      {
        code: 'no-key-opened',
        file: 'a.yaml',
        report: { needed: 1, groups: [{ opened: false, attempts: [] }], identities: [], warnings: [] },
      },
      'sec: none of your keys opens a.yaml',
      '  you have no keys',
      '  the file names no key at all',
      'hint: name the file of your key in SEC_AGE_KEY_FILE, or run sec init and ask someone who can read a.yaml to add your new key',
    ],
  ],
  'bad-decryption-order': [[{ code: 'bad-decryption-order', kind: 'age' }, 'sec: the decryption order names age twice']],
  'bad-path': [
    [
      { code: 'bad-path', path: 'a[', reason: 'a bracket is not closed', use: 'set' },
      'sec: not a path to a value: a[: a bracket is not closed',
      'hint: a path looks like db.password, hosts[0], or ["db"]["password"]',
    ],
  ],
  'bad-value': [[{ code: 'bad-value', reason: 'not JSON' }, 'sec: the value cannot be used: not JSON']],
  'path-not-found': [
    [
      { code: 'path-not-found', file: 'a.yaml', path: 'db.user' },
      'sec: a.yaml has no db.user',
      'hint: see what it has with: sec ls a.yaml',
    ],
  ],
  'editor-missing': [
    [{ code: 'editor-missing' }, 'sec: no editor found', 'hint: name yours in the variable EDITOR, such as: export EDITOR=nano'],
  ],
  'editor-failed': [
    [
      { code: 'editor-failed', file: 'a.yaml', editor: 'vim', status: 'exit status 1' },
      'sec: the editor vim failed (exit status 1), so a.yaml is as it was',
    ],
  ],
  'edit-unchanged': [[{ code: 'edit-unchanged', file: 'a.yaml' }, 'sec: File has not changed: a.yaml is as it was']],
  'edit-kept': [
    [
      { code: 'edit-kept', file: 'a.yaml', recovery: '/r/a.yaml', cause: { code: 'too-deep', file: 'a.yaml', limit: 500 } },
      'sec: a.yaml is nested more than 500 levels deep',
      '  not saved: your text is kept, encrypted, in /r/a.yaml',
      'hint: go on with it by: sec edit --resume a.yaml',
    ],
    [
      { code: 'edit-kept', file: 'a.yaml', recovery: null, cause: { code: 'too-deep', file: 'a.yaml', limit: 500 } },
      'sec: a.yaml is nested more than 500 levels deep',
      '  not saved, and there is no place to keep your text in: it stands above, encrypted',
      'hint: put it into a file, and read it with: sec get --input-type json FILE text',
    ],
  ],
  'no-kept-text': [
    [{ code: 'no-kept-text', file: 'a.yaml' }, 'sec: no text is kept that was not saved to a.yaml', 'hint: edit it with: sec edit a.yaml'],
  ],
  'kept-text-outdated': [
    [
      { code: 'kept-text-outdated', file: 'a.yaml', recovery: '/r/a.yaml' },
      'sec: a.yaml was changed after the text was typed that is kept in /r/a.yaml: to save that text would undo the change',
      'hint: compare the two: sec decrypt a.yaml, and sec get /r/a.yaml text',
    ],
  ],
  'command-missing': [[{ code: 'command-missing', command: 'nod' }, 'sec: nod: there is no such command']],
  'command-not-executable': [
    [{ code: 'command-not-executable', command: './x', reason: 'EACCES' }, 'sec: ./x cannot be run: permission denied'],
  ],
  'no-exec-file': [
    [
      { code: 'no-exec-file', folder: '/w', found: [] },
      'sec: no encrypted file in /w',
      'hint: name one, such as: sec exec -f secrets.yaml -- COMMAND, or list them under exec.files in .secretsrc.yaml',
    ],
    [
      { code: 'no-exec-file', folder: '/w', found: ['a.env', 'b.yaml'] },
      'sec: 2 encrypted files in /w: a.env, b.yaml',
      'hint: name one, such as: sec exec -f secrets.yaml -- COMMAND, or list them under exec.files in .secretsrc.yaml',
    ],
  ],
  'name-collision': [
    [
      { code: 'name-collision', file: 'a.yaml', name: 'DB_USER', first: 'db_user', second: 'db.user' },
      'sec: a.yaml: db_user and db.user would both be the variable DB_USER',
      'hint: give one of them another name, or tell them apart with: --separator __',
    ],
  ],
  'bad-variable': [
    [
      { code: 'bad-variable', file: 'a.yaml', key: 'pin', reason: 'it holds a NUL byte' },
      'sec: a.yaml: pin cannot be a variable: it holds a NUL byte',
    ],
  ],
  'no-destination': [
    [
      { code: 'no-destination', file: 'a.yaml', reason: 'config file not found' },
      'sec: nothing says where a.yaml is published to: config file not found',
      'hint: add a rule to destination_rules of the configuration',
    ],
  ],
  'publish-failed': [
    [{ code: 'publish-failed', place: 's3://b/a.yaml', reason: 'NoSuchBucket' }, 'sec: s3://b/a.yaml cannot be written: NoSuchBucket'],
  ],
  'audit-failed': [
    [
      { code: 'audit-failed', reason: '/etc/sops/audit.yaml is not YAML' },
      'sec: nothing was done, since it cannot be audited: /etc/sops/audit.yaml is not YAML',
      'hint: ask whoever administers this machine: /etc/sops/audit.yaml says where events go',
    ],
  ],
  'log-failed': [
    [
      { code: 'log-failed', file: '/h/audit.jsonl', reason: 'EINSECURE' },
      'sec: nothing was done, since /h/audit.jsonl cannot be written, and what is done is to be written there: others may write to it, too',
      'hint: SEC_AUDIT_LOG says where the log is: on, off, or the absolute path of a file',
    ],
  ],
  'no-log': [
    [
      { code: 'no-log', file: '/h/audit.jsonl' },
      'sec: there is no log at /h/audit.jsonl',
      'hint: it is written from when it is turned on: SEC_AUDIT_LOG=on, or audit: { log: true } in .secretsrc.yaml',
    ],
  ],
  'package-missing': [
    [
      { code: 'package-missing', name: 'openpgp', purpose: 'OpenPGP keys without gpg' },
      'sec: OpenPGP keys without gpg need the package openpgp, which is not installed',
      'hint: npm install openpgp',
    ],
  ],
};

import type { Context } from '../src/context.ts';
import { SecError } from '../src/core/problem.ts';
import { canary } from './helpers/canary-world.ts';
import type { CanaryOptions } from './helpers/canary-world.ts';
import { fakeTerminal } from './helpers/fake-terminal.ts';
import { bob } from './helpers/sec.ts';
import type { FileTexts } from './helpers/sec.ts';

/** A file of each format with a secret, and what each command does to it. */
export const plain: Readonly<Record<string, string>> = {
  'f.yaml': `password: ${canary}\nlist:\n    - ${canary}\n# ${canary}\nnested:\n    a: ${canary}\n    b: 1\n`,
  'f.json': `{"password": "${canary}", "list": ["${canary}"], "nested": {"a": "${canary}", "b": 1}}\n`,
  'f.env': `password=${canary}\n# ${canary}\nother=1\n`,
  'f.ini': `; ${canary}\n[nested]\na = ${canary}\n`,
  'f.txt': `${canary}\n`,
};

export interface Command extends CanaryOptions {
  readonly args: readonly string[];
  readonly files?: FileTexts;
}

const editor = `#!/bin/sh\nprintf '\\n# ${canary}\\n' >> "$1"\n`;

/** Each with all that it may show where it succeeds. */
export const commands: readonly (readonly [string, (name: string) => Command])[] = [
  ['decrypt', (name) => ({ args: ['decrypt', name] })],
  ['decrypt -i', (name) => ({ args: ['decrypt', '-i', name], mayHold: [name] })],
  ['decrypt --output', (name) => ({ args: ['decrypt', '--output', 'out', name], mayHold: ['out'] })],
  ['decrypt to JSON', (name) => ({ args: ['decrypt', '--output-type', 'json', name] })],
  ['decrypt to .env', (name) => ({ args: ['decrypt', '--output-type', 'dotenv', name] })],
  ['decrypt to INI', (name) => ({ args: ['decrypt', '--output-type', 'ini', name] })],
  ['decrypt to a whole file', (name) => ({ args: ['decrypt', '--output-type', 'binary', name] })],
  ['decrypt --extract', (name) => ({ args: ['decrypt', '--extract', '["nested"]', name] })],
  ['decrypt --extract of what is not there', (name) => ({ args: ['decrypt', '--extract', '["nested"]["c"]', name] })],
  ['decrypt --extract through a value', (name) => ({ args: ['decrypt', '--extract', '["password"]["c"]', name] })],
  ['decrypt --ignore-mac', (name) => ({ args: ['decrypt', '--ignore-mac', name] })],
  ['get', (name) => ({ args: ['get', name, 'nested.a'] })],
  ['get --json', (name) => ({ args: ['get', '--json', name, 'password'] })],
  ['get of what is not there', (name) => ({ args: ['get', name, 'password[0]'] })],
  ['set --stdin', (name) => ({ args: ['set', name, 'nested.c', '--stdin'], input: canary })],
  ['set --stdin through a value', (name) => ({ args: ['set', name, 'password.c', '--stdin'], input: canary })],
  ['set --stdin to a position', (name) => ({ args: ['set', name, 'nested[7]', '--stdin'], input: `${canary}\n${canary}\0` })],
  ['set --json of no JSON', (name) => ({ args: ['set', name, 'nested.c', '--json', '--stdin'], input: `{"a": ${canary}` })],
  ['set of no JSON in an argument', (name) => ({ args: ['set', name, '["nested"]["c"]', canary] })],
  ['set of a list in an argument', (name) => ({ args: ['set', name, '["nested"]["c"]', `["${canary}"]`] })],
  ['set of a value that looks like an option', (name) => ({ args: ['set', name, 'nested.c', `-${canary}`] })],
  ['set of a value that looks like a long option', (name) => ({ args: ['set', name, 'nested.c', `--${canary}=x`] })],
  ['set with an argument too many', (name) => ({ args: ['set', name, 'nested.c', '"x"', canary] })],
  ['set --generate of no length', (name) => ({ args: ['set', name, 'nested.c', '--generate', canary] })],
  ['set --from-file', (name) => ({ args: ['set', name, 'nested.c', '--from-file', 'new'], files: { new: canary } })],
  ['set --value-file', (name) => ({ args: ['set', '--value-file', name, '["nested"]["c"]', 'new'], files: { new: canary } })],
  ['set --value-stdin', (name) => ({ args: ['set', '--value-stdin', name, '["nested"]["c"]'], input: canary })],
  ['set by a person', (name) => ({ args: ['set', name, 'nested.c'], terminal: fakeTerminal(canary) })],
  ['set by a person who goes', (name) => ({ args: ['set', name, 'nested.c'], terminal: fakeTerminal() })],
  ['unset', (name) => ({ args: ['unset', name, 'nested.a'] })],
  ['unset of what is not there', (name) => ({ args: ['unset', name, 'nested.a.c'] })],
  ['ls', (name) => ({ args: ['ls', name] })],
  ['filestatus', (name) => ({ args: ['filestatus', name] })],
  ['encrypt', (name) => ({ args: ['encrypt', '--age', bob.recipient, name] })],
  ['encrypt -i', (name) => ({ args: ['encrypt', '-i', '--age', bob.recipient, name] })],
  ['rotate', (name) => ({ args: ['rotate', name] })],
  ['rotate -i', (name) => ({ args: ['rotate', '-i', name] })],
  ['rotate to nobody', (name) => ({ args: ['rotate', '-i', '--add-age', 'age1nobody', name] })],
  ['updatekeys', (name) => ({ args: ['updatekeys', '--yes', name], files: rules })],
  ['exec', (name) => ({ args: ['exec', '-f', name, '--', 'sh', '-c', 'true'] })],
  ['exec of a program that fails', (name) => ({ args: ['exec', '-f', name, '--', 'sh', '-c', 'exit 3'] })],
  ['exec of no program', (name) => ({ args: ['exec', '-f', name, '--', './missing'] })],
  ['exec of what is no program', (name) => ({ args: ['exec', '-f', name, '--', './f'], files: { f: canary } })],
  ['exec of two files', (name) => ({ args: ['exec', '-f', name, '-f', 'missing.yaml', '--', 'true'] })],
  ['edit', (name) => ({ args: ['edit', name], files: { editor }, env: { EDITOR: 'sh editor' } })],
  [
    'edit with an editor that fails',
    (name) => ({ args: ['edit', name], files: { editor: `${editor}exit 7\n` }, env: { EDITOR: 'sh editor' } }),
  ],
  ['edit without an editor', (name) => ({ args: ['edit', name], env: { EDITOR: 'no-such-editor' } })],
];

const rules: FileTexts = { '.secretsrc.yaml': `creation_rules:\n  - age: ${bob.recipient}\n` };

export type Trouble = (sealed: string, name: string) => { readonly files?: FileTexts; readonly options?: CanaryOptions };

/** What may be wrong with the file. */
export const fileTroubles: readonly (readonly [string, Trouble])[] = [
  ['nothing', () => ({})],
  ['a value changed', (sealed, name) => ({ files: { [name]: sealed.replace('data:', 'data:A') } })],
  ['a value in the clear', (sealed, name) => ({ files: { [name]: sealed.replace(/ENC\[[^\]]*\]/, canary) } })],
  ['a value in the clear more', (sealed, name) => ({ files: { [name]: `${added[name] ?? ''}${sealed}` } })],
  ['another MAC', (sealed, name) => ({ files: { [name]: sealed.replace(/(mac[":= ]+ENC\[AES256_GCM,data:)/, '$1A') } })],
  ['its end cut off', (sealed, name) => ({ files: { [name]: sealed.slice(0, sealed.length * 0.7) } })],
  ['its text in the clear', (_, name) => ({ files: { [name]: plain[name] ?? '' } })],
  ['something else in it', (_, name) => ({ files: { [name]: `${canary}\n"${canary}: {[\n` } })],
];

/** What may be wrong with the keys or the machine. */
export const otherTroubles: readonly (readonly [string, Trouble])[] = [
  ['no key', () => ({ files: { '~/.config/sops/age/keys.txt': '' } })],
  ['the key of another', () => ({ files: { '~/.config/sops/age/keys.txt': bob.identity } })],
  ['a key that is none', () => ({ files: { '~/.config/sops/age/keys.txt': `AGE-SECRET-KEY-1${canary}\n${canary}\n` } })],
  ['variables with keys that are none', () => ({ options: { env: wrongKeys }, files: wrongKeyFiles })],
  ['a full disk', () => ({ options: { change: fullDisk } })],
  ['nobody who reads', () => ({ options: { change: closedOutput } })],
  ['another who changes it meanwhile', () => ({ options: { change: changedMeanwhile } })],
];

const wrongKeyFiles = { '~/.config/sops/age/keys.txt': '', keys: `echo ${canary}; echo ${canary} >&2; exit 3\n` };
const wrongKeys = {
  SOPS_AGE_KEY: canary,
  SEC_AGE_KEY: `AGE-SECRET-KEY-1${canary.toUpperCase()}`,
  SOPS_AGE_KEY_CMD: 'sh keys',
  SEC_PGP_KEY: `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${canary}\n-----END PGP PRIVATE KEY BLOCK-----\n`,
};

const added: Readonly<Record<string, string>> = {
  'f.yaml': `more: ${canary}\n`,
  'f.env': `more=${canary}\n`,
  'f.ini': `more = ${canary}\n`,
};

function fullDisk(context: Context): Context {
  const fail = (path: string): Promise<never> => Promise.reject(Object.assign(new Error(path), { code: 'ENOSPC' }));
  const out = (): Promise<never> => Promise.reject(new SecError({ code: 'file-unwritable', file: 'standard output', reason: 'ENOSPC' }));
  return { ...context, out, files: { ...context.files, write: fail, create: fail } };
}

function closedOutput(context: Context): Context {
  return { ...context, out: () => Promise.reject(new SecError({ code: 'output-closed' })) };
}

function changedMeanwhile(context: Context): Context {
  const write = (path: string): Promise<never> => Promise.reject(Object.assign(new Error(path), { code: 'ECHANGED' }));
  return { ...context, files: { ...context.files, write } };
}

/** How `decrypt` ends with each of the troubles. */
export const statuses: Readonly<Record<string, number>> = {
  nothing: 0,
  'a value changed': 25,
  'a value in the clear': 25,
  'a value in the clear more': 25,
  'another MAC': 51,
  'its end cut off': 1,
  'its text in the clear': 1,
  'something else in it': 1,
  'no key': 128,
  'the key of another': 128,
  'a key that is none': 128,
  'variables with keys that are none': 128,
  'a full disk': 3,
  'nobody who reads': 141,
  'another who changes it meanwhile': 0,
};

import type { Context } from '../context.ts';
import type { Declaration } from './declaration.ts';

/**
 * Adds a command to the program, with its options and what it does. A command that succeeds with a status of its own, such as that of
 * a program it has run, says so by `end`.
 */
export type Declare = (program: Declaration, context: Context, end: (status: number) => void) => void;

/** A command before it is loaded: what the list of commands shows of it. */
export interface CommandEntry {
  readonly name: string;
  /** As the command itself declares it. */
  readonly summary: string;
  readonly load: () => Promise<Declare>;
}

/** Every command, in the order of the help. A new command is its file and its line here. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'make an age key for you, and a first .secretsrc.yaml',
    load: async () => (await import('./init.ts')).declareInit,
  },
  { name: 'encrypt', summary: 'encrypt the values of a file', load: async () => (await import('./encrypt.ts')).declareEncrypt },
  {
    name: 'decrypt',
    summary: 'print a file with its values in the clear',
    load: async () => (await import('./decrypt.ts')).declareDecrypt,
  },
  {
    name: 'edit',
    summary: 'open a file in your editor; what is saved is encrypted',
    load: async () => (await import('./edit.ts')).declareEdit,
  },
  { name: 'get', summary: 'print one value', load: async () => (await import('./get.ts')).declareGet },
  {
    name: 'set',
    summary: 'set one value; asks for it unless told where it comes from',
    load: async () => (await import('./set.ts')).declareSet,
  },
  { name: 'unset', summary: 'take one value out of a file', load: async () => (await import('./unset.ts')).declareUnset },
  { name: 'ls', summary: 'list the paths of a file; needs no key', load: async () => (await import('./ls.ts')).declareLs },
  {
    name: 'filestatus',
    summary: 'say as JSON whether a file is encrypted; needs no key',
    load: async () => (await import('./filestatus.ts')).declareFilestatus,
  },
  {
    name: 'rotate',
    summary: 'encrypt a file under a new data key, for the same people or others',
    load: async () => (await import('./rotate.ts')).declareRotate,
  },
  {
    name: 'updatekeys',
    summary: 'bring the recipients of files up to their rule',
    load: async () => (await import('./updatekeys.ts')).declareUpdatekeys,
  },
  {
    name: 'groups',
    summary: 'add key groups to a file, or take them out',
    load: async () => (await import('./groups.ts')).declareGroups,
  },
  {
    name: 'keyservice',
    summary: 'use your keys for other machines, until it is stopped',
    load: async () => (await import('./keyservice.ts')).declareKeyservice,
  },
  { name: 'exec', summary: 'run a program with the secrets in its environment', load: async () => (await import('./exec.ts')).declareExec },
  {
    name: 'exec-env',
    summary: "run a shell command with a file's values in its environment, as sops does",
    load: async () => (await import('./exec-env.ts')).declareExecEnv,
  },
  {
    name: 'exec-file',
    summary: 'run a shell command with the path of the plain text, as sops does',
    load: async () => (await import('./exec-file.ts')).declareExecFile,
  },
  {
    name: 'publish',
    summary: 'copy an encrypted file to a bucket, or its values to Vault',
    load: async () => (await import('./publish.ts')).declarePublish,
  },
  {
    name: 'audit',
    summary: 'show what was done to files, where that is written down; needs no key',
    load: async () => (await import('./audit.ts')).declareAudit,
  },
  {
    name: 'completion',
    summary: 'print a script that completes command lines in a shell',
    load: async () => (await import('./completion.ts')).declareCompletion,
  },
];

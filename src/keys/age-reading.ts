import { splitWords } from '../shell-words.ts';
import type { NamedFile } from './age-places.ts';
import type { KeyWorld } from './key.ts';

/** Why a place gave no identity. Nothing of its content is in it. */
export interface Trouble {
  readonly detail: string;
  readonly hint: string | null;
}

const LONGEST_FILE = 16 * 1024 * 1024;

/** The bytes of a file of keys; `null` where there is none, and nobody expects one. */
export async function readKeyFile(world: KeyWorld, file: NamedFile): Promise<Uint8Array | Trouble | null> {
  try {
    const bytes = await world.files.read(file.path);
    return bytes.length > LONGEST_FILE ? trouble(`${file.label} is larger than 16 MiB`) : bytes;
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT') return trouble(`${file.label} cannot be read (${code})`);
    return file.expected ? trouble(`${file.label} does not exist`) : null;
  }
}

/**
 * What the command in a variable prints: split as a shell splits words, run without one, and told the recipient in
 * `SOPS_AGE_RECIPIENT` (`sops-format.md` §15.1). What it says to standard error is shown nowhere: it may be secret.
 *
 * @param label the name of the variable
 */
export async function readCommand(world: KeyWorld, label: string, command: string, recipient: string): Promise<Uint8Array | Trouble> {
  const words = await splitWords(command);
  if (words === null) return trouble(`${label} has a quote that is not closed`);
  const [file, ...args] = words;
  if (file === undefined) return trouble(`${label} names no command`);
  try {
    const { status, signal, stdout } = await world.programs.run({ file, args, env: { ...world.env, SOPS_AGE_RECIPIENT: recipient } });
    if (status === 0) return stdout;
    return trouble(`the command of ${label} ended with ${status === null ? `signal ${signal ?? 'unknown'}` : `status ${status}`}`);
  } catch (error) {
    return trouble(`the command of ${label} cannot be run (${codeOf(error)})`);
  }
}

/** What a locked key says where there is no terminal. */
export function needsTerminal(label: string): Trouble {
  return {
    detail: `${label} is locked with a passphrase, and there is no terminal to ask for it`,
    hint: 'run it in a terminal, or give an identity without passphrase in SEC_AGE_KEY',
  };
}

/** A trouble that no command of ours ends. */
export function trouble(detail: string): Trouble {
  return { detail, hint: null };
}

/** The code of the system's error. @throws any other error */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}

import { join } from 'node:path';
import { agePlaces, type NamedFile } from './age-places.ts';
import { needsTerminal, readCommand, readKeyFile, trouble, type Trouble } from './age-reading.ts';
import { askPassphrase } from './ask.ts';
import type { KeyWorld } from './key.ts';
import { remembered } from './key.ts';
import { inspectSshKey, SshKeyError, type SshKeyFile, type SshPrivateKey } from './ssh-private.ts';
import { parseSshPublicKey, type SshPublicKey } from './ssh-public.ts';

/** A private SSH key that was found, not opened yet. */
export interface FoundSshKey {
  readonly label: string;
  readonly file: SshKeyFile;
  /** Its public half; `null` where neither it nor a file beside it tells. */
  readonly key: SshPublicKey | null;
}

/** SSH keys that were found, and what stood in the way of more. */
export interface FoundSshKeys {
  readonly keys: readonly FoundSshKey[];
  readonly troubles: readonly Trouble[];
}

/** The keys in files, locked ones too. It asks nobody, and reads each once in a command. */
export function sshKeysAtHand(world: KeyWorld): Promise<FoundSshKeys> {
  return remembered(world, 'age: SSH keys at hand', async () => {
    const usual = await Promise.all(agePlaces(world).sshFiles.map((file) => readSshFile(world, file)));
    const others = await Promise.all((await otherKeys(world)).map((file) => readSshFile(world, file)));
    // Nobody expects age to use a key of another kind, and one that is locked must say what it is before it is asked for.
    return merge([...usual, ...others.map(({ keys }) => ({ keys: keys.filter(({ key }) => key !== null), troubles: [] }))]);
  });
}

/** All other keys beside the usual ones: `~/.ssh/id_work` and the like. */
async function otherKeys(world: KeyWorld): Promise<readonly NamedFile[]> {
  const { sshFiles, sshFolder } = agePlaces(world);
  const names = await world.files.list(sshFolder).catch(() => []);
  const paths = names.filter((name) => /^id_[^.]+$/.test(name)).map((name) => join(sshFolder, name));
  return paths.filter((path) => !sshFiles.some((known) => known.path === path)).map((path) => ({ label: path, path, expected: false }));
}

/** What commands print for this recipient. Locked keys are no use there, as in sops. */
export function sshKeysOfCommands(world: KeyWorld, recipient: string): Promise<FoundSshKeys> {
  return remembered(world, `age: SSH keys of commands for ${recipient}`, async () => {
    const found = agePlaces(world).sshCommands.map(async ({ label, text }) => {
      const printed = await readCommand(world, label, text, recipient);
      if (!(printed instanceof Uint8Array)) return nothingBut(printed);
      const inspected = inspect(label, printed);
      const isLocked = inspected.keys.some(({ file }) => file.locked);
      return isLocked ? nothingBut(trouble(`the command of ${label} prints a key that is locked with a passphrase`)) : inspected;
    });
    return merge(await Promise.all(found));
  });
}

/** Both halves of a found key, or what stands in the way. The passphrase of a locked one is asked for once in a command. */
export function openSshKey(world: KeyWorld, found: FoundSshKey): Promise<SshPrivateKey | Trouble> {
  if (found.file.locked && world.terminal === null) return Promise.resolve(needsTerminal(found.label));
  return remembered(world, `age: SSH key ${found.label}`, () => open(world, found));
}

async function open(world: KeyWorld, { label, file }: FoundSshKey): Promise<SshPrivateKey | Trouble> {
  try {
    const opened = file.locked ? await askPassphrase(world, label, (passphrase) => file.open(passphrase)) : await file.open(null);
    return opened ?? trouble(`the passphrase of ${label} was wrong`);
  } catch (error) {
    return because(label, error);
  }
}

async function readSshFile(world: KeyWorld, file: NamedFile): Promise<FoundSshKeys> {
  const content = await readKeyFile(world, file);
  if (content === null) return { keys: [], troubles: [] };
  if (!(content instanceof Uint8Array)) return nothingBut(content);
  const inspected = inspect(file.label, content);
  const keys = inspected.keys.map(async (found) => ({ ...found, key: found.key ?? (await publicKeyBeside(world, file.path)) }));
  return { ...inspected, keys: await Promise.all(keys) };
}

function inspect(label: string, bytes: Uint8Array): FoundSshKeys {
  try {
    const file = inspectSshKey(Buffer.from(bytes).toString('latin1'));
    return { keys: [{ label, file, key: file.key }], troubles: [] };
  } catch (error) {
    return nothingBut(because(label, error));
  }
}

async function publicKeyBeside(world: KeyWorld, path: string): Promise<SshPublicKey | null> {
  const bytes = await readKeyFile(world, { label: '', path: `${path}.pub`, expected: false });
  if (!(bytes instanceof Uint8Array)) return null;
  const key = parseSshPublicKey(Buffer.from(bytes).toString('latin1'));
  return typeof key === 'string' ? null : key;
}

/** The reasons of `ssh-private.ts` show nothing of the key; other errors are no reasons. */
function because(label: string, error: unknown): Trouble {
  if (!(error instanceof SshKeyError)) throw error;
  return { detail: `${label} ${error.message}`, hint: error.hint };
}

function nothingBut(reason: Trouble): FoundSshKeys {
  return { keys: [], troubles: [reason] };
}

function merge(found: readonly FoundSshKeys[]): FoundSshKeys {
  return { keys: found.flatMap(({ keys }) => keys), troubles: found.flatMap(({ troubles }) => troubles) };
}

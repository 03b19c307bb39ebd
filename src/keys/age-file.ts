import { readAgeHeader, type Stanza } from './age-header.ts';
import type { AgeIdentity } from './age-identity.ts';
import type { AgeRecipient } from './age-recipient.ts';
import { openFast, x25519Key } from './age-fast.ts';
import type { SshPrivateKey } from './ssh-private.ts';

/** The one door to age files, and the home of the age library. */

/** Opens a file key by the stanzas of a file, or says that it cannot. */
export type OpenStanzas = (stanzas: readonly Stanza[]) => Promise<Uint8Array | null>;

/** What an age file may be opened with. Plugin identities are passed over, but for what opens in their place. */
export interface AgeKeys {
  readonly plugins?: readonly OpenStanzas[];
  readonly identities?: readonly AgeIdentity[];
  readonly ssh?: readonly SshPrivateKey[];
  readonly passphrases?: readonly string[];
}

export type AgeOpening =
  | { readonly outcome: 'opened'; readonly content: Uint8Array }
  | { readonly outcome: 'no-match' }
  | { readonly outcome: 'damaged' };

const ARMOR_START = '-----BEGIN AGE ';
const NO_MATCH = "no identity matched any of the file's recipients";

/** Whether these bytes begin as an age file does, armored or not (`sops-format.md` §15.1). */
export function isAgeFile(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 14)).toString('latin1');
  return start === 'age-encryption' || start === ARMOR_START.slice(0, 14);
}

/** The binary file in an armored text; `null` where the armor is damaged. */
export async function dearmor(text: string): Promise<Uint8Array | null> {
  const plain = dearmorPlain(text);
  if (plain !== null) return plain;
  const { armor } = await import('age-encryption');
  try {
    return armor.decode(text);
  } catch {
    return null;
  }
}

/** The binary form of a file in either form; `null` where its armor is damaged. */
export async function binaryAgeFile(bytes: Uint8Array): Promise<Uint8Array | null> {
  const isArmored = Buffer.from(bytes.subarray(0, ARMOR_START.length)).toString('latin1') === ARMOR_START;
  return isArmored ? dearmor(Buffer.from(bytes).toString('latin1')) : bytes;
}

/** Whether a passphrase opens a binary file. */
export function isUnderPassphrase(file: Uint8Array): boolean {
  return readAgeHeader(file)?.stanzas[0]?.args[0] === 'scrypt';
}

/** Opens a binary age file. `library` is true where the short way for X25519 is not wanted. */
export async function openAgeFile(file: Uint8Array, keys: AgeKeys, library = false): Promise<AgeOpening> {
  const x25519 = (keys.identities ?? []).filter((identity) => identity.kind === 'x25519');
  // Keys of another kind pass X25519 stanzas by, so the short way needs none of them.
  const fast = library
    ? null
    : await openFast(
        file,
        x25519.map(({ secret }) => x25519Key(secret)),
      );
  if (fast === null || fast.outcome === 'unsure') return openByLibrary(file, keys);
  return fast.outcome === 'opened' ? fast : { outcome: 'no-match' };
}

/**
 * Locks content for one recipient: an armored file with a final line end.
 *
 * @param wrap gives the stanzas for a recipient of a plugin
 * @throws Error where the library refuses it, and what `wrap` throws
 */
export async function sealAgeFile(
  content: Uint8Array,
  recipient: AgeRecipient,
  wrap: (fileKey: Uint8Array) => Promise<readonly Stanza[]> = noPlugin,
): Promise<string> {
  const { armor, Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  if (recipient.kind === 'ssh') {
    const { wrapForSsh } = await import('./age-ssh.ts');
    encrypter.addRecipient({ wrapFileKey: async (fileKey) => [mutable(await wrapForSsh(recipient.key, fileKey))] });
  } else if (recipient.kind === 'plugin') {
    encrypter.addRecipient({ wrapFileKey: async (fileKey) => (await wrap(fileKey)).map(mutable) });
  } else {
    encrypter.addRecipient(recipient.text);
  }
  return armor.encode(await encrypter.encrypt(content));
}

function noPlugin(): never {
  throw new TypeError('nobody locks for plugins here');
}

/** A fresh X25519 identity and its recipient. */
export async function generateX25519(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The public half of an identity, other than a plugin's. */
export async function recipientOf(identity: Exclude<AgeIdentity, { readonly kind: 'plugin' }>): Promise<string> {
  const { identityToRecipient } = await import('age-encryption');
  return identityToRecipient(identity.text);
}

async function openByLibrary(file: Uint8Array, keys: AgeKeys): Promise<AgeOpening> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of keys.identities ?? []) if (identity.kind !== 'plugin') decrypter.addIdentity(identity.text);
  for (const key of keys.ssh ?? []) decrypter.addIdentity({ unwrapFileKey: bySshKey(key) });
  for (const unwrapFileKey of keys.plugins ?? []) decrypter.addIdentity({ unwrapFileKey });
  for (const passphrase of keys.passphrases ?? []) decrypter.addPassphrase(passphrase);
  try {
    return { outcome: 'opened', content: await decrypter.decrypt(file) };
  } catch (error) {
    return { outcome: error instanceof Error && error.message === NO_MATCH ? 'no-match' : 'damaged' };
  }
}

/** Loaded by whoever has such a key, which few do. */
function bySshKey(key: SshPrivateKey): OpenStanzas {
  return async (stanzas) => (await import('./age-ssh.ts')).unwrapWithSsh(key, stanzas);
}

/** The library asks for arrays that it may change, and changes none. */
function mutable({ args, body }: Stanza): { args: string[]; body: Uint8Array } {
  return { args: [...args], body };
}

/** Armor as sops and we write it: that which, written again, is the same text. */
function dearmorPlain(text: string): Uint8Array | null {
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.shift() !== '-----BEGIN AGE ENCRYPTED FILE-----' || lines.pop() !== '-----END AGE ENCRYPTED FILE-----') return null;
  const isFull = lines.every((line, index) => (index < lines.length - 1 ? line.length === 64 : line.length > 0 && line.length <= 64));
  const body = lines.join('');
  const bytes = Buffer.from(body, 'base64');
  return isFull && bytes.toString('base64') === body ? bytes : null;
}

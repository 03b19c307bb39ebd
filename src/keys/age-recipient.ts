import { SecError } from '../core/problem.ts';
import { decodeBech32 } from './bech32.ts';
import { parseSshPublicKey, type SshPublicKey } from './ssh-public.ts';

/** Who an age file is for. The text is kept as it was written. */
export type AgeRecipient =
  /** X25519, hybrid post-quantum, and the tags: what the age library takes as they are. */
  | { readonly kind: 'native'; readonly text: string }
  | { readonly kind: 'ssh'; readonly text: string; readonly key: SshPublicKey }
  /** Only the program `age-plugin-<name>` knows how to lock for it. */
  | { readonly kind: 'plugin'; readonly text: string; readonly plugin: string };

/** The prefixes of keys that need no plugin, and their lengths in bytes. */
const NATIVE: Readonly<Record<string, number>> = { age: 32, age1pq: 1216, age1tag: 33, age1tagpq: 1249 };

/**
 * Reads a recipient by its prefix (`sops-format.md` §15.1). Space around it is not part of it.
 * @throws SecError `bad-recipient`
 */
export function parseRecipient(written: string): AgeRecipient {
  const text = written.trim();
  const recipient = classify(text);
  if (typeof recipient !== 'string') return recipient;
  throw new SecError({ code: 'bad-recipient', kind: 'age', text: isSecret(text) ? '(a secret key)' : text, reason: recipient });
}

function classify(text: string): AgeRecipient | string {
  if (isSecret(text)) return 'this is a secret key; give its public key, which begins with age1 or ssh-';
  if (text.startsWith('ssh-')) {
    const key = parseSshPublicKey(text);
    return typeof key === 'string' ? key : { kind: 'ssh', text, key };
  }
  if (!text.startsWith('age1')) return 'an age recipient begins with age1, ssh-ed25519 or ssh-rsa';
  const decoded = decodeBech32(text);
  if (decoded === null) return 'a character is missing or wrong: its checksum does not match';
  const length = NATIVE[decoded.prefix];
  if (length === undefined) {
    const plugin = decoded.prefix.slice('age1'.length);
    return isPluginName(plugin) ? { kind: 'plugin', text, plugin } : 'it names no plugin';
  }
  return decoded.bytes.length === length ? { kind: 'native', text } : `it holds ${decoded.bytes.length} bytes, not ${length}`;
}

/** Whether a word may become part of the name of a program. */
export function isPluginName(name: string): boolean {
  return /^[a-z0-9+\-._]+$/.test(name);
}

/** Whoever mixes the two up must not find the secret one in a message. */
function isSecret(text: string): boolean {
  return /AGE-SECRET-KEY-|AGE-PLUGIN-|PRIVATE KEY/i.test(text);
}

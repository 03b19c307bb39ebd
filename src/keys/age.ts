import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import type { Stanza } from './age-header.ts';
import { type AgeRecipient, parseRecipient } from './age-recipient.ts';
import type { KeyProvider, KeyWorld, MasterKey } from './key.ts';

/** age: X25519, hybrid post-quantum and SSH keys, and those of plugins (`sops-format.md` §15.1). */
export function age(): KeyProvider {
  return {
    kind: 'age',
    parse: (text) => masterKey(parseRecipient(text).text),
    read: (stored) => masterKey(textOf(stored, 'recipient')),
    async identities(world) {
      const { identityLabels } = await import('./age-labels.ts');
      return identityLabels(world);
    },
  };
}

/**
 * A fresh key file as `age-keygen` writes it, and the recipient to lock files for.
 */
export async function generateIdentity(now: Date): Promise<{ readonly text: string; readonly recipient: string }> {
  const { generateX25519 } = await import('./age-file.ts');
  const { identity, recipient } = await generateX25519();
  const created = now.toISOString().replace(/\.\d+Z$/, 'Z');
  return { text: `# created: ${created}\n# public key: ${recipient}\n${identity}\n`, recipient };
}

/** A recipient that we cannot read locks nothing, but what is locked for it may open all the same: sops doesn't look at it then. */
function masterKey(label: string): MasterKey {
  return {
    kind: 'age',
    label,
    wrap: (dataKey, _, world) => wrap(label, dataKey, world),
    async unwrapQuietly(stored, world) {
      const { unwrapAtHand } = await import('./age-unwrap.ts');
      return unwrapAtHand(stored, label, world);
    },
    async unwrap(stored: StoredKey, world: KeyWorld) {
      const { unwrapAge } = await import('./age-unwrap.ts');
      return unwrapAge(stored, label, world);
    },
  };
}

function textOf(stored: StoredKey, field: string): string {
  const value = stored.fields.get(field);
  return typeof value === 'string' ? value : '';
}

async function wrap(label: string, dataKey: Uint8Array, world: KeyWorld): Promise<StoredKey> {
  const recipient = parseRecipient(label);
  const { sealAgeFile } = await import('./age-file.ts');
  try {
    const enc = await sealAgeFile(dataKey, recipient, (fileKey) => stanzasOfPlugin(recipient, fileKey, world));
    return { kind: 'age', fields: new Map(Object.entries({ enc, recipient: label })) };
  } catch (error) {
    if (error instanceof SecError) throw error;
    throw new SecError({ code: 'wrap-failed', label, reason: 'age refuses this recipient', hint: null }, { cause: error });
  }
}

/** @throws SecError `wrap-failed` */
async function stanzasOfPlugin(recipient: AgeRecipient, fileKey: Uint8Array, world: KeyWorld): Promise<readonly Stanza[]> {
  if (recipient.kind !== 'plugin') throw new TypeError('only a plugin is asked for stanzas');
  const { wrapWithPlugin } = await import('./age-plugin.ts');
  const { plugin, text: label } = recipient;
  const result = await wrapWithPlugin(plugin, label, fileKey, world);
  if (result.done) return result.value;
  const { kind, said } = result.failure;
  const missing = kind === 'missing';
  const reason = missing ? `it needs the program age-plugin-${plugin}, which is not on PATH` : `age-plugin-${plugin} fails: ${said}`;
  throw new SecError({ code: 'wrap-failed', label, reason, hint: missing ? `install age-plugin-${plugin}` : null });
}

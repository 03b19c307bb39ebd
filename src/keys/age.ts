import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import { parseRecipient } from './age-recipient.ts';
import type { KeyProvider, KeyWorld, MasterKey } from './key.ts';

/** age: X25519, hybrid post-quantum and SSH keys (`sops-format.md` §15.1). */
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
    wrap: (dataKey) => wrap(label, dataKey),
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

async function wrap(label: string, dataKey: Uint8Array): Promise<StoredKey> {
  const recipient = parseRecipient(label);
  if (recipient.kind === 'plugin') {
    const reason = `it needs the program age-plugin-${recipient.plugin}, which sec cannot use yet`;
    throw new SecError({ code: 'wrap-failed', label, reason, hint: null });
  }
  const { sealAgeFile } = await import('./age-file.ts');
  try {
    const enc = await sealAgeFile(dataKey, recipient);
    return { kind: 'age', fields: new Map(Object.entries({ enc, recipient: label })) };
  } catch (error) {
    throw new SecError({ code: 'wrap-failed', label, reason: 'age refuses this recipient', hint: null }, { cause: error });
  }
}

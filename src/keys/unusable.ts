import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import { failed, type KeyProvider, type MasterKey } from './key.ts';

/**
 * A kind of key that we have no client for. Its entries stay in a file untouched; they open nothing, and nothing is locked for one. One
 * that sops knows can be named, so that it can be taken out.
 */
export function unusable(kind: string): KeyProvider {
  return {
    kind,
    parse(text) {
      const key = kind === 'hckms' ? text.trim() : '';
      if (/^[^:]+:./.test(key)) return unusableKey({ kind, fields: new Map([['key_id', key]]) });
      const reason = kind === 'hckms' ? 'it is no key of HuaweiCloud KMS, as in REGION:UUID' : `sec cannot use keys of the kind ${kind}`;
      throw new SecError({ code: 'bad-recipient', kind, text, reason });
    },
    read: (stored) => unusableKey(stored),
    identities: () => Promise.resolve([]),
  };
}

function unusableKey(stored: StoredKey): MasterKey {
  const label = labelOf(stored);
  const reason = `sec cannot use keys of the kind ${stored.kind}`;
  return {
    kind: stored.kind,
    label,
    wrap: () => Promise.reject(new SecError({ code: 'wrap-failed', label, reason, hint: null })),
    unwrap: () => Promise.resolve(failed('unsupported', `sec has no client for keys of the kind ${stored.kind}`)),
  };
}

/** The key as sops writes it in a report (`sops-cli.md` §11), where we know the kind: it is the only one of sops's that is left. */
function labelOf({ kind, fields }: StoredKey): string {
  const id = kind === 'hckms' ? fields.get('key_id') : null;
  return typeof id === 'string' ? id : `a key of the kind ${kind}`;
}

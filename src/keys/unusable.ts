import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import { failed, type KeyProvider, type MasterKey } from './key.ts';

/** A kind of key that we have no client for. Its entries stay in a file untouched; they open nothing, and nothing is locked for one. */
export function unusable(kind: string): KeyProvider {
  return {
    kind,
    parse(text) {
      throw new SecError({ code: 'bad-recipient', kind, text, reason: `sec cannot use keys of the kind ${kind}` });
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

/** The fields that name a key, as sops writes it in a report (`sops-cli.md` §11). */
const NAMES: Readonly<Record<string, (field: (name: string) => string) => string>> = {
  gcp_kms: (field) => field('resource_id'),
  hckms: (field) => field('key_id'),
  azure_kv: (field) => `${field('vault_url')}/keys/${field('name')}/${field('version')}`,
  hc_vault: (field) => `${field('vault_address')}/v1/${field('engine_path')}/keys/${field('key_name')}`,
};

function labelOf({ kind, fields }: StoredKey): string {
  const field = (name: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : '';
  };
  return NAMES[kind]?.(field) ?? `a key of the kind ${kind}`;
}

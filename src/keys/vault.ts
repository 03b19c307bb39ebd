import { SecError } from '../core/problem.ts';
import type { KeyProvider, KeyWorld, MasterKey } from './key.ts';
import type { Origin } from './origin.ts';
import type { VaultLimits } from './vault-call.ts';
import { faultOf, labelOf, parseVaultUri, readVaultKey, type VaultKey } from './vault-uri.ts';

/** Keys of the transit engine of HashiCorp Vault and OpenBao (`sops-format.md` §15.6). @param limits in place of the usual ones */
export function vault(limits: VaultLimits | null = null): KeyProvider {
  return {
    kind: 'hc_vault',
    parse: (text) => masterKey(parseRecipient(text), { from: 'person' }, limits),
    read: (stored, file) => masterKey(readVaultKey(stored), { from: 'file', file }, limits),
    identities,
  };
}

function masterKey(key: VaultKey, origin: Origin, given: VaultLimits | null): MasterKey {
  const limitsOf = async (): Promise<VaultLimits> => given ?? (await import('./vault-call.ts')).vaultLimits;
  return {
    kind: 'hc_vault',
    label: labelOf(key),
    async wrap(dataKey, createdAt, world) {
      const { wrapWithVault } = await import('./vault-ask.ts');
      return wrapWithVault(key, dataKey, createdAt, { origin, world, limits: await limitsOf() });
    },
    async unwrap(stored, world) {
      const { unwrapWithVault } = await import('./vault-ask.ts');
      return unwrapWithVault(key, stored, { origin, world, limits: await limitsOf() });
    },
  };
}

function parseRecipient(text: string): VaultKey {
  const key = parseVaultUri(text);
  const reason = key === null ? 'it is no address of a transit key, as in https://HOST/v1/transit/keys/NAME' : faultOf(key);
  if (key === null || reason !== null)
    throw new SecError({ code: 'bad-recipient', kind: 'hc_vault', text: withoutLogin(text), reason: reason ?? '' });
  return key;
}

/** An address may hold a password in front of its host. */
function withoutLogin(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//…@');
}

/** Whose token there is, as far as this machine says it. */
async function identities(world: KeyWorld): Promise<readonly string[]> {
  const role = world.env['SEC_VAULT_ROLE'] ?? '';
  if (role !== '') return [`the role ${role} of this job`];
  const { findToken } = await import('./vault-token.ts');
  const token = await findToken(world);
  return token.from === null ? [] : [token.from];
}

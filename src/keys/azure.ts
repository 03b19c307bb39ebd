import { SecError } from '../core/problem.ts';
import type { AzureConnect } from './azure-connect.ts';
import { type AzureKey, faultOf, labelOf, parseAzureUrl, readAzureKey } from './azure-url.ts';
import type { KeyProvider, KeyWorld, MasterKey } from './key.ts';
import type { Origin } from './origin.ts';

/** Keys of Azure Key Vault (`sops-format.md` §15.5). */
export function azureKeyVault(connect: AzureConnect = connectLazily): KeyProvider {
  return {
    kind: 'azure_kv',
    parse: (text) => masterKey(parseRecipient(text), { from: 'person' }, connect),
    read: (stored, file) => masterKey(readAzureKey(stored), { from: 'file', file }, connect),
    identities,
  };
}

function masterKey(key: AzureKey, origin: Origin, connect: AzureConnect): MasterKey {
  return {
    kind: 'azure_kv',
    label: labelOf(key),
    async complete(world) {
      if (key.version !== '') return masterKey(key, origin, connect);
      const { newestVersion } = await import('./azure-ask.ts');
      return masterKey({ ...key, version: await newestVersion(key, { origin, world, connect }) }, origin, connect);
    },
    async wrap(dataKey, createdAt, world) {
      const { wrapWithAzure } = await import('./azure-ask.ts');
      return wrapWithAzure(key, dataKey, createdAt, { origin, world, connect });
    },
    async unwrap(stored, world) {
      const { unwrapWithAzure } = await import('./azure-ask.ts');
      return unwrapWithAzure(key, stored, { origin, world, connect });
    },
  };
}

const connectLazily: AzureConnect = async (vault, identity, world) => {
  const { connectToAzure } = await import('./azure-connect.ts');
  return connectToAzure(vault, identity, world);
};

function parseRecipient(text: string): AzureKey {
  const key = parseAzureUrl(text);
  const reason = key === null ? 'it is no key of a vault, as in https://NAME.vault.azure.net/keys/KEY/VERSION' : faultOf(key);
  if (key === null || reason !== null)
    throw new SecError({ code: 'bad-recipient', kind: 'azure_kv', text: withoutLogin(text), reason: reason ?? '' });
  return key;
}

/** An address may hold a password in front of its host. */
function withoutLogin(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//…@');
}

/** As whom Azure would be asked, as far as this machine says it. */
async function identities(world: KeyWorld): Promise<readonly string[]> {
  const { identityOf, nameOf } = await import('./azure-identity.ts');
  const found = await identityOf(world);
  return 'identity' in found ? [nameOf(found.identity)] : [];
}

import { SecError } from '../core/problem.ts';
import type { GcpConnect } from './gcp-connect.ts';
import { idShape, partsOf, readGcpId, withoutSpaces } from './gcp-id.ts';
import type { KeyProvider, KeyWorld, MasterKey } from './key.ts';

/** Keys of Google Cloud KMS (`sops-format.md` §15.4). */
export function gcpKms(connect: GcpConnect = connectLazily): KeyProvider {
  return {
    kind: 'gcp_kms',
    parse: (text) => masterKey(parseRecipient(text), connect),
    read: (stored) => masterKey(readGcpId(stored), connect),
    identities,
  };
}

function masterKey(id: string, connect: GcpConnect): MasterKey {
  return {
    kind: 'gcp_kms',
    label: id,
    async wrap(dataKey, createdAt, world) {
      const { wrapWithGcp } = await import('./gcp-ask.ts');
      return wrapWithGcp(id, dataKey, createdAt, { world, connect });
    },
    async unwrap(stored, world) {
      const { unwrapWithGcp } = await import('./gcp-ask.ts');
      return unwrapWithGcp(id, stored, { world, connect });
    },
  };
}

const connectLazily: GcpConnect = async (identity, transport, world) => {
  const { connectToGcp } = await import('./gcp-connect.ts');
  return connectToGcp(identity, transport, world);
};

function parseRecipient(text: string): string {
  if (partsOf(text.trim()) === null) throw new SecError({ code: 'bad-recipient', kind: 'gcp_kms', text, reason: idShape });
  return withoutSpaces(text.trim());
}

/** As whom Google would be asked, as far as this machine says it. */
async function identities(world: KeyWorld): Promise<readonly string[]> {
  const { identityOf, nameOf } = await import('./gcp-identity.ts');
  const found = await identityOf(world);
  return 'identity' in found ? [nameOf(found.identity)] : [];
}

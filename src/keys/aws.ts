import { SecError } from '../core/problem.ts';
import { type AwsKey, faultOf, labelOf, parseAwsKey, readAwsKey } from './aws-arn.ts';
import type { AwsConnect } from './aws-ask.ts';
import type { KeyProvider, KeyWorld, MasterKey } from './key.ts';

/** Keys of AWS KMS (`sops-format.md` §15.3). */
export function awsKms(connect: AwsConnect = connectLazily): KeyProvider {
  return {
    kind: 'kms',
    parse: (text) => masterKey(parseRecipient(text), connect),
    read: (stored) => masterKey(readAwsKey(stored), connect),
    identities,
  };
}

function masterKey(key: AwsKey, connect: AwsConnect): MasterKey {
  return {
    kind: 'kms',
    label: labelOf(key),
    async wrap(dataKey, createdAt, world) {
      const { wrapWithAws } = await import('./aws-wrap.ts');
      return wrapWithAws(key, dataKey, createdAt, { world, connect });
    },
    async unwrap(stored, world) {
      const { unwrapWithAws } = await import('./aws-unwrap.ts');
      return unwrapWithAws(key, stored, { world, connect });
    },
  };
}

const connectLazily: AwsConnect = async (access, world) => {
  const { connectToAws } = await import('./aws-connect.ts');
  return connectToAws(access, world);
};

function parseRecipient(text: string): AwsKey {
  const key = parseAwsKey(text);
  const reason = faultOf(key);
  if (reason !== null) throw new SecError({ code: 'bad-recipient', kind: 'kms', text, reason });
  return key;
}

/** As whom AWS would be asked, as far as this machine says it. */
async function identities(world: KeyWorld): Promise<readonly string[]> {
  const { identitiesFor, nameOf } = await import('./aws-identity.ts');
  const found = await identitiesFor('', world);
  return found.filter(({ kind }) => kind !== 'default').map(nameOf);
}

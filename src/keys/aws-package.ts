import type * as ClientKms from '@aws-sdk/client-kms';
import type * as CredentialProviders from '@aws-sdk/credential-providers';
import { SecError } from '../core/problem.ts';

/** The SDK's two doors: the calls, and the identities. */
export interface AwsPackages {
  readonly kms: typeof ClientKms;
  readonly providers: typeof CredentialProviders;
}

/**
 * Loads the SDK. It costs a tenth of a second, so only a file with such a key does.
 *
 * @throws SecError `package-missing`
 */
export async function loadAws(): Promise<AwsPackages> {
  const [kms, providers] = await Promise.all([
    orMissing('@aws-sdk/client-kms', import('@aws-sdk/client-kms')),
    orMissing('@aws-sdk/credential-providers', import('@aws-sdk/credential-providers')),
  ]);
  return { kms, providers };
}

async function orMissing<T>(name: string, loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (cause) {
    throw new SecError({ code: 'package-missing', name, purpose: 'keys of AWS KMS' }, { cause });
  }
}

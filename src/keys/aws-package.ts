import type * as ClientKms from '@aws-sdk/client-kms';
import type * as CredentialProviders from '@aws-sdk/credential-providers';
import { packageFor } from './sdk-package.ts';

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
    packageFor('keys of AWS KMS', '@aws-sdk/client-kms', import('@aws-sdk/client-kms')),
    packageFor('keys of AWS KMS', '@aws-sdk/credential-providers', import('@aws-sdk/credential-providers')),
  ]);
  return { kms, providers };
}

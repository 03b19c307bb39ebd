import type * as Auth from 'google-auth-library';
import type { v1 } from '@google-cloud/kms';
import { packageFor } from './sdk-package.ts';

/** The SDK's two doors: the calls, and the identities. */
export interface GcpPackages {
  readonly kms: typeof v1;
  readonly auth: typeof Auth;
}

/**
 * Loads the SDK. It costs some tenths of a second, so only a file with such a key does.
 *
 * @throws SecError `package-missing`
 */
export async function loadGcp(): Promise<GcpPackages> {
  const [kms, auth] = await Promise.all([
    packageFor('keys of Google Cloud KMS', '@google-cloud/kms', import('@google-cloud/kms')),
    packageFor('keys of Google Cloud KMS', 'google-auth-library', import('google-auth-library')),
  ]);
  return { kms: kms.v1, auth };
}

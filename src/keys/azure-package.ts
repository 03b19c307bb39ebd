import type * as Identity from '@azure/identity';
import type * as Keys from '@azure/keyvault-keys';
import { packageFor } from './sdk-package.ts';

/** The SDK's two doors: the calls, and the identities. */
export interface AzurePackages {
  readonly keys: typeof Keys;
  readonly identity: typeof Identity;
}

/**
 * Loads the SDK. It costs some tenths of a second, so only a file with such a key does.
 *
 * @throws SecError `package-missing`
 */
export async function loadAzure(): Promise<AzurePackages> {
  const [keys, identity] = await Promise.all([
    packageFor('keys of Azure Key Vault', '@azure/keyvault-keys', import('@azure/keyvault-keys')),
    packageFor('keys of Azure Key Vault', '@azure/identity', import('@azure/identity')),
  ]);
  return { keys, identity };
}

import { age } from './age.ts';
import { awsKms } from './aws.ts';
import { azureKeyVault } from './azure.ts';
import { gcpKms } from './gcp.ts';
import type { KeyProvider } from './key.ts';
import { pgp } from './pgp.ts';
import { unusable } from './unusable.ts';
import { vault } from './vault.ts';

/** Every kind of key that we can use, in the order in which they are tried. A new kind is its file and its line here. */
export const keyProviders: readonly KeyProvider[] = [age(), pgp(), awsKms(), gcpKms(), azureKeyVault(), vault()];

/** The kind by its name. One that we cannot use reads its entries all the same, so that they can be named and kept. */
export function providerOf(kind: string, providers: readonly KeyProvider[] = keyProviders): KeyProvider {
  return providers.find((provider) => provider.kind === kind) ?? unusable(kind);
}

import type * as Openpgp from 'openpgp';
import { packageFor } from './sdk-package.ts';

/**
 * The package, loaded by the first call that needs it: 60 ms.
 *
 * @throws SecError `package-missing`
 */
export function loadOpenpgp(): Promise<typeof Openpgp> {
  return packageFor('OpenPGP keys without gpg', 'openpgp', import('openpgp'));
}

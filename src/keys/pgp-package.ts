import type * as Openpgp from 'openpgp';
import { SecError } from '../core/problem.ts';

/**
 * The package, loaded by the first call that needs it: 60 ms.
 *
 * @throws SecError `package-missing`
 */
export async function loadOpenpgp(): Promise<typeof Openpgp> {
  try {
    return await import('openpgp');
  } catch (cause) {
    throw new SecError({ code: 'package-missing', name: 'openpgp', purpose: 'OpenPGP keys without gpg' }, { cause });
  }
}

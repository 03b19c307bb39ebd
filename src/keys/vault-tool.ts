import { quoteWord } from '../shell-words.ts';
import type { KeyWorld } from './key.ts';
import { originOf } from './vault-uri.ts';
import { vaultVariable } from './vault-variable.ts';

/** How the program of Vault or OpenBao is called here, for a hint: the one that this machine has, told the address if it would ask another. */
export async function toolFor(address: string, { env, programs }: KeyWorld): Promise<string> {
  const isBao = (await programs.find('vault')) === null && (await programs.find('bao')) !== null;
  const own = vaultVariable(env, 'ADDR');
  const at = own !== null && originOf(own.value) === originOf(address) ? '' : `VAULT_ADDR=${quoteWord(address)} `;
  return `${at}${isBao ? 'bao' : 'vault'}`;
}

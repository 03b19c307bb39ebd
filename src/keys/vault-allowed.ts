import { quoteWord } from '../shell-words.ts';
import type { Failure, KeyWorld } from './key.ts';
import type { Origin } from './origin.ts';
import { originOf, parseVaultUri } from './vault-uri.ts';
import { vaultVariable } from './vault-variable.ts';
import { variable } from './variable.ts';

/**
 * Why nothing may be sent to an address; `null` where it may. The list of `SOPS_HC_VAULT_ALLOWLIST` has the last word, as in sops
 * (`sops-format.md` §15.6). Without it a server must be one that somebody here named: on the command line, in `VAULT_ADDR`, or in the
 * configuration. A token never goes to an address that only a file names.
 */
export async function refusalOf(address: string, origin: Origin, world: KeyWorld): Promise<Failure | null> {
  const list = variable(world.env, 'HC_VAULT_ALLOWLIST');
  if (list !== null) return isListed(address, list.value) ? null : notListed(list.name, address);
  if (origin.from === 'person' || (await isNamed(address, origin.file, world))) return null;
  return {
    reason: 'denied',
    detail: `nothing is sent to ${address}: only the file names it`,
    hint: `if you know that server: export VAULT_ADDR=${quoteWord(address)}`,
  };
}

async function isNamed(address: string, file: string, world: KeyWorld): Promise<boolean> {
  const origin = originOf(address);
  const own = vaultVariable(world.env, 'ADDR');
  if (own !== null && originOf(withoutPath(own.value)) === origin) return true;
  const configured = await world.configured('hc_vault', file);
  return configured.some((text) => originOf(parseVaultUri(text)?.address ?? '') === origin);
}

/** `all`, `none`, or beginnings of addresses with commas. Both sides end with a slash, so that `https://a` does not allow `https://a.b`. */
function isListed(address: string, list: string): boolean {
  if (list === 'all') return true;
  if (list === 'none') return false;
  const whole = `${originOf(address) ?? ''}/`;
  return list
    .split(',')
    .map((entry) => entry.trim())
    .some((entry) => entry !== '' && whole.startsWith(beginning(entry)));
}

function beginning(entry: string): string {
  const text = entry.endsWith('/') ? entry : `${entry}/`;
  return originOf(text) === null ? text : `${originOf(text)}/`;
}

function notListed(name: string, address: string): Failure {
  return {
    reason: 'denied',
    detail: `nothing is sent to ${address}: ${name} does not name it`,
    hint: `if you know that server: export ${name}=${quoteWord(address)}`,
  };
}

/** `VAULT_ADDR` may end with a path, for programs that know what to do with it. */
function withoutPath(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}

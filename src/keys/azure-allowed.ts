import { quoteWord } from '../shell-words.ts';
import { isOfAzure, originOf, parseAzureUrl } from './azure-url.ts';
import type { Failure, KeyWorld } from './key.ts';
import type { Origin } from './origin.ts';
import { variable } from './variable.ts';

/**
 * Why nothing may be sent to a vault; `null` where it may. A vault of Microsoft's clouds is no server of whoever wrote its name into a
 * file. For any other `SEC_AZURE_KEYVAULT_ALLOWLIST` has the last word; without that list, somebody here must have named it: on the
 * command line, or in the configuration.
 */
export async function refusalOf(vault: string, origin: Origin, world: KeyWorld): Promise<Failure | null> {
  if (isOfAzure(vault)) return null;
  const listed = variable(world.env, 'AZURE_KEYVAULT_ALLOWLIST');
  if (listed !== null) return isListed(vault, listed.value) ? null : notListed(vault, listed.name);
  if (origin.from === 'person') return null;
  const configured = await world.configured('azure_kv', origin.file);
  if (configured.some((text) => originOf(parseAzureUrl(text)?.vault ?? '') === originOf(vault))) return null;
  return {
    reason: 'denied',
    detail: `nothing is sent to ${vault}: it is in no cloud of Microsoft's, and only the file names it`,
    hint: `if you know that server: export ${list}=${quoteWord(vault)}`,
  };
}

const list = 'SEC_AZURE_KEYVAULT_ALLOWLIST';

/** Addresses with commas. `none` is no address, and so allows none. */
function isListed(vault: string, text: string): boolean {
  return text.split(',').some((entry) => originOf(entry.trim()) !== null && originOf(entry.trim()) === originOf(vault));
}

function notListed(vault: string, name: string): Failure {
  return {
    reason: 'denied',
    detail: `nothing is sent to ${vault}: it is in no cloud of Microsoft's, and ${name} does not name it`,
    hint: `if you know that server: export ${name}=${quoteWord(vault)}`,
  };
}

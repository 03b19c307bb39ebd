import { quoteWord } from '../shell-words.ts';
import { isOfAzure, originOf, parseAzureUrl } from './azure-url.ts';
import type { Failure, KeyWorld } from './key.ts';
import type { Origin } from './origin.ts';
import { variable } from './variable.ts';

/**
 * Why nothing may be sent to a vault; `null` where it may. A vault of Microsoft's clouds is no server of whoever wrote its name into a
 * file. Any other must be one that somebody here named: on the command line, in the configuration, or in `SEC_AZURE_KEYVAULT_ALLOWLIST`.
 */
export async function refusalOf(vault: string, origin: Origin, world: KeyWorld): Promise<Failure | null> {
  if (isOfAzure(vault) || origin.from === 'person' || isListed(vault, world)) return null;
  const configured = await world.configured('azure_kv', origin.file);
  if (configured.some((text) => originOf(parseAzureUrl(text)?.vault ?? '') === originOf(vault))) return null;
  return {
    reason: 'denied',
    detail: `nothing is sent to ${vault}: it is in no cloud of Microsoft's, and only the file names it`,
    hint: `if you know that server: export ${list}=${quoteWord(vault)}`,
  };
}

const list = 'SEC_AZURE_KEYVAULT_ALLOWLIST';

/** Addresses with commas. */
function isListed(vault: string, { env }: KeyWorld): boolean {
  const entries = variable(env, 'AZURE_KEYVAULT_ALLOWLIST')?.value.split(',') ?? [];
  return entries.some((entry) => originOf(entry.trim()) !== null && originOf(entry.trim()) === originOf(vault));
}

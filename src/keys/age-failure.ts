import { wantsIdentity, type AgeEntry, type AgeSearch } from './age-search.ts';
import { agePlaces } from './age-places.ts';
import type { KeyWorld, Unwrapped } from './key.ts';
import { failed } from './key.ts';

/** Kinds of stanzas that need no plugin. Some programs add one that is there only to be passed by, named so. */
const KNOWN_STANZA = /^(X25519|mlkem768x25519|scrypt|ssh-ed25519|ssh-rsa|.*-grease)$/;

/** Why none of these searches opened an entry, most useful reason first. */
export function explainFailure(entry: AgeEntry, searches: readonly AgeSearch[], world: KeyWorld): Unwrapped {
  const identities = searches.flatMap((search) => search.identities);
  const usable = identities.filter(({ kind }) => kind !== 'plugin').length + searches.flatMap(({ ssh }) => ssh).length;
  const troubles = searches.flatMap((search) => search.troubles);
  const stranger = entry.stanzas?.find(({ args }) => !KNOWN_STANZA.test(args[0] ?? ''));
  if (stranger !== undefined) return failed('unsupported', 'it needs an age plugin');
  if (troubles.length > 0) return failed('bad-key-file', troubles.map(({ detail }) => detail).join('; '), firstHint(troubles));
  if (usable > 0) return failed('wrong-key', usable === 1 ? '' : `it is for none of your ${usable} age identities`);
  if (identities.length > 0) return failed('unsupported', 'your only identity needs an age plugin');
  return wantsIdentity(entry) ? noIdentity(world) : noSshKey(world);
}

function noIdentity(world: KeyWorld): Unwrapped {
  const files = agePlaces(world).files.map(({ path }) => path);
  const variables = 'SEC_AGE_KEY, SEC_AGE_KEY_FILE, SEC_AGE_KEY_CMD (or the same with SOPS_)';
  return failed('no-key', `no age identity in ${variables} or ${files.join(' or ')}`, 'make one with: sec init');
}

function noSshKey(world: KeyWorld): Unwrapped {
  const files = agePlaces(world).sshFiles.map(({ path }) => path);
  const variables = 'SEC_AGE_SSH_PRIVATE_KEY_FILE, SEC_AGE_SSH_PRIVATE_KEY_CMD (or the same with SOPS_)';
  return failed('no-key', `no SSH key for it in ${variables} or ${files.join(' or ')}`, null);
}

function firstHint(troubles: readonly { readonly hint: string | null }[]): string | null {
  return troubles.find(({ hint }) => hint !== null)?.hint ?? null;
}

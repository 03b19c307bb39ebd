import { wantsIdentity, type AgeEntry, type AgeSearch } from './age-search.ts';
import { agePlaces } from './age-places.ts';
import type { PluginFailure } from './age-plugin.ts';
import type { KeyWorld, Unwrapped } from './key.ts';
import { failed } from './key.ts';

/** Kinds of stanzas that no plugin is asked for: it would have its owner touch a key in vain. Some programs add one that is there only to be passed by. */
const OUR_STANZA = /^(X25519|mlkem768x25519|ssh-ed25519|ssh-rsa|.*-grease)$/;

/** What became of a plugin that was asked. */
export interface PluginTrouble extends PluginFailure {
  readonly plugin: string;
}

/** Whether a plugin may open this entry. */
export function needsPlugin({ stanzas }: AgeEntry): boolean {
  return stanzas?.some(({ args }) => !OUR_STANZA.test(args[0] ?? '')) === true;
}

export interface AgeTries {
  readonly searches: readonly AgeSearch[];
  readonly plugins: readonly PluginTrouble[];
}

/** Why none of these tries opened an entry, most useful reason first. */
export function explainFailure(entry: AgeEntry, { searches, plugins }: AgeTries, world: KeyWorld): Unwrapped {
  const identities = searches.flatMap((search) => search.identities);
  const usable = identities.filter(({ kind }) => kind !== 'plugin').length + searches.flatMap(({ ssh }) => ssh).length;
  const troubles = searches.flatMap((search) => search.troubles);
  if (needsPlugin(entry)) return explainPlugins(entry, plugins);
  if (troubles.length > 0) return failed('bad-key-file', troubles.map(({ detail }) => detail).join('; '), firstHint(troubles));
  if (usable === 0 && identities.length > 0) return failed('wrong-key', 'your identities need age plugins, and it is for none');
  if (usable > 0) return failed('wrong-key', usable === 1 ? '' : `it is for none of your ${usable} age identities`);
  return wantsIdentity(entry) ? noIdentity(world) : noSshKey(world);
}

/** What went wrong tells more than what was only not there. */
function explainPlugins({ recipient }: AgeEntry, plugins: readonly PluginTrouble[]): Unwrapped {
  const [first] = plugins.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
  if (first === undefined) {
    const name = /^age1([a-z0-9+\-._]+)1[a-z0-9]+$/.exec(recipient)?.[1];
    return failed('no-key', `no identity of ${name === undefined ? 'an age plugin' : `age-plugin-${name}`} for it`);
  }
  const program = `age-plugin-${first.plugin}`;
  if (first.kind === 'missing') return failed('no-key', `${program}, which your identity needs, is not on PATH`, `install ${program}`);
  return first.kind === 'failed' ? failed('denied', `${program}: ${first.said}`) : failed('wrong-key', `${program} has no key for it`);
}

const order: readonly PluginFailure['kind'][] = ['failed', 'missing', 'empty'];

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

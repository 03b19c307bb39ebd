import type { Stanza } from './age-header.ts';
import { identitiesAtHand, identitiesOfCommands, identitiesUnderPassphrase, type LockedFile } from './age-identities.ts';
import type { AgeIdentity } from './age-identity.ts';
import type { Trouble } from './age-reading.ts';
import type { FoundSshKey, FoundSshKeys } from './age-ssh-keys.ts';
import type { KeyWorld } from './key.ts';
import { remembered } from './key.ts';
import type { SshPrivateKey } from './ssh-private.ts';
import { isForSshKey } from './ssh-public.ts';

/** One entry of a secrets file: an age file of its own, for one recipient. */
export interface AgeEntry {
  readonly recipient: string;
  readonly file: Uint8Array;
  /** `null` where the header is damaged. */
  readonly stanzas: readonly Stanza[] | null;
}

/** Keys that one way of looking gave, and what stood in the way of more. */
export interface AgeSearch {
  readonly identities: readonly AgeIdentity[];
  readonly ssh: readonly SshPrivateKey[];
  readonly troubles: readonly Trouble[];
}

/** Whether an entry may open with identities of age's own, or a plugin's. */
export function wantsIdentity({ stanzas }: AgeEntry): boolean {
  return stanzas === null || !stanzas.every(isSsh);
}

/** Whether an entry may open with an SSH key. */
export function wantsSshKey({ stanzas }: AgeEntry): boolean {
  return stanzas === null || stanzas.some(isSsh);
}

/** The keys that cost nobody anything: no passphrase, no command, or one that was given or run before in this command. */
export async function searchAtHand(entry: AgeEntry, world: KeyWorld): Promise<AgeSearch> {
  const { identities, ssh } = learned(world);
  const files = wantsIdentity(entry) ? await identitiesAtHand(world) : { identities: [], troubles: [] };
  const keys = wantsSshKey(entry) ? await sshKeysInFiles(world) : { keys: [], troubles: [] };
  const open = await openAll(
    world,
    keys.keys.filter((found) => !found.file.locked && mayFit(entry, found)),
  );
  return {
    identities: [...files.identities, ...identities],
    ssh: [...open.ssh, ...ssh],
    troubles: [...files.troubles, ...keys.troubles, ...open.troubles],
  };
}

/** What reads SSH keys is loaded for an entry that one may open, which few are. */
async function sshKeysInFiles(world: KeyWorld): Promise<FoundSshKeys> {
  const { sshKeysAtHand } = await import('./age-ssh-keys.ts');
  return sshKeysAtHand(world);
}

/** All other keys, way by way: commands first, then questions. Whoever stops asking for more is not asked for more. */
export async function* searchFurther(entry: AgeEntry, world: KeyWorld): AsyncGenerator<AgeSearch> {
  if (wantsSshKey(entry)) yield* sshKeys(entry, world);
  if (wantsIdentity(entry)) yield* identities(entry, world);
}

async function* sshKeys(entry: AgeEntry, world: KeyWorld): AsyncGenerator<AgeSearch> {
  const { sshKeysOfCommands } = await import('./age-ssh-keys.ts');
  const { keys, troubles } = await sshKeysOfCommands(world, entry.recipient);
  yield learn(
    world,
    merge([
      { ...NOTHING, troubles },
      await openAll(
        world,
        keys.filter((found) => mayFit(entry, found)),
      ),
    ]),
  );
  const locked = (await sshKeysInFiles(world)).keys.filter(({ file }) => file.locked);
  const fitting = locked.filter(({ key }) => key !== null && isForSshKey(entry.stanzas ?? [], key));
  const unknown = locked.filter(({ key }) => key === null);
  for (const found of fitting.length > 0 ? fitting : unknown) yield learn(world, await openAll(world, [found]));
}

async function* identities(entry: AgeEntry, world: KeyWorld): AsyncGenerator<AgeSearch> {
  const commands = await identitiesOfCommands(world, entry.recipient);
  yield learn(world, { ...commands, ssh: [] });
  const { locked } = await identitiesAtHand(world);
  for (const file of [...locked, ...commands.locked]) yield learn(world, await unlock(world, file));
}

async function unlock(world: KeyWorld, file: LockedFile): Promise<AgeSearch> {
  return { ...(await identitiesUnderPassphrase(world, file)), ssh: [] };
}

async function openAll(world: KeyWorld, found: readonly FoundSshKey[]): Promise<AgeSearch> {
  const searches: AgeSearch[] = [];
  for (const one of found) {
    const { openSshKey } = await import('./age-ssh-keys.ts');
    const opened = await openSshKey(world, one);
    searches.push('secret' in opened ? { ...NOTHING, ssh: [opened] } : { ...NOTHING, troubles: [opened] });
  }
  return merge(searches);
}

const NOTHING: AgeSearch = { identities: [], ssh: [], troubles: [] };

function merge(searches: readonly AgeSearch[]): AgeSearch {
  return {
    identities: searches.flatMap(({ identities: some }) => some),
    ssh: searches.flatMap(({ ssh }) => ssh),
    troubles: searches.flatMap(({ troubles }) => troubles),
  };
}

/** Keys that this command asked for already are at hand for its next entries. */
function learned(world: KeyWorld): { identities: AgeIdentity[]; ssh: SshPrivateKey[] } {
  return remembered(world, 'age: learned', () => ({ identities: [], ssh: [] }));
}

function learn(world: KeyWorld, search: AgeSearch): AgeSearch {
  const known = learned(world);
  known.identities.push(...search.identities.filter((identity) => !known.identities.includes(identity)));
  known.ssh.push(...search.ssh.filter((key) => !known.ssh.includes(key)));
  return search;
}

function mayFit({ stanzas }: AgeEntry, { key }: FoundSshKey): boolean {
  return key === null || stanzas === null || isForSshKey(stanzas, key);
}

function isSsh({ args }: Stanza): boolean {
  return args[0] === 'ssh-ed25519' || args[0] === 'ssh-rsa';
}

import { recipientOf } from './age-file.ts';
import { identitiesAtHand } from './age-identities.ts';
import type { AgeIdentity } from './age-identity.ts';
import { agePlaces } from './age-places.ts';
import { sshKeysAtHand } from './age-ssh-keys.ts';
import type { KeyWorld } from './key.ts';

/** The user's own identities by their public names, for a report. Nobody is asked: a locked one is named by its place. */
export async function identityLabels(world: KeyWorld): Promise<readonly string[]> {
  const { identities, locked } = await identitiesAtHand(world);
  const { keys } = await sshKeysAtHand(world);
  const { commands, sshCommands } = agePlaces(world);
  return [
    ...(await Promise.all(identities.map(labelOf))),
    ...locked.map(({ label }) => `${label} (locked with a passphrase)`),
    ...keys.map(({ label, key }) => (key === null ? label : `${label} (${key.type})`)),
    ...[...commands, ...sshCommands].map(({ label }) => `${label} (a command)`),
  ];
}

async function labelOf(identity: AgeIdentity): Promise<string> {
  return identity.kind === 'plugin' ? `an identity of age-plugin-${identity.plugin}` : recipientOf(identity);
}

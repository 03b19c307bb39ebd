import { type AgeOpening, binaryAgeFile, isAgeFile, isUnderPassphrase, openAgeFile } from './age-file.ts';
import { type AgeIdentity, parseIdentities } from './age-identity.ts';
import { agePlaces, type NamedFile } from './age-places.ts';
import { needsTerminal, readCommand, readKeyFile, trouble, type Trouble } from './age-reading.ts';
import { askPassphrase, inQueue } from './ask.ts';
import type { KeyWorld } from './key.ts';
import { remembered } from './key.ts';

/** Identities that were read, and what stood in the way of more. */
export interface FoundIdentities {
  readonly identities: readonly AgeIdentity[];
  readonly locked: readonly LockedFile[];
  readonly troubles: readonly Trouble[];
}

/** Identities under a passphrase. */
export interface LockedFile {
  readonly label: string;
  readonly bytes: Uint8Array;
}

const NOTHING: FoundIdentities = { identities: [], locked: [], troubles: [] };

/** What variables and files hold. It asks nobody, and reads each place once in a command. */
export function identitiesAtHand(world: KeyWorld): Promise<FoundIdentities> {
  return remembered(world, 'age: identities at hand', async () => {
    const { texts, files } = agePlaces(world);
    const fromTexts = texts.map(({ label, text }) => readPlace(world, label, Buffer.from(text), true));
    const fromFiles = await Promise.all(files.map((file) => readFile(world, file)));
    return merge([...fromTexts, ...fromFiles]);
  });
}

/** What commands print for this recipient. */
export function identitiesOfCommands(world: KeyWorld, recipient: string): Promise<FoundIdentities> {
  return remembered(world, `age: identities of commands for ${recipient}`, async () => {
    const found = agePlaces(world).commands.map(async ({ label, text }) => {
      const printed = await readCommand(world, label, text, recipient);
      return printed instanceof Uint8Array ? readPlace(world, label, printed, false) : nothingBut(printed);
    });
    return merge(await Promise.all(found));
  });
}

/** What a locked file holds; the passphrase is asked for once in a command. */
export function identitiesUnderPassphrase(world: KeyWorld, file: LockedFile): Promise<FoundIdentities> {
  return remembered(world, `age: identities under the passphrase of ${file.label}`, () => unlock(world, file));
}

function merge(found: readonly FoundIdentities[]): FoundIdentities {
  return {
    identities: found.flatMap(({ identities }) => identities),
    locked: found.flatMap(({ locked }) => locked),
    troubles: found.flatMap(({ troubles }) => troubles),
  };
}

async function readFile(world: KeyWorld, file: NamedFile): Promise<FoundIdentities> {
  const content = await readKeyFile(world, file);
  if (content === null) return NOTHING;
  return content instanceof Uint8Array ? readPlace(world, file.label, content, false) : nothingBut(content);
}

function readPlace(world: KeyWorld, label: string, bytes: Uint8Array, several: boolean): FoundIdentities {
  if (isAgeFile(bytes)) return { ...NOTHING, locked: [{ label, bytes }] };
  const { identities, warnings } = parseIdentities(Buffer.from(bytes).toString('utf8'), label, several);
  for (const warning of warnings) world.warn(warning);
  const isUseless = identities.length === 0 && warnings.length > 0;
  return { ...NOTHING, identities, troubles: isUseless ? [trouble(`${label} holds no usable identity`)] : [] };
}

/** By the agent of GnuPG where one runs, as sops does it, since it remembers; else at the terminal. */
async function unlock(world: KeyWorld, { label, bytes }: LockedFile): Promise<FoundIdentities> {
  const file = await binaryAgeFile(bytes);
  if (file === null || !isUnderPassphrase(file)) return nothingBut(trouble(`${label} is no file of identities`));
  const accept = async (passphrase: string): Promise<Opened | null> => {
    const opening = await openAgeFile(file, { passphrases: [passphrase] });
    return opening.outcome === 'no-match' ? null : opening;
  };
  const byAgent = await inQueue(world, () => unlockByAgent(world, label, file, accept));
  if (byAgent === 'refused') return nothingBut(trouble(`no passphrase was given for ${label}`));
  if (byAgent === 'absent' && world.terminal === null) return nothingBut(needsTerminal(label));
  const opened = byAgent === 'absent' ? await askPassphrase(world, label, accept) : byAgent;
  if (opened === null) return nothingBut(trouble(`the passphrase of ${label} was wrong`));
  return opened.outcome === 'opened' ? readPlace(world, label, opened.content, false) : nothingBut(trouble(`${label} is damaged`));
}

type Opened = Exclude<AgeOpening, { readonly outcome: 'no-match' }>;

async function unlockByAgent(
  world: KeyWorld,
  label: string,
  file: Uint8Array,
  accept: (passphrase: string) => Promise<Opened | null>,
): Promise<Opened | 'refused' | 'absent' | null> {
  const { agentCacheId, askAgent } = await import('./gpg-agent.ts');
  for (let attempt = 1; attempt <= attemptsOfAgent; attempt += 1) {
    const answer = await askAgent(world, agentCacheId(file), label, attempt > 1);
    if (answer.kind !== 'given') return answer.kind;
    const opened = await accept(answer.passphrase);
    if (opened !== null) return opened;
  }
  return null;
}

/** The first may be one that it remembers. */
const attemptsOfAgent = 4;

function nothingBut(reason: Trouble): FoundIdentities {
  return { ...NOTHING, troubles: [reason] };
}

import type { StoredKey } from '../core/metadata.ts';
import { explainFailure } from './age-failure.ts';
import { type AgeOpening, binaryAgeFile, openAgeFile } from './age-file.ts';
import { readAgeHeader } from './age-header.ts';
import { type AgeEntry, type AgeSearch, searchAtHand, searchFurther } from './age-search.ts';
import type { KeyWorld, Unwrapped } from './key.ts';
import { failed } from './key.ts';

/** Opens an entry with the keys that cost nobody anything. */
export async function unwrapAtHand(stored: StoredKey, recipient: string, world: KeyWorld): Promise<Uint8Array | null> {
  const entry = await readEntry(stored, recipient);
  if (entry === null) return null;
  const opening = await openAgeFile(entry.file, await searchAtHand(entry, world));
  return opening.outcome === 'opened' ? opening.content : null;
}

/** Opens an entry by all means, each only where those before did not do. */
export async function unwrapAge(stored: StoredKey, recipient: string, world: KeyWorld): Promise<Unwrapped> {
  const entry = await readEntry(stored, recipient);
  if (entry === null) return failed('malformed', 'what is stored for it is no age file');
  const searches: AgeSearch[] = [];
  for await (const search of allKeys(entry, world)) {
    searches.push(search);
    const opening = await tryKeys(entry, search, searches.length === 1);
    if (opening.outcome === 'opened') return { opened: true, dataKey: opening.content };
    if (opening.outcome === 'damaged') return failed('malformed', 'what is stored for it is damaged');
  }
  return explainFailure(entry, searches, world);
}

async function* allKeys(entry: AgeEntry, world: KeyWorld): AsyncGenerator<AgeSearch> {
  yield await searchAtHand(entry, world);
  yield* searchFurther(entry, world);
}

/** The first time even without a key, since a damaged entry shows then. */
async function tryKeys(entry: AgeEntry, search: AgeSearch, isFirst: boolean): Promise<AgeOpening> {
  const hasKeys = search.identities.length + search.ssh.length > 0;
  return hasKeys || isFirst ? openAgeFile(entry.file, search) : { outcome: 'no-match' };
}

async function readEntry(stored: StoredKey, recipient: string): Promise<AgeEntry | null> {
  const enc = stored.fields.get('enc');
  const file = typeof enc === 'string' ? await binaryAgeFile(Buffer.from(enc)) : null;
  return file === null ? null : { recipient, file, stanzas: readAgeHeader(file)?.stanzas ?? null };
}

import type { StoredKey } from '../core/metadata.ts';
import type { PluginTrouble } from './age-failure.ts';
import { type AgeOpening, binaryAgeFile, openAgeFile } from './age-file.ts';
import { readAgeHeader, type Stanza } from './age-header.ts';
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
  const troubles: PluginTrouble[] = [];
  for await (const search of allKeys(entry, world)) {
    searches.push(search);
    const opening = (await tryKeys(entry, search, searches.length === 1)) ?? (await tryPlugins(entry, search, { world, troubles }));
    if (opening?.outcome === 'opened') return { opened: true, dataKey: opening.content };
    if (opening?.outcome === 'damaged') return failed('malformed', 'what is stored for it is damaged');
  }
  const { explainFailure } = await import('./age-failure.ts');
  return explainFailure(entry, { searches, plugins: troubles }, world);
}

async function* allKeys(entry: AgeEntry, world: KeyWorld): AsyncGenerator<AgeSearch> {
  yield await searchAtHand(entry, world);
  yield* searchFurther(entry, world);
}

/** The first time even without a key, since a damaged entry shows then. `null` where no key fits. */
async function tryKeys(entry: AgeEntry, search: AgeSearch, isFirst: boolean): Promise<AgeOpening | null> {
  const hasKeys = search.identities.length + search.ssh.length > 0;
  if (!hasKeys && !isFirst) return null;
  const opening = await openAgeFile(entry.file, search);
  return opening.outcome === 'no-match' ? null : opening;
}

/** Runs a plugin for each of its identities, one after another. `null` where none opens. */
async function tryPlugins(
  entry: AgeEntry,
  search: AgeSearch,
  { world, troubles }: { readonly world: KeyWorld; readonly troubles: PluginTrouble[] },
): Promise<AgeOpening | null> {
  const identities = search.identities.filter((identity) => identity.kind === 'plugin');
  if (identities.length === 0) return null;
  const { needsPlugin } = await import('./age-failure.ts');
  if (!needsPlugin(entry)) return null;
  const { unwrapWithPlugin } = await import('./age-plugin.ts');
  const plugins = identities.map((identity) => async (stanzas: readonly Stanza[]): Promise<Uint8Array | null> => {
    const result = await unwrapWithPlugin(identity, stanzas, world);
    if (!result.done) troubles.push({ plugin: identity.plugin, ...result.failure });
    return result.done ? result.value : null;
  });
  const opening = await openAgeFile(entry.file, { plugins });
  return opening.outcome === 'no-match' ? null : opening;
}

async function readEntry(stored: StoredKey, recipient: string): Promise<AgeEntry | null> {
  const enc = stored.fields.get('enc');
  const file = typeof enc === 'string' ? await binaryAgeFile(Buffer.from(enc)) : null;
  return file === null ? null : { recipient, file, stanzas: readAgeHeader(file)?.stanzas ?? null };
}

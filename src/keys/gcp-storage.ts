import { findIdentity, type GcpIdentity } from './gcp-identity.ts';
import { loadGcp } from './gcp-package.ts';
import type { Failure, KeyWorld } from './key.ts';

/** Where Cloud Storage answers, and what shows who asks. */
export interface GcpStorage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Cloud Storage as the user; where `STORAGE_EMULATOR_HOST` names another server, that one as nobody. @throws SecError `package-missing` */
export async function connectToStorage(world: KeyWorld): Promise<GcpStorage | { readonly failure: Failure }> {
  const emulator = world.env['STORAGE_EMULATOR_HOST'] ?? '';
  if (emulator !== '') return { url: (/^https?:/.test(emulator) ? emulator : `http://${emulator}`).replace(/\/$/, ''), headers: {} };
  const found = await findIdentity(world);
  if ('failure' in found) return found;
  return { url: 'https://storage.googleapis.com', headers: { authorization: await authorization(found.identity) } };
}

const scopes = 'https://www.googleapis.com/auth/devstorage.read_write';

async function authorization(identity: GcpIdentity): Promise<string> {
  if (identity.kind === 'token') return `Bearer ${identity.token}`;
  const { auth } = await loadGcp();
  const credentials = identity.kind === 'credentials' ? { credentials: { ...identity.json } } : {};
  const headers = await new auth.GoogleAuth({ ...credentials, scopes }).getRequestHeaders();
  return headers.get('authorization') ?? '';
}

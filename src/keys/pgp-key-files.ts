import { join } from 'node:path';
import type { Key, PrivateKey } from 'openpgp';
import { remembered, type KeyWorld } from './key.ts';
import { setting } from './pgp-gpg-run.ts';
import { loadOpenpgp } from './pgp-package.ts';

/** Keys that were read, and what was wrong with the places that gave none. */
export interface KeyRing {
  readonly keys: readonly Key[];
  readonly troubles: readonly string[];
}

/**
 * The keys that the user names: `SEC_PGP_KEY` (armored text), `SEC_PGP_KEY_FILE` and `SEC_PGP_PUBLIC_KEY_FILE` (paths, armored or
 * binary, several as in PATH). `null` where none of these is set, so that nothing is loaded. What is wrong is said once.
 */
export async function namedKeys(world: KeyWorld, use: 'open' | 'wrap'): Promise<KeyRing | null> {
  const names = use === 'open' ? ['SEC_PGP_KEY', 'SEC_PGP_KEY_FILE'] : ['SEC_PGP_KEY', 'SEC_PGP_KEY_FILE', 'SEC_PGP_PUBLIC_KEY_FILE'];
  const given = names.filter((name) => setting(world, name) !== null);
  if (given.length === 0) return null;
  return joined(await Promise.all(given.map((name) => once(world, name, () => readVariable(name, world)))));
}

/**
 * The key rings of GnuPG before 2.1, which sops reads without gpg: secret keys in `secring.gpg`, or in `pubring.gpg` where that is
 * missing (`sops-format.md` §15.2). Newer key rings belong to gpg alone.
 */
export async function oldKeyrings(world: KeyWorld, use: 'open' | 'wrap'): Promise<KeyRing> {
  const home = gnupgHome(world);
  const files = ['secring.gpg', 'pubring.gpg'].map((name) => join(home, name));
  const present = await Promise.all(files.map(async (file) => ((await world.files.stat(file).catch(() => null)) === null ? [] : [file])));
  const chosen = use === 'open' ? present.flat().slice(0, 1) : present.flat();
  return joined(await Promise.all(chosen.map((file) => once(world, file, () => readFile(file, file, world)))));
}

/** Only the secret keys of a ring. */
export function secretKeys(ring: KeyRing): readonly PrivateKey[] {
  return ring.keys.filter((key) => key.isPrivate());
}

function gnupgHome(world: KeyWorld): string {
  const named = setting(world, 'GNUPGHOME');
  if (named !== null) return named;
  const roaming = world.platform === 'win32' ? setting(world, 'APPDATA') : null;
  return roaming === null ? join(world.home, '.gnupg') : join(roaming, 'gnupg');
}

function joined(rings: readonly KeyRing[]): KeyRing {
  return { keys: rings.flatMap(({ keys }) => keys), troubles: rings.flatMap(({ troubles }) => troubles) };
}

function once(world: KeyWorld, place: string, read: () => Promise<KeyRing>): Promise<KeyRing> {
  return remembered(world, `pgp: keys of ${place}`, read);
}

async function readVariable(name: string, world: KeyWorld): Promise<KeyRing> {
  const value = setting(world, name) ?? '';
  if (name === 'SEC_PGP_KEY') return readKeys(name, new TextEncoder().encode(value), world);
  const paths = value.split(world.platform === 'win32' ? ';' : ':').filter((path) => path !== '');
  return joined(await Promise.all(paths.map((path) => readFile(`${name}: ${path}`, path, world))));
}

async function readFile(place: string, path: string, world: KeyWorld): Promise<KeyRing> {
  try {
    return await readKeys(place, await world.files.read(path), world);
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string')
      return trouble(`${place} cannot be read (${error.code})`, world);
    throw error;
  }
}

function trouble(text: string, world: KeyWorld): KeyRing {
  world.warn(text);
  return { keys: [], troubles: [text] };
}

/** A text may hold several armored blocks. One that is damaged does not spoil the others. */
async function readKeys(place: string, bytes: Uint8Array, world: KeyWorld): Promise<KeyRing> {
  const text = new TextDecoder('latin1').decode(bytes);
  const blocks = text.match(/-----BEGIN PGP (PUBLIC|PRIVATE) KEY BLOCK-----[^]*?-----END PGP \1 KEY BLOCK-----/g);
  const rings = await Promise.all((blocks ?? [bytes]).map((block) => readBlock(block)));
  const keys = rings.flatMap((ring) => ring ?? []);
  return rings.includes(null)
    ? joined([{ keys, troubles: [] }, trouble(`${place} holds no OpenPGP key, or one that is damaged`, world)])
    : { keys, troubles: [] };
}

async function readBlock(block: string | Uint8Array): Promise<readonly Key[] | null> {
  const { readKeys: read } = await loadOpenpgp();
  try {
    return await (typeof block === 'string' ? read({ armoredKeys: block }) : read({ binaryKeys: block }));
  } catch {
    return null;
  }
}

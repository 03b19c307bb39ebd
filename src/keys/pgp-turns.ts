import { failed, remembered, type KeyWorld, type Unwrapped } from './key.ts';
import { gpgIdentities, unwrapWithGpg, wrapWithGpg } from './pgp-gpg.ts';
import { gpgProgram } from './pgp-gpg-run.ts';
import { namedKeys, oldKeyrings, secretKeys } from './pgp-key-files.ts';
import { unwrapWithKeys, unwrapWithKeysQuietly, wrapWithKeys, type WrapResult } from './pgp-openpgp.ts';

/**
 * What is done with OpenPGP keys. Tried in turn: the key files that the user names, which open in silence; gpg with its agent; and,
 * where gpg is missing or knows no such key, the key rings of old GnuPG that sops reads by itself.
 */

/** Locks a data key for a fingerprint, or says why not. */
export async function wrapPgp(fingerprint: string, dataKey: Uint8Array, world: KeyWorld): Promise<WrapResult> {
  const named = await namedKeys(world, 'wrap');
  const byName = named === null ? null : await wrapWithKeys(fingerprint, dataKey, named.keys, world);
  if (byName?.wrapped === true) return byName;
  const byGpg = await wrapWithGpg(fingerprint, dataKey, world);
  if (byGpg !== null && (byGpg.wrapped || byGpg.known)) return byGpg;
  const old = await oldKeyrings(world, 'wrap');
  const byRing = await wrapWithKeys(fingerprint, dataKey, old.keys, world);
  return byRing ?? byName ?? byGpg ?? notWrapped(...withoutGpg(world, 'no key file holds the public key', 'SEC_PGP_PUBLIC_KEY_FILE'));
}

function notWrapped(reason: string, hint: string | null): WrapResult {
  return { wrapped: false, known: false, reason, hint };
}

function withoutGpg(world: KeyWorld, otherwise: string, name: string): readonly [string, string] {
  const program = gpgProgram(world);
  const missing = program === 'gpg' ? 'gpg is not installed' : `there is no program ${program}`;
  return [`${missing}, and ${otherwise}`, `install gpg, or set ${name} to a file with the key`];
}

/** Opens an entry with the key files that the user names. */
export async function unwrapPgpQuietly(enc: string, world: KeyWorld): Promise<Uint8Array | null> {
  const ring = await namedKeys(world, 'open');
  return ring === null ? null : unwrapWithKeysQuietly(enc, secretKeys(ring), world);
}

/**
 * Opens an entry by all means.
 *
 * The first attempt with a recipient's key ends before the others start: by then the agent knows the passphrase, or the person has
 * said no, and nobody asks again.
 */
export async function unwrapPgp(fingerprint: string, enc: string, world: KeyWorld): Promise<Unwrapped> {
  if (enc === '') return failed('malformed', 'the entry holds no wrapped key');
  let isFirst = false;
  const first = await remembered(world, `pgp: first attempt with ${fingerprint}`, () => {
    isFirst = true;
    return unwrapSomehow(enc, world);
  });
  return isFirst || (!first.opened && first.failure.reason === 'denied') ? first : unwrapSomehow(enc, world);
}

async function unwrapSomehow(enc: string, world: KeyWorld): Promise<Unwrapped> {
  const byName = await unwrapByName(enc, world);
  if (byName?.opened === true) return byName;
  const byGpg = await unwrapWithGpg(enc, world);
  if (byGpg !== null && !lacksKey(byGpg)) return byGpg;
  const old = secretKeys(await oldKeyrings(world, 'open'));
  const byRing = old.length === 0 ? null : await unwrapWithKeys(enc, old, world);
  const telling = [byRing, byName].find((result) => result !== null && !lacksKey(result));
  return telling ?? byGpg ?? failed('no-key', ...withoutGpg(world, 'no key file holds the secret key', 'SEC_PGP_KEY_FILE'));
}

function lacksKey(result: Unwrapped): boolean {
  return !result.opened && result.failure.reason === 'no-key';
}

async function unwrapByName(enc: string, world: KeyWorld): Promise<Unwrapped | null> {
  const ring = await namedKeys(world, 'open');
  if (ring === null) return null;
  const result = await unwrapWithKeys(enc, secretKeys(ring), world);
  const [trouble] = ring.troubles;
  return trouble !== undefined && lacksKey(result) ? failed('bad-key-file', trouble) : result;
}

/** Fingerprints of the user's own keys. */
export async function pgpIdentities(world: KeyWorld): Promise<readonly string[]> {
  const named = await namedKeys(world, 'open');
  const own = named === null ? [] : secretKeys(named).map((key) => key.getFingerprint().toUpperCase());
  return [...new Set([...own, ...(await gpgIdentities(world))])];
}

import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import { failed, remembered, type KeyProvider, type KeyWorld, type MasterKey, type Unwrapped } from './key.ts';
import { gpgIdentities, unwrapWithGpg, wrapWithGpg } from './pgp-gpg.ts';
import { gpgProgram } from './pgp-gpg-run.ts';
import { namedKeys, oldKeyrings, secretKeys } from './pgp-key-files.ts';
import { unwrapWithKeys, unwrapWithKeysQuietly, wrapWithKeys, type WrapResult } from './pgp-openpgp.ts';

/**
 * OpenPGP keys (`sops-format.md` §15.2). Tried in turn: the key files that the user names, which open in silence; gpg with its
 * agent; and, where gpg is missing or knows no such key, the key rings of old GnuPG that sops reads by itself.
 */
export function pgp(): KeyProvider {
  return {
    kind: 'pgp',
    parse: (recipient) => pgpKey(parseFingerprint(recipient)),
    read: (stored, file) => pgpKey(readFingerprint(stored, file)),
    identities,
  };
}

function pgpKey(fingerprint: string): MasterKey {
  return {
    kind: 'pgp',
    label: fingerprint,
    wrap: (dataKey, createdAt, world) => wrap(fingerprint, dataKey, createdAt, world),
    unwrapQuietly,
    unwrap: (stored, world) => unwrap(fingerprint, stored, world),
  };
}

/** Whole fingerprints, long key ids, and either with `!` for exactly that subkey. Short ids and names can mean anybody's key. */
const shape = /^(?:0x)?(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{16})!?$/i;
const misshapen = 'it is no OpenPGP fingerprint, which has 40 hexadecimal digits';

function parseFingerprint(recipient: string): string {
  const fingerprint = recipient.replaceAll(' ', '');
  if (shape.test(fingerprint)) return fingerprint;
  throw new SecError({ code: 'bad-recipient', kind: 'pgp', text: recipient, reason: misshapen });
}

function readFingerprint(stored: StoredKey, file: string): string {
  const fingerprint = text(stored, 'fp').replaceAll(' ', '');
  if (fingerprint === '') throw new SecError({ code: 'bad-metadata', file, reason: 'an entry of pgp has no fp' });
  return fingerprint;
}

/** A field of an entry, trimmed; empty where it is missing. */
function text({ fields }: StoredKey, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

async function wrap(fingerprint: string, dataKey: Uint8Array, createdAt: string, world: KeyWorld): Promise<StoredKey> {
  const result = shape.test(fingerprint) ? await wrapSomehow(fingerprint, dataKey, world) : notWrapped(misshapen, null);
  if (!result.wrapped) throw new SecError({ code: 'wrap-failed', label: fingerprint, reason: result.reason, hint: result.hint });
  const fields = new Map([
    ['created_at', createdAt],
    ['enc', result.enc],
    ['fp', fingerprint],
  ]);
  return { kind: 'pgp', fields };
}

async function wrapSomehow(fingerprint: string, dataKey: Uint8Array, world: KeyWorld): Promise<WrapResult> {
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

async function unwrapQuietly(stored: StoredKey, world: KeyWorld): Promise<Uint8Array | null> {
  const ring = await namedKeys(world, 'open');
  return ring === null ? null : unwrapWithKeysQuietly(text(stored, 'enc'), secretKeys(ring), world);
}

/**
 * The first attempt with a recipient's key ends before the others start: by then the agent knows the passphrase, or the person has
 * said no, and nobody asks again.
 */
async function unwrap(fingerprint: string, stored: StoredKey, world: KeyWorld): Promise<Unwrapped> {
  const enc = text(stored, 'enc');
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

async function identities(world: KeyWorld): Promise<readonly string[]> {
  const named = await namedKeys(world, 'open');
  const own = named === null ? [] : secretKeys(named).map((key) => key.getFingerprint().toUpperCase());
  return [...new Set([...own, ...(await gpgIdentities(world))])];
}

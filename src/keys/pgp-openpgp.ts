import type { Key, PrivateKey } from 'openpgp';
import { failed, type KeyWorld, type Unwrapped } from './key.ts';
import { loadOpenpgp } from './pgp-package.ts';
import { unlock, unlockQuietly } from './pgp-passphrase.ts';

/** The armored message, or why there is none. `known`: the recipient's key was there, and cannot be used. */
export type WrapResult =
  | { readonly wrapped: true; readonly enc: string }
  | { readonly wrapped: false; readonly known: boolean; readonly reason: string; readonly hint: string | null };

/**
 * Wraps with the recipient's key among these: `null` where it is not one of them. The message is PKESK v3 and SEIPD v1, which
 * every reader knows (`sops-format.md` §15.2).
 */
export async function wrapWithKeys(
  fingerprint: string,
  dataKey: Uint8Array,
  keys: readonly Key[],
  world: KeyWorld,
): Promise<WrapResult | null> {
  const pinned = fingerprint.endsWith('!');
  const wanted = fingerprint.replace(/^0x|!$/gi, '').toLowerCase();
  const matching = keys.filter((key) => key.getKeys().some((part) => part.getFingerprint().endsWith(wanted)));
  let refused: WrapResult | null = null;
  for (const key of matching) {
    const ids = pinned ? key.getKeys().filter((part) => part.getFingerprint().endsWith(wanted)) : [];
    const result = await encryptTo(
      key,
      ids.map((part) => part.getKeyID()),
      dataKey,
      world.now(),
    );
    if (result.wrapped) return result;
    refused ??= result;
  }
  return refused;
}

type KeyIDs = ReturnType<Key['getKeyIDs']>;

async function encryptTo(key: Key, encryptionKeyIDs: KeyIDs, dataKey: Uint8Array, date: Date): Promise<WrapResult> {
  const openpgp = await loadOpenpgp();
  // DSA keys with ElGamal subkeys are old, not broken. gpg takes them too.
  const config = { ...openpgp.config, rejectPublicKeyAlgorithms: new Set<never>(), allowMissingKeyFlags: true };
  try {
    await key.getEncryptionKey(encryptionKeyIDs[0], date, undefined, config);
  } catch (error) {
    return { wrapped: false, known: true, ...(await whyUnusable(key, error, { date, pinned: encryptionKeyIDs[0] ?? null })) };
  }
  // A key may ask for SEIPD v2, which gpg 2.2 cannot read. Without `aeadAlgorithm` the message is of the older kind.
  const { data, algorithm } = await openpgp.generateSessionKey({ encryptionKeys: key, date, config });
  const message = await openpgp.createMessage({ binary: dataKey, date });
  const sessionKey = { data, algorithm };
  const enc: unknown = await openpgp.encrypt({ message, encryptionKeys: key, encryptionKeyIDs, sessionKey, date, config });
  if (typeof enc !== 'string') throw new TypeError('openpgp gave a stream for bytes');
  return { wrapped: true, enc: enc.trim() };
}

interface Use {
  readonly date: Date;
  /** The subkey that has to be used; `null` where any will do. */
  readonly pinned: KeyIDs[number] | null;
}

async function whyUnusable(
  key: Key,
  error: unknown,
  { date, pinned }: Use,
): Promise<{ readonly reason: string; readonly hint: string | null }> {
  const renewed = 'get its newer form from its owner';
  if (await key.isRevoked(undefined, undefined, date)) {
    return { reason: 'the key was revoked', hint: 'ask its owner for the new key, and put that in its place' };
  }
  const expires = await key.getExpirationTime();
  if (expires instanceof Date && expires <= date)
    return { reason: `the key expired on ${expires.toISOString().slice(0, 10)}`, hint: renewed };
  const subkey = pinned === null ? undefined : key.getSubkeys(pinned)[0];
  if (subkey !== undefined && subkey.revocationSignatures.length > 0) return { reason: 'the pinned subkey was revoked', hint: renewed };
  const ends = await subkey?.getExpirationTime(date);
  if (ends instanceof Date && ends <= date)
    return { reason: `the pinned subkey expired on ${ends.toISOString().slice(0, 10)}`, hint: renewed };
  const isWeak = error instanceof Error && error.message.includes('too weak');
  return isWeak
    ? { reason: 'the key is too short to be safe', hint: 'use gpg, or a newer key' }
    : { reason: 'it has no encryption subkey that is valid now', hint: renewed };
}

/** Opens with one of these secret keys, asking for its passphrase where it has one. */
export async function unwrapWithKeys(enc: string, keys: readonly PrivateKey[], world: KeyWorld): Promise<Unwrapped> {
  const ids = await recipients(enc);
  if (ids === null) return failed('malformed', 'the wrapped key is no OpenPGP message');
  let result = failed('no-key', 'none of the OpenPGP keys in files fits');
  for (const key of keys.filter((candidate) => isFor(ids, candidate))) {
    const unlocked = isOpen(ids, key) ? { open: true as const, key } : await unlock(key, world);
    result = unlocked.open ? await decryptWith(unlocked.key, enc) : unlocked.failure;
    if (result.opened) return result;
  }
  return result;
}

/** The same without a question. */
export async function unwrapWithKeysQuietly(enc: string, keys: readonly PrivateKey[], world: KeyWorld): Promise<Uint8Array | null> {
  const ids = (await recipients(enc)) ?? [];
  for (const key of keys.filter((candidate) => isFor(ids, candidate))) {
    const unlocked = isOpen(ids, key) ? key : await unlockQuietly(key, world);
    const result = unlocked === null ? null : await decryptWith(unlocked, enc);
    if (result?.opened === true) return result.dataKey;
  }
  return null;
}

/** A message may hide whom it is for: then its id is zero, which openpgp finds equal to every id. */
function isFor(ids: KeyIDs, key: PrivateKey): boolean {
  return ids.some((id) => key.getKeys(id).length > 0);
}

function isOpen(ids: KeyIDs, key: PrivateKey): boolean {
  return ids.some((id) => key.getKeys(id).some((part) => part.isDecrypted()));
}

/** Whom a message is for; `null` where it is no message to keys. */
async function recipients(enc: string): Promise<KeyIDs | null> {
  const { readMessage } = await loadOpenpgp();
  try {
    const message = await readMessage({ armoredMessage: enc });
    const ids = message.getEncryptionKeyIDs();
    return ids.length === 0 ? null : ids;
  } catch {
    return null;
  }
}

async function decryptWith(key: PrivateKey, enc: string): Promise<Unwrapped> {
  const openpgp = await loadOpenpgp();
  // It is the reader's own key: what is out of fashion about it is no reason to leave the file shut.
  const config = { allowMissingKeyFlags: true, rejectHashAlgorithms: new Set<never>(), maxDecompressedMessageSize: 4096 };
  try {
    const message = await openpgp.readMessage({ armoredMessage: enc, config });
    const decrypted: { readonly data: unknown } = await openpgp.decrypt({ message, decryptionKeys: key, format: 'binary', config });
    const { data } = decrypted;
    if (data instanceof Uint8Array && data.length > 0) return { opened: true, dataKey: data };
    return failed('malformed', 'there is nothing in the wrapped key');
  } catch {
    return failed('malformed', 'the wrapped key is damaged, or of a kind that openpgp cannot read');
  }
}

/** The bytes of a message without encryption, exactly as they were put in; `null` where they cannot be had. */
export async function literalBytes(message: Uint8Array): Promise<Uint8Array | null> {
  try {
    const { readMessage } = await loadOpenpgp();
    const data: unknown = (await readMessage({ binaryMessage: message })).getLiteralData();
    return data instanceof Uint8Array ? data : null;
  } catch {
    return null;
  }
}

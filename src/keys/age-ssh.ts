import { constants, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, privateDecrypt, publicEncrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { decodeUnpadded, encodeUnpadded, type Stanza } from './age-header.ts';
import { openBox, sealBox } from './chacha.ts';
import type { SshPrivateKey } from './ssh-private.ts';
import { isForSshKey, readSshFields, type SshPublicKey, sshTag } from './ssh-public.ts';

/** age's stanzas for SSH keys, which the age library leaves to others. */

const ED25519_LABEL = 'age-encryption.org/v1/ssh-ed25519';
const RSA_LABEL = Buffer.from('age-encryption.org/v1/ssh-rsa');
const FILE_KEY_LENGTH = 16;
const TAG_LENGTH = 16;
const ZERO_NONCE = new Uint8Array(12);

/** Wraps a file key for an SSH key. */
export function wrapForSsh(key: SshPublicKey, fileKey: Uint8Array): Promise<Stanza> {
  return key.type === 'ssh-rsa' ? Promise.resolve(wrapForRsa(key, fileKey)) : wrapForEd25519(key, fileKey);
}

/**
 * Unwraps the file key from the stanza that is for this key; `null` where none is.
 * @throws Error where it is, and is not as it should be
 */
export async function unwrapWithSsh(own: SshPrivateKey, stanzas: readonly Stanza[]): Promise<Uint8Array | null> {
  for (const stanza of stanzas) {
    if (!isForSshKey([stanza], own.key)) continue;
    const fileKey = own.key.type === 'ssh-rsa' ? unwrapWithRsa(own, stanza) : await unwrapWithEd25519(own, stanza);
    if (fileKey?.length !== FILE_KEY_LENGTH) throw new Error(`invalid ${own.key.type} stanza`);
    return fileKey;
  }
  return null;
}

function wrapForRsa(key: SshPublicKey, fileKey: Uint8Array): Stanza {
  const [, e, n] = readSshFields(key.blob) ?? [];
  const jwk = { kty: 'RSA', e: base64url(unsigned(e)), n: base64url(unsigned(n)) };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  return { args: [key.type, sshTag(key)], body: publicEncrypt({ key: publicKey, ...oaep() }, fileKey) };
}

function unwrapWithRsa(own: SshPrivateKey, { args, body }: Stanza): Uint8Array | null {
  return args.length === 2 ? privateDecrypt({ key: own.secret, ...oaep() }, body) : null;
}

function oaep(): { padding: number; oaepHash: string; oaepLabel: Buffer } {
  return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel: RSA_LABEL };
}

async function wrapForEd25519(key: SshPublicKey, fileKey: Uint8Array): Promise<Stanza> {
  const theirs = await montgomery(key);
  const ephemeral = generateKeyPairSync('x25519');
  const share = rawShare(ephemeral.publicKey);
  const wrapKey = await wrapKeyFor(key, theirs, share, diffieHellman({ privateKey: ephemeral.privateKey, publicKey: shareKey(theirs) }));
  return { args: [key.type, sshTag(key), encodeUnpadded(share)], body: await sealBox(wrapKey, ZERO_NONCE, fileKey) };
}

async function unwrapWithEd25519(own: SshPrivateKey, { args, body }: Stanza): Promise<Uint8Array | null> {
  const share = decodeUnpadded(args[2] ?? '');
  if (args.length !== 3 || share?.length !== 32 || body.length !== FILE_KEY_LENGTH + TAG_LENGTH) return null;
  const { ed25519, x25519 } = await import('@noble/curves/ed25519.js');
  const seed = Buffer.from(own.secret.export({ format: 'jwk' }).d ?? '', 'base64url');
  const shared = x25519.getSharedSecret(ed25519.utils.toMontgomerySecret(seed), share);
  return openBox(await wrapKeyFor(own.key, await montgomery(own.key), share, shared), ZERO_NONCE, body);
}

/** Both sides: the shared secret once more multiplied, by a number that only this SSH key gives, and then hashed. */
async function wrapKeyFor(key: SshPublicKey, theirs: Uint8Array, share: Uint8Array, shared: Uint8Array): Promise<Uint8Array> {
  const { x25519 } = await import('@noble/curves/ed25519.js');
  const tweak = new Uint8Array(hkdfSync('sha256', '', key.blob, ED25519_LABEL, 32));
  const tweaked = x25519.getSharedSecret(tweak, shared);
  return new Uint8Array(hkdfSync('sha256', tweaked, Buffer.concat([share, theirs]), ED25519_LABEL, 32));
}

/** The signing key as a key for agreement. */
async function montgomery(key: SshPublicKey): Promise<Uint8Array> {
  const { ed25519 } = await import('@noble/curves/ed25519.js');
  return ed25519.utils.toMontgomery(readSshFields(key.blob)?.[1] ?? new Uint8Array());
}

function shareKey(share: Uint8Array): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: base64url(share) }, format: 'jwk' });
}

function rawShare(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

/** JWK wants no zero before a number. */
function unsigned(number: Uint8Array | undefined): Uint8Array {
  return number?.[0] === 0 ? number.subarray(1) : (number ?? new Uint8Array());
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

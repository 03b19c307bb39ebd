import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { PrivateKey } from 'sshpk';
import { encodeSshFields, readSshBlob, type SshPublicKey } from './ssh-public.ts';

/** Both halves of an SSH key. */
export interface SshPrivateKey {
  readonly key: SshPublicKey;
  readonly secret: KeyObject;
}

/** A private key file, before anyone is asked for its passphrase. */
export interface SshKeyFile {
  readonly locked: boolean;
  /** `null` where the file does not tell without its passphrase: then a file beside it, `<name>.pub`, may. */
  readonly key: SshPublicKey | null;
  /**
   * @param passphrase for a locked one
   * @returns `null` where the passphrase is wrong
   * @throws SshKeyError where the key is damaged, or none that age can use
   */
  open(passphrase: string | null): Promise<SshPrivateKey | null>;
}

/** Why a file is no key for age. The message goes on after the name of the file, and shows nothing of its content. */
export class SshKeyError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = 'SshKeyError';
    this.hint = hint;
  }
}

const OPENSSH_MAGIC = 'openssh-key-v1\0';
/** What sshpk cannot decrypt; ssh-keygen never chooses them by itself. */
const CIPHER_HINT = 'change that with: ssh-keygen -p -Z aes256-ctr -f <file>';
const UNREADABLE_CIPHERS = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com'];

/**
 * Looks at a private key in any form that ssh-keygen or openssl writes.
 * @throws SshKeyError where it is none, or none that age can use
 */
export function inspectSshKey(text: string): SshKeyFile {
  const match = /-----BEGIN (OPENSSH |RSA |ENCRYPTED |)PRIVATE KEY-----\r?\n([\s\S]*?)-----END/.exec(text);
  if (match === null) throw new SshKeyError('is no SSH private key that age can use');
  const [, kind, body] = match;
  return kind === 'OPENSSH ' ? inspectOpenSsh(text, body ?? '') : inspectPem(text);
}

/** OpenSSH's own form tells its public half in the clear. */
function inspectOpenSsh(text: string, body: string): SshKeyFile {
  const bytes = Buffer.from(body, 'base64');
  if (bytes.subarray(0, OPENSSH_MAGIC.length).toString('latin1') !== OPENSSH_MAGIC) throw new SshKeyError('is damaged');
  const [cipher, , , rest] = splitOpenSsh(bytes.subarray(OPENSSH_MAGIC.length));
  const cipherName = Buffer.from(cipher).toString('latin1');
  const key = readSshBlob(rest);
  if (typeof key === 'string') throw new SshKeyError(`cannot be used: ${key}`);
  const locked = cipherName !== 'none';
  return { locked, key, open: (passphrase) => openOpenSsh(text, cipherName, passphrase) };
}

/** The cipher, how the passphrase becomes its key, what for, and (behind their number, which is one) the public key. */
function splitOpenSsh(bytes: Uint8Array): readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const next = (): Uint8Array => {
    if (at + 4 > bytes.length) throw new SshKeyError('is damaged');
    const start = at + 4;
    at = start + view.getUint32(at);
    if (at > bytes.length) throw new SshKeyError('is damaged');
    return bytes.subarray(start, at);
  };
  const head = [next(), next(), next()] as const;
  at += 4;
  return [...head, next()];
}

async function openOpenSsh(text: string, cipher: string, passphrase: string | null): Promise<SshPrivateKey | null> {
  if (UNREADABLE_CIPHERS.includes(cipher)) throw new SshKeyError(`is encrypted with ${cipher}`, CIPHER_HINT);
  // A package that is no ES module shows Node's own import() only its default.
  const { default: sshpk } = await import('sshpk');
  try {
    return pairOf(keyObject(sshpk.parsePrivateKey(text, 'ssh', passphrase === null ? {} : { passphrase })));
  } catch (error) {
    if (error instanceof Error && error.message.includes('Incorrect passphrase')) return null;
    throw damaged(error);
  }
}

/** Node does not take the PKCS #8 that sshpk makes of ed25519. */
function keyObject(parsed: PrivateKey): KeyObject {
  if (parsed.type !== 'ed25519') return createPrivateKey({ key: Buffer.from(parsed.toBuffer('pkcs8')), format: 'pem' });
  const number = (name: string): string => Buffer.from(parsed.part[name]?.data ?? []).toString('base64url');
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d: number('k'), x: number('A') }, format: 'jwk' });
}

/** By Node itself: sshpk throws in a callback, out of everyone's reach, where the passphrase of such a key is wrong. */
function inspectPem(text: string): SshKeyFile {
  const locked = /^-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(text);
  if (locked) return { locked, key: null, open: (passphrase) => openPem(text, passphrase) };
  const pair = pairOf(createPemKey(text));
  return { locked, key: pair.key, open: () => Promise.resolve(pair) };
}

function createPemKey(text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw damaged(error);
  }
}

async function openPem(text: string, passphrase: string | null): Promise<SshPrivateKey | null> {
  try {
    return pairOf(createPrivateKey({ key: text, passphrase: passphrase ?? '' }));
  } catch (error) {
    if (error instanceof SshKeyError) throw error;
    return null;
  }
}

/** Without the error of the parser as its cause, which may show some of the key. */
function damaged(error: unknown): SshKeyError {
  return error instanceof SshKeyError ? error : new SshKeyError('is damaged');
}

function pairOf(secret: KeyObject): SshPrivateKey {
  const key = readSshBlob(blobOf(secret));
  if (typeof key === 'string') throw new SshKeyError(`cannot be used: ${key}`);
  return { key, secret };
}

function blobOf(secret: KeyObject): Uint8Array {
  const { kty, crv, x, e, n } = secret.export({ format: 'jwk' });
  if (kty === 'OKP' && crv === 'Ed25519') return encodeSshFields([Buffer.from('ssh-ed25519'), Buffer.from(x ?? '', 'base64url')]);
  if (kty === 'RSA') return encodeSshFields([Buffer.from('ssh-rsa'), positive(e ?? ''), positive(n ?? '')]);
  throw new SshKeyError('cannot be used: age takes ssh-ed25519 and ssh-rsa keys only');
}

/** A number as SSH writes it: a zero before a first byte whose high bit would make it negative. */
function positive(base64url: string): Uint8Array {
  const bytes = Buffer.from(base64url, 'base64url');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes;
}

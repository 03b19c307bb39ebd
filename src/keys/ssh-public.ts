import { createHash } from 'node:crypto';
import { encodeUnpadded, type Stanza } from './age-header.ts';

/** The public half of an SSH key, of the two kinds that age uses. */
export interface SshPublicKey {
  readonly type: 'ssh-ed25519' | 'ssh-rsa';
  /** The key as SSH sends it (RFC 4253 §6.6): what age hashes into its tag. */
  readonly blob: Uint8Array;
}

const ED25519_LENGTH = 32;
const SMALLEST_RSA = 2048;

/** Reads a line of an `authorized_keys` file, without options. Gives the reason where age has no use for it. */
export function parseSshPublicKey(line: string): SshPublicKey | string {
  const [type, text] = line.trim().split(/\s+/);
  if (type !== 'ssh-ed25519' && type !== 'ssh-rsa') return 'age takes ssh-ed25519 and ssh-rsa keys only';
  const blob = Buffer.from(text ?? '', 'base64');
  if (text === undefined || blob.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) return 'the key is not base64';
  const key = readSshBlob(blob);
  if (typeof key !== 'string' && key.type !== type) return `the key itself is of another kind, ${key.type}`;
  return key;
}

/** Reads the key as SSH sends it. */
export function readSshBlob(blob: Uint8Array): SshPublicKey | string {
  const fields = readSshFields(blob);
  if (fields === null) return 'the key is cut short or damaged';
  const [name, ...numbers] = fields;
  const type = Buffer.from(name ?? []).toString('latin1');
  if (type === 'ssh-ed25519') {
    return numbers.length === 1 && numbers[0]?.length === ED25519_LENGTH ? { type, blob } : 'the key is cut short or damaged';
  }
  if (type !== 'ssh-rsa') return 'age takes ssh-ed25519 and ssh-rsa keys only';
  if (numbers.length !== 2) return 'the key is cut short or damaged';
  return bitLength(numbers[1] ?? new Uint8Array()) < SMALLEST_RSA ? `the RSA key has less than ${SMALLEST_RSA} bits` : { type, blob };
}

/** The length-prefixed fields that SSH makes everything of; `null` where they do not fill the bytes exactly. */
export function readSshFields(bytes: Uint8Array): readonly Uint8Array[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) return null;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/** The way back. */
export function encodeSshFields(fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      return [length, field];
    }),
  );
}

/** How a stanza names the key that it is for. */
export function sshTag(key: SshPublicKey): string {
  return encodeUnpadded(createHash('sha256').update(key.blob).digest().subarray(0, 4));
}

function bitLength(number: Uint8Array): number {
  const digits = Buffer.from(number).toString('hex').replace(/^0+/, '');
  return digits === '' ? 0 : BigInt(`0x${digits}`).toString(2).length;
}

/** Whether one of these stanzas says that it is for this key. */
export function isForSshKey(stanzas: readonly Stanza[], key: SshPublicKey): boolean {
  return stanzas.some(({ args }) => args[0] === key.type && args[1] === sshTag(key));
}

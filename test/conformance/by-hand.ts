import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

import { Decrypter } from 'age-encryption';

import { alice } from '../helpers/sec.ts';

/**
 * The format by hand: sealed values made and taken apart with nothing but AES-GCM, SHA-512 and age, so that a case asks no program
 * about itself. `sops-format.md` §§11–13.
 */

/** The data key of the vectors (§20.1). */
export const dataKey = Buffer.from(Array.from({ length: 32 }, (_, at) => at));

/** That data key for Alice, by age 1.1.1. */
const wrapped = `-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBHY1pJUTNYTkMyQ2dROXo2
M2xZRGxqeSsyRHYzZE1LbGdoN21SQmFiNDBZCk5hTmdTT2RlQklsVmYwSGVhcVhX
WlE4cU1BeVpRRkdJODYzQWtSY3JDRGsKLS0tIC9LWTJRYjY4TnFEN053UUdoZHlw
dW1Ib0dqVDlrSzZmOGFhQ1BRclJLMU0KfesaQI9WTpQEYeNXdZposkVEntddr/SE
jedbUEywERVkAMi+iqr87Anrny4xFSaMZNLMNn8LuFITBEJvHucUlw==
-----END AGE ENCRYPTED FILE-----
`;

/** The moment of every file that is made here. */
export const moment = '2026-01-02T03:04:05Z';

/** An `ENC[…]`. The nonce has 32 bytes where a case says nothing else. */
export function seal(text: string | Uint8Array, type: string, aad: string, ivBytes = 32): string {
  const iv = createHash('sha256')
    .update(`${aad} ${type} ${Buffer.from(text).toString('hex')}`)
    .digest()
    .subarray(0, ivBytes);
  const cipher = createCipheriv('aes-256-gcm', dataKey, iv).setAAD(Buffer.from(aad));
  const data = Buffer.concat([cipher.update(text), cipher.final()]);
  const [data64, iv64, tag64] = [data, iv, cipher.getAuthTag()].map((bytes) => bytes.toString('base64'));
  return `ENC[AES256_GCM,data:${data64},iv:${iv64},tag:${tag64},type:${type}]`;
}

/** The MAC over these texts, as it is stored. */
export function mac(texts: readonly string[], lastModified = moment): string {
  return seal(hash(texts), 'str', lastModified);
}

/** The MAC over these texts, in the clear. */
export function hash(texts: readonly (string | Uint8Array)[]): string {
  const sha = createHash('sha512');
  for (const text of texts) sha.update(text);
  return sha.digest('hex').toUpperCase();
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Fields = Readonly<Record<string, Json>>;

/** The `sops` block of a file with the values of these texts, for Alice. A field that is `undefined` is left out. */
export function block(texts: readonly string[], change: Readonly<Record<string, Json | undefined>> = {}): Fields {
  const fields = {
    age: [{ enc: wrapped, recipient: alice.recipient }],
    lastmodified: moment,
    mac: mac(texts),
    unencrypted_suffix: '_unencrypted',
    version: '3.13.3',
    ...change,
  };
  return Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

/** A sealed JSON file, which is YAML, too. */
export function jsonFile(data: Fields, sops: Json): string {
  return `${JSON.stringify({ ...data, sops }, null, '\t')}\n`;
}

/** `{"a": "x"}`, sealed, with another block. */
export function smallFile(change: Readonly<Record<string, Json | undefined>> = {}): string {
  return jsonFile({ a: seal('x', 'str', 'a:') }, block(['x'], change));
}

/** What is in a sealed file, in the place of each value: type, path under which it authenticates, text. */
export async function lookInto(sealed: string, aads: readonly string[], dataKeyGiven?: Uint8Array): Promise<string> {
  const key = dataKeyGiven ?? (await dataKeyOf(sealed));
  return shapeOf(sealed, (type, enc) => {
    const found = aads.map((aad) => ({ aad, text: open(key, enc, aad) })).find(({ text }) => text !== null);
    return found === undefined ? `<${type} ?>` : `<${type} ${found.aad} ${JSON.stringify(found.text)}>`;
  });
}

/** A sealed file without its block, and with only the types of its values. */
export function shapeOf(sealed: string, show = (type: string, _enc: string): string => `<${type}>`): string {
  return withoutBlock(sealed).replaceAll(/ENC\[[^\]]*,type:(\w+)\]/g, (enc, type: string) => show(type, enc));
}

function withoutBlock(sealed: string): string {
  return sealed
    .replaceAll(/^sops:\n(?:[ \n].*\n?|\n)*/gm, '')
    .replace(/,?(\s*)"sops": ?\{[^]*\}(\s*)\}/, '$2}')
    .replaceAll(/^sops_.*\n/gm, '')
    .replace(/\n*^\[sops\]\n[^]*/m, '\n');
}

/** The MAC of a sealed file, in the clear. */
export async function macOf(sealed: string): Promise<string | null> {
  const enc = /\bmac"?\s*[:=]\s*"?(ENC\[[^\]]*\])/.exec(sealed)?.[1] ?? '';
  return open(await dataKeyOf(sealed), enc, fieldOf(sealed, 'lastmodified'));
}

/** A field of the block that is a plain text. */
export function fieldOf(sealed: string, name: string): string {
  return new RegExp(`\\b${name}"?\\s*[:=]\\s*"?([^"\\n,]*)`).exec(sealed)?.[1]?.trim() ?? '';
}

/** The data key of a file for Alice, or her share of it. */
export async function dataKeyOf(sealed: string, identity: string = alice.identity): Promise<Buffer> {
  const texts = [...sealed.matchAll(/-----BEGIN AGE ENCRYPTED FILE-----([^]*?)-----END/g)].map(([, text = '']) => text);
  for (const text of texts) {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const key = await decrypter.decrypt(Buffer.from(text.replaceAll(/\\n|\s/g, ''), 'base64')).catch(() => null);
    if (key !== null) return Buffer.from(key);
  }
  throw new Error('none of the keys is for this identity');
}

function open(key: Uint8Array, enc: string, aad: string): string | null {
  const [, data = '', iv = '', tag = ''] = /data:([^,]*),iv:([^,]*),tag:([^,]*),/.exec(enc) ?? [];
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64')).setAAD(Buffer.from(aad));
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString();
  } catch {
    return null;
  }
}

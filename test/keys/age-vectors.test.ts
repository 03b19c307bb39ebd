import { createDecipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { age } from '../../src/keys/age.ts';
import { keyWorld } from '../helpers/key-world.ts';

interface Vector {
  readonly what: string;
  readonly key: string;
  readonly recipient: string;
  readonly enc: string;
  readonly value: { readonly enc: string; readonly aad: string; readonly plaintext: string };
}

const folder = new URL('../vectors/age/', import.meta.url);
const vectors = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vector);

/** The value that the data key opens, by the cipher of the specification (`sops-format.md` §11). */
function openValue(dataKey: Uint8Array, { enc, aad }: Vector['value']): string {
  const [, data = '', iv = '', tag = ''] = /data:(.+),iv:(.+),tag:(.+),type:str\]/.exec(enc) ?? [];
  const decipher = createDecipheriv('aes-256-gcm', dataKey, Buffer.from(iv, 'base64'));
  decipher.setAAD(Buffer.from(aad)).setAuthTag(Buffer.from(tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString();
}

test.each(vectors)('opens what sops locked for $what', async (vector) => {
  const stored = { kind: 'age', fields: new Map(Object.entries({ enc: vector.enc, recipient: vector.recipient })) };
  const variable = vector.recipient.startsWith('ssh-') ? 'SOPS_AGE_SSH_PRIVATE_KEY_FILE' : 'SOPS_AGE_KEY_FILE';
  const world = keyWorld({ env: { [variable]: new URL(vector.key, folder).pathname } });
  const key = age().read(stored, 'a.yaml');
  const unwrapped = await key.unwrap(stored, world);

  expect(unwrapped.opened && openValue(unwrapped.dataKey, vector.value)).toBe(vector.value.plaintext);
  expect(await key.unwrapQuietly?.(stored, world)).toEqual(unwrapped.opened && unwrapped.dataKey);
  expect(world.warnings).toEqual([]);
});

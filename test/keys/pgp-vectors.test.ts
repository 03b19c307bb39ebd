import { createDecipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pgp } from '../../src/keys/pgp.ts';
import { gpgHome, type GpgHome } from '../helpers/gpg-home.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { need } from '../helpers/need.ts';

interface Vector {
  readonly what: string;
  readonly key: string;
  readonly fp: string;
  readonly enc: string;
  readonly value: { readonly enc: string; readonly aad: string; readonly plaintext: string };
}

const folder = new URL('../vectors/pgp/', import.meta.url);
const vectors = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vector);

function storedKey({ fp, enc }: Vector) {
  return {
    kind: 'pgp',
    fields: new Map([
      ['created_at', '2024-01-02T03:04:05Z'],
      ['enc', enc],
      ['fp', fp],
    ]),
  };
}

/** The value that the data key opens, by the cipher of the specification (`sops-format.md` §11). */
function openValue(dataKey: Uint8Array, { enc, aad }: Vector['value']): string {
  const [, data = '', iv = '', tag = ''] = /data:(.+),iv:(.+),tag:(.+),type:str\]/.exec(enc) ?? [];
  const decipher = createDecipheriv('aes-256-gcm', dataKey, Buffer.from(iv, 'base64'));
  decipher.setAAD(Buffer.from(aad)).setAuthTag(Buffer.from(tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString();
}

describe.skipIf(!need('gpg'))('gpg opens what sops wrapped', () => {
  let home: GpgHome;
  beforeAll(() => {
    home = gpgHome();
    for (const key of new Set(vectors.map((vector) => vector.key))) home.gpg(['--import', new URL(key, folder).pathname]);
  });
  afterAll(() => home.remove());

  test.each(vectors)('$what', async (vector) => {
    const stored = storedKey(vector);
    const unwrapped = await pgp()
      .read(stored, 'a.yaml')
      .unwrap(stored, keyWorld({ env: { GNUPGHOME: home.path } }));

    expect(unwrapped.opened && openValue(unwrapped.dataKey, vector.value)).toBe(vector.value.plaintext);
  });
});

describe('a key file opens what sops wrapped, without gpg and without a question', () => {
  test.each(vectors)('$what', async (vector) => {
    const stored = storedKey(vector);
    const env = { SEC_PGP_KEY_FILE: new URL(vector.key, folder).pathname, SEC_GPG_EXEC: '/nonexistent/gpg' };
    const dataKey = await pgp().read(stored, 'a.yaml').unwrapQuietly?.(stored, keyWorld({ env }));

    expect(openValue(dataKey ?? new Uint8Array(32), vector.value)).toBe(vector.value.plaintext);
  });
});

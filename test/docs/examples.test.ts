import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sec, type FileTexts, type SecResult } from '../helpers/sec.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = 'docs/examples';
const names = readdirSync(join(root, folder)).filter((name) => name !== 'key.txt' && name !== 'README.md');

/** The repository as far as the examples go. */
const files: FileTexts = Object.fromEntries(
  ['.secretsrc.yaml', `${folder}/key.txt`, ...names.map((name) => `${folder}/${name}`)].map((path) => [
    path,
    readFileSync(join(root, path), 'utf8'),
  ]),
);

const env = { SEC_AGE_KEY_FILE: `${folder}/key.txt` };

function withKey(args: readonly string[], input = ''): Promise<SecResult> {
  return sec(args, files, { env, input });
}

describe('the examples', () => {
  test('are there in each format', () => {
    expect(names).toEqual(['app.env', 'app.ini', 'app.json', 'app.yaml', 'kubernetes.yaml']);
  });

  test('are for a key that says it is public', () => {
    expect(String(files[`${folder}/key.txt`]).split('\n')[0]).toBe(
      '# This key is public, and protects nothing: it is here so that anybody can open the examples beside it.',
    );
  });

  test('give their values to a program, by the configuration', async () => {
    expect(await withKey(['exec', '--', 'printenv', 'DATABASE_PASSWORD'])).toMatchObject({
      status: 0,
      out: 'correct horse battery staple\n',
      err: '',
    });
  });
});

describe.each(names)('docs/examples/%s', (name) => {
  const path = `${folder}/${name}`;

  test('opens with the key beside it', async () => {
    const { status, out, err } = await withKey(['decrypt', path]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('first-example-key');
  });

  test('opens with no other key', async () => {
    expect(await sec(['decrypt', path], files)).toMatchObject({ status: 128, out: '' });
  });

  test('is what the rules make of its text', async () => {
    const { out: plain } = await withKey(['decrypt', path]);
    const { out: sealed, status } = await withKey(['encrypt', '--filename-override', path, '-'], plain);
    expect(status).toBe(0);
    expect(withoutSecrets(sealed)).toBe(withoutSecrets(String(files[path])));
  });
});

/** What is left of an encrypted file without what chance and time put into it. */
function withoutSecrets(text: string): string {
  return text
    .replace(/ENC\[AES256_GCM,[^\]]*?(type:\w+)\]/g, 'ENC[$1]')
    .replace(/-----BEGIN AGE ENCRYPTED FILE-----[^]*?-----END AGE ENCRYPTED FILE-----/g, 'AGE')
    .replace(/(?<=version\W+)3\.\d+\.\d+/g, 'VERSION')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME');
}

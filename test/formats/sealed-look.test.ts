import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { otherSealedLook } from '../../src/formats/sealed-look.ts';
import { alice, sec } from '../helpers/sec.ts';

const env = { SOPS_AGE_KEY: alice.identity };
const plain = { 'a.yaml': 'a: x\n', 'a.json': '{"a": "x"}\n', 'a.env': 'A=x\n', 'a.ini': '[a]\nb = x\n', 'a.txt': 'x' };
const names = ['yaml', 'json', 'dotenv', 'ini', 'binary'] as const;
const files = Object.keys(plain);

async function sealed(file: string): Promise<string> {
  const { files: after } = await sec(['encrypt', '-i', '--age', alice.recipient, file], plain);
  return after[file] ?? '';
}

test('a whole file of no bytes looks like what it is', async () => {
  const { out } = await sec(['encrypt', '--age', alice.recipient, 'empty'], { empty: '' });
  expect(out).toContain('"data": ""');
  expect(otherSealedLook(Buffer.from(out), 'binary')).toBeNull();
});

test.each(files.map((file, at) => [file, names[at]] as const))('each sealed file looks like what it is: %s', async (file, format) => {
  const text = Buffer.from(await sealed(file));
  const seen = names.map((name) => [name, otherSealedLook(text, name)]);
  const look = format === 'binary' ? 'json' : format;
  const expected = names.map((name) => [name, name === look || (look === 'json' && ['yaml', 'binary'].includes(name)) ? null : look]);
  expect(seen).toEqual(expected);
});

test.each(names)('a plain text looks like nothing: %s', (name) => {
  const texts = ['', 'a: x\n', '{"a": "sops"}\n', 'sops_mac=1\n', '[sops]\nmac = x\n', readFileSync(import.meta.filename, 'utf8')];
  expect(texts.map((text) => otherSealedLook(Buffer.from(text), name))).toEqual(texts.map(() => null));
});

test.each([
  ['decrypt', ['decrypt', 'secrets']],
  ['encrypt', ['encrypt', '-i', '--age', alice.recipient, 'secrets']],
  ['get', ['get', 'secrets', 'a']],
  ['edit', ['edit', 'secrets']],
])('%s refuses a file that its name lies about, and --input-type opens it', async (_, args) => {
  const text = await sealed('a.yaml');
  const refused = await sec(args, { secrets: text }, { env: { ...env, EDITOR: 'true' } });
  expect({ status: refused.status, out: refused.out, err: refused.err, text: refused.files['secrets'] }).toEqual({
    status: 1,
    out: '',
    err: 'sec: secrets looks like encrypted YAML, and not like a whole file, as its name says\nhint: if so, add: --input-type yaml; if not: --input-type binary\n',
    text,
  });
  const opened = await sec(['decrypt', '--input-type', 'yaml', '--output-type', 'yaml', 'secrets'], { secrets: text }, { env });
  expect({ status: opened.status, out: opened.out }).toEqual({ status: 0, out: 'a: x\n' });
});

test('under the name sops, the name of a file decides', async () => {
  const text = await sealed('a.yaml');
  const { status, files: after } = await sec(['encrypt', '-i', '--age', alice.recipient, 'secrets'], { secrets: text }, { as: 'sops' });
  expect({ status, data: after['secrets']?.startsWith('{\n\t"data": "ENC[') }).toEqual({ status: 0, data: true });
});

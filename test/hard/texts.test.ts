import { describe, expect, test } from 'vitest';

import { alice, sec } from '../helpers/sec.ts';
import { refusals } from './texts.expected.ts';
import { hardKeys, hardTexts } from './texts.ts';

const env = { SOPS_AGE_KEY: alice.identity };
const toAlice = ['--age', alice.recipient];

const reasons = new Map(refusals.flatMap(({ status, said, names }) => names.map((name) => [name, { status, said }] as const)));
const kept = hardTexts.filter(({ name }) => !reasons.has(name));
const refused = hardTexts.filter(({ name }) => reasons.has(name));

test.each(kept)('comes back byte for byte: $name', async ({ file, bytes }) => {
  const sealed = await sec(['encrypt', ...toAlice, file], { [file]: bytes });
  expect(sealed.status).toBe(0);

  const { status, err, outBytes } = await sec(['decrypt', file], { [file]: sealed.outBytes }, { env });
  expect({ status, err, bytes: hex(outBytes) }).toEqual({ status: 0, err: '', bytes: hex(bytes) });
});

test.each(refused)('is refused in one sentence: $name', async ({ name, file, bytes }) => {
  const { status, out, err, files } = await sec(['encrypt', '-i', ...toAlice, file], { [file]: bytes });

  const said = err.replace(/^sec: ([^\n]*)\n(?:hint: .*\n)?$/, '$1');
  expect({ status, said, out, files: Object.keys(files) }).toEqual({ ...reasons.get(name), out: '', files: [file] });
});

test('every refusal is one of a text', () => {
  expect(refused).toHaveLength(reasons.size);
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('a key comes back in every format that can hold it', () => {
  test.each(hardKeys.map((key) => [key]))('%j', async (key) => {
    for (const type of ['json', 'yaml', 'dotenv', 'ini']) {
      const file = `f.${type === 'dotenv' ? 'env' : type}`;
      const plain = JSON.stringify({ DEFAULT: {}, s: { [key]: 'x' } });
      const tree = type === 'ini' ? plain : JSON.stringify({ [key]: 'x' });
      const sealed = await sec(['encrypt', ...toAlice, '--output-type', type, 'f.json'], { 'f.json': tree });
      const opened = sealed.status === 0 ? await sec(['decrypt', '--output-type', 'json', file], { [file]: sealed.out }, { env }) : sealed;

      const found =
        opened.status === 0 ? asObject(opened.out) : { status: opened.status, isOneSentence: /^sec: [^\n]*\n$/.test(opened.err) };
      expect({ type, found }).toEqual({ type, found: cannotHold(type, key) ? { status: 4, isOneSentence: true } : asObject(tree) });
    }
  });
});

/** Objects as entries, since `__proto__` is a key like any other. */
function asObject(json: string): unknown {
  return JSON.parse(json, (_, value: unknown) => (typeof value === 'object' && value !== null ? Object.entries(value) : value)) as unknown;
}

function cannotHold(type: string, key: string): boolean {
  if (type === 'dotenv') return /[=\n]|^#/.test(key);
  return type === 'ini' && (/^\p{White_Space}|\p{White_Space}$|\n/u.test(key) || key === '' || key === '-');
}

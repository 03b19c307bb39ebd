import { describe, expect, test } from 'vitest';

import { alice, sec } from '../helpers/sec.ts';
import { refusals } from './texts.expected.ts';
import { hardKeys, hardTexts } from './texts.ts';

const env = { SOPS_AGE_KEY: alice.identity };
const toAlice = ['--age', alice.recipient];

describe('comes back byte for byte, or is refused in one sentence', () => {
  test.each(hardTexts)('$name', async ({ name, file, bytes }) => {
    const refusal = refusals.find(({ names }) => names.includes(name));
    const sealed = await sec(['encrypt', ...toAlice, '--output', 'sealed', file], { [file]: bytes });

    const sentence = sealed.err.replace(/^sec: ([^\n]*)\n(?:hint: .*\n)?$/, '$1');
    const said = { status: sealed.status, said: sealed.status === 0 ? '' : sentence };
    expect(said).toEqual({ status: refusal?.status ?? 0, said: refusal?.said ?? '' });
    if (refusal !== undefined) {
      expect(Object.keys(sealed.files)).toEqual([file]);
      return;
    }
    const opened = await sec(['decrypt', file], { [file]: sealed.files['sealed'] ?? '' }, { env });
    expect({ status: opened.status, err: opened.err, bytes: Buffer.from(opened.outBytes).toString('hex') }).toEqual({
      status: 0,
      err: '',
      bytes: Buffer.from(bytes).toString('hex'),
    });
  });
});

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

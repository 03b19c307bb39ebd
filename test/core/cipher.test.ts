import { describe, expect, test } from 'vitest';
import { CipherError, isSealedComment, parseSealed, plaintextOf, scalarOf, textOrBytes, ValueCipher } from '../../src/core/cipher.ts';
import type { Scalar } from '../../src/core/tree.ts';

/** The vectors of `sops-format.md` §20.1: key `00 … 1f`, IV `20 … 3f`. */
const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const iv = Uint8Array.from({ length: 32 }, (_, i) => i + 32);
const ivText = 'ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=';
const cipher = new ValueCipher(key);

type Sealable = Exclude<Scalar, { type: 'null' }>;

const vectors: readonly (readonly [Sealable, string, string])[] = [
  [{ type: 'str', text: 'hello' }, 'a:b:', `ENC[AES256_GCM,data:f6SdJOI=,iv:${ivText},tag:TEFu+ejkdT0ijPtelDWwfg==,type:str]`],
  [{ type: 'bool', value: true }, 'flag:', `ENC[AES256_GCM,data:Q7OELQ==,iv:${ivText},tag:OAxCU+J6nicSCpxmQvT0Cw==,type:bool]`],
  [{ type: 'int', text: '-42' }, 'n:', `ENC[AES256_GCM,data:OvXD,iv:${ivText},tag:ab0EUY1/25wv/zaikfdCWg==,type:int]`],
  [{ type: 'float', text: '1.5' }, 'f:', `ENC[AES256_GCM,data:Ju/E,iv:${ivText},tag:uJBeK8Rb0IhyEwRMiZ5ZVA==,type:float]`],
  [
    { type: 'time', text: '2024-01-01T00:00:00Z' },
    'd:',
    `ENC[AES256_GCM,data:JfHDfKA/5w72YDJH1rpRz72hh/4=,iv:${ivText},tag:2gCfWdJPduCVbuLzqNbDnA==,type:time]`,
  ],
];

describe('the value cipher', () => {
  test.each(vectors)('seals %o as sops does', (value, aad, sealed) => {
    const { type, bytes } = plaintextOf(value);
    expect(cipher.seal(bytes, type, aad, iv)).toBe(sealed);
  });

  test('seals a comment as sops does', () => {
    expect(cipher.seal(Buffer.from(' top comment'), 'comment', ':', iv)).toBe(
      `ENC[AES256_GCM,data:N7WeOK1suU6rNAgD,iv:${ivText},tag:GsuSP1jmDnjxOeyqlK3E7Q==,type:comment]`,
    );
  });

  test.each(vectors)('opens %o again', (value, aad, text) => {
    const sealed = parseSealed(text);
    expect(sealed && scalarOf(sealed.type, cipher.open(sealed, aad))).toEqual(value);
  });

  test('opens values of any length in any order, and what it gave before stays as it was', () => {
    const texts = ['a', 'b'.repeat(5000), 'c', 'd'.repeat(20_000), '', 'e'].map((text, index) => ({ text, aad: 'é'.repeat(index * 700) }));
    const opened = texts.map(({ text, aad }) => {
      const sealed = parseSealed(cipher.seal(Buffer.from(`${text}.`), 'str', aad, iv));
      return sealed && cipher.open(sealed, aad);
    });

    expect(opened.map(String)).toEqual(texts.map(({ text }) => `${text}.`));
  });

  test('opens a value with the short IV that other programs write', () => {
    const short = 'ENC[AES256_GCM,data:xQ==,iv:AAAAAAAAAAAAAAAA,tag:';
    expect(parseSealed(`${short}AA==,type:str]`)?.iv).toBe('AAAAAAAAAAAAAAAA');
  });

  test('refuses to write with an IV of another length', () => {
    expect(() => cipher.seal(Buffer.from('x'), 'str', 'a:', iv.subarray(0, 12))).toThrow(RangeError);
  });

  test('refuses a key of another length', () => {
    expect(() => new ValueCipher(new Uint8Array(31))).toThrow('a data key has 32 bytes, not 31');
  });

  test('refuses each flipped bit of data, IV and tag, and another path', () => {
    const sealed = parseSealed(vectors[0]?.[2] ?? '');
    if (sealed === null) throw new Error('the vector is no sealed value');
    for (const field of ['data', 'iv', 'tag'] as const) {
      const bytes = Buffer.from(sealed[field], 'base64');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => cipher.open({ ...sealed, [field]: flipped.toString('base64') }, 'a:b:')).toThrow(CipherError);
      }
    }
    expect(() => cipher.open(sealed, 'a:c:')).toThrow('it does not authenticate');
  });
});

describe('the text of a sealed value', () => {
  test('may have anything behind its bracket', () => {
    expect(parseSealed(`${vectors[0]?.[2]} junk]`)?.type).toBe('str');
  });

  test.each([
    '',
    'ENC[]',
    'ENC[AES256_GCM,data:,iv:a,tag:b,type:str]',
    ' ENC[AES256_GCM,data:a,iv:b,tag:c,type:d]',
    'ENC[AES256_GCM,data:a,iv:b,tag:c,type:d',
  ])('is not %j', (text) => {
    expect(parseSealed(text)).toBeNull();
  });

  test('says whether it is a comment', () => {
    expect(isSealedComment('ENC[AES256_GCM,data:a,iv:b,tag:c,type:comment]')).toBe(true);
    expect(isSealedComment('ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]')).toBe(false);
  });
});

describe('a decrypted text', () => {
  test.each([
    ['bool', 'true', { type: 'bool', value: true }],
    ['bool', 'T', { type: 'bool', value: true }],
    ['bool', '1', { type: 'bool', value: true }],
    ['bool', 'False', { type: 'bool', value: false }],
    ['int', '+007', { type: 'int', text: '+7' }],
    ['float', '1e3', { type: 'float', text: '1e3' }],
    ['float', '+Inf', { type: 'float', text: '+Inf' }],
    ['bytes', 'x', { type: 'str', text: 'x' }],
  ])('of type %s may be %j', (type, text, value) => {
    expect(scalarOf(type, Buffer.from(text))).toEqual(value);
  });

  test.each([
    ['bool', 'yes'],
    ['bool', 'tRUE'],
    ['int', '5.0'],
    ['int', '0x1F'],
    ['int', '9223372036854775808'],
    ['float', '1e400'],
    ['float', 'one'],
    ['time', '2024-02-30T00:00:00Z'],
    ['foo', 'x'],
  ])('of type %s is never %j', (type, text) => {
    expect(() => scalarOf(type, Buffer.from(text))).toThrow(CipherError);
  });

  test('that is not UTF-8 stays bytes', () => {
    expect(textOrBytes(Uint8Array.of(0xff))).toEqual({ type: 'bytes', bytes: Uint8Array.of(0xff) });
  });
});

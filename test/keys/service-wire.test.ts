import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest, type ServiceRequest } from '../../src/keys/service-wire.ts';

const bytes = Buffer.from('enc');
const key = (kind: string, fields: object): ServiceRequest => ({ key: { kind, fields: new Map(Object.entries(fields)) }, bytes });

// Made by hand from the numbers of sops-cli.md §15: each tag is the number of the field times eight, and two.
test.each<readonly [string, ServiceRequest, string]>([
  ['age', key('age', { recipient: 'age1' }), '0a08 32 06 0a04 61676531 1203 656e63'],
  ['pgp', key('pgp', { fp: 'AB' }), '0a06 12 04 0a02 4142 1203 656e63'],
  ['gcp_kms', key('gcp_kms', { resource_id: 'p' }), '0a05 1a 03 0a01 70 1203 656e63'],
  ['azure_kv', key('azure_kv', { vault_url: 'u', name: 'n', version: 'v' }), '0a0b 22 09 0a01 75 1201 6e 1a01 76 1203 656e63'],
  ['hc_vault', key('hc_vault', { vault_address: 'a', engine_path: 'e', key_name: 'k' }), '0a0b 2a 09 0a01 61 1201 65 1a01 6b 1203 656e63'],
  ['hckms', key('hckms', { key_id: 'r:1' }), '0a07 3a 05 0a03 723a31 1203 656e63'],
  [
    'kms',
    key('kms', { arn: 'a', role: 'r', context: new Map([['k', 'v']]), aws_profile: 'p' }),
    '0a13 0a 11 0a01 61 1201 72 1a06 0a01 6b 1201 76 2201 70 1203 656e63',
  ],
])('a request for a key of %s is these bytes, and these bytes are the request', (_, request, hex) => {
  const written = Buffer.from(hex.replaceAll(' ', ''), 'hex');

  expect(encodeRequest(request).toString('hex')).toBe(written.toString('hex'));
  expect(decodeRequest(written)).toEqual(request);
});

test('an answer is its bytes, however many', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70_000 }), (content) => {
      expect(Buffer.from(decodeAnswer(encodeAnswer(content))).equals(content)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('a request comes back, whatever its texts are', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(text, fc.dictionary(text, text, { minKeys: 1 }), fc.uint8Array({ minLength: 1 }), (arn, context, content) => {
      const request = {
        key: {
          kind: 'kms',
          fields: new Map<string, string | Map<string, string>>([
            ['arn', arn],
            ['context', new Map(Object.entries(context))],
          ]),
        },
        bytes: content,
      };
      const read = decodeRequest(encodeRequest(request));
      expect(read.key).toEqual(request.key);
      expect(Buffer.from(read.bytes).equals(content)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

describe('what other programs may send', () => {
  const decoded = (hex: string): unknown => decodeRequest(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

  test('nothing at all names no key', () => {
    expect(decoded('')).toEqual({ key: null, bytes: new Uint8Array() });
  });

  test('a key of a kind with another number is none that we know', () => {
    expect(decoded('0a04 42020a00')).toMatchObject({ key: null });
  });

  test('fields that the protocol does not have are passed by', () => {
    expect(decoded('0a08 3206 0a0461676531 1203 656e63 5803 61 0102030405060708 6d 01020304')).toEqual(key('age', { recipient: 'age1' }));
  });

  test.each([
    ['a message that is cut off', '0a08 3206', 'a message that is cut off'],
    ['a number that is cut off', '0a80', 'a number that is cut off'],
    ['a group', '0b', 'a field of the unknown type 3'],
    ['a text that is no UTF-8', '0a05 3203 0a01 ff', 'a text that is no UTF-8'],
  ])('%s is refused', (_, hex, reason) => {
    expect(() => decoded(hex)).toThrow(new RangeError(reason));
  });
});

import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import * as vectors from 'cctv-age';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dearmor, generateX25519, isAgeFile, openAgeFile, sealAgeFile, type AgeKeys } from '../../src/keys/age-file.ts';
import { parseIdentities } from '../../src/keys/age-identity.ts';
import { parseRecipient } from '../../src/keys/age-recipient.ts';

interface Vector {
  readonly expect: string;
  readonly payload: string | null;
  readonly armored: boolean;
  readonly file: Uint8Array;
  readonly keys: AgeKeys;
}

/** A file of the published suite: lines of fields, an empty line, the age file. */
function readVector(bytes: Uint8Array): Vector {
  const end = Buffer.from(bytes).indexOf('\n\n');
  const fields = Buffer.from(bytes.subarray(0, end)).toString().split('\n');
  const all = (name: string): string[] => fields.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  const body = bytes.subarray(end + 2);
  return {
    expect: all('expect')[0] ?? '',
    payload: all('payload')[0] ?? null,
    armored: all('armored').length > 0,
    file: all('compressed').length > 0 ? inflateSync(body) : body,
    keys: { identities: parseIdentities(all('identity').join('\n'), 'the vector', false).identities, passphrases: all('passphrase') },
  };
}

async function open({ file, armored, keys }: Vector, library: boolean): Promise<string> {
  const binary = armored ? await dearmor(Buffer.from(file).toString('latin1')) : file;
  if (binary === null) return 'damaged';
  const opening = await openAgeFile(binary, keys, library);
  return opening.outcome === 'opened' ? createHash('sha256').update(opening.content).digest('hex') : opening.outcome;
}

function expected(vector: Vector): string {
  if (vector.expect === 'success') return vector.payload ?? '';
  return vector.expect === 'no match' ? 'no-match' : 'damaged';
}

const names = Object.keys(vectors).filter((name) => name !== 'default' && name !== 'module.exports');

test('the published suite has 143 vectors', () => {
  expect(names.length).toBe(143);
});

describe.each([
  ['with the short way', false],
  ['by the library alone', true],
])('%s', (_, library) => {
  test.each(names)('does as the vector %s says', async (name) => {
    const vector = readVector(Object.entries(vectors).find(([key]) => key === name)?.[1] ?? new Uint8Array());
    expect(await open(vector, library)).toBe(expected(vector));
  });
});

const alice = await generateX25519();
const bob = await generateX25519();
const secrets = {
  alice: keysOf(alice.identity),
  bob: keysOf(bob.identity),
  both: keysOf(`${bob.identity}\n${alice.identity}`),
  nobody: {},
};

function keysOf(text: string): AgeKeys {
  return { identities: parseIdentities(text, 'test', false).identities };
}

describe('the short way and the library', () => {
  const who = fc.constantFrom('alice' as const, 'bob' as const, 'both' as const, 'nobody' as const);

  test('agree on files as we write them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), who, async (content, name) => {
        const file = (await dearmor(await sealAgeFile(content, parseRecipient(alice.recipient)))) ?? new Uint8Array();
        const opening = await openAgeFile(file, secrets[name]);
        expect(opening).toEqual(await openAgeFile(file, secrets[name], true));
        expect(opening.outcome).toBe(name === 'alice' || name === 'both' ? 'opened' : 'no-match');
      }),
    );
  });

  test('agree on files with a changed byte', async () => {
    const file =
      (await dearmor(await sealAgeFile(Buffer.from('thirty-two bytes or about so many'), parseRecipient(alice.recipient)))) ?? [];
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), who, async (at, flip, name) => {
        const changed = Uint8Array.from(file, (byte, index) => (index === at ? byte ^ flip : byte));
        const opening = await openAgeFile(changed, secrets[name]);
        expect(opening).toEqual(await openAgeFile(changed, secrets[name], true));
        expect(opening.outcome).not.toBe('opened');
      }),
      { numRuns: 300 },
    );
  });

  test('agree on files that were cut off or had bytes put in', async () => {
    const file = (await dearmor(await sealAgeFile(new Uint8Array(32), parseRecipient(alice.recipient)))) ?? new Uint8Array();
    const piece = fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length), fc.nat(5), piece, async (at, drop, insert) => {
        const changed = Buffer.concat([file.subarray(0, at), insert, file.subarray(at + drop)]);
        expect(await openAgeFile(changed, secrets.alice)).toEqual(await openAgeFile(changed, secrets.alice, true));
      }),
      { numRuns: 300 },
    );
  });

  test('agree on content longer than one chunk', async () => {
    const content = new Uint8Array(64 * 1024 + 1).fill(7);
    const file = (await dearmor(await sealAgeFile(content, parseRecipient(alice.recipient)))) ?? new Uint8Array();
    expect(await openAgeFile(file, secrets.alice)).toEqual({ outcome: 'opened', content });
  });
});

test.each([
  ['-----BEGIN AGE ENCRYPTED FILE-----\n', true],
  ['age-encryption.org/v1\n', true],
  ['AGE-SECRET-KEY-1', false],
  ['# created: 2026', false],
  ['', false],
])('tells by the first bytes of %j whether it is an age file', (text, expectedAnswer) => {
  expect(isAgeFile(Buffer.from(text))).toBe(expectedAnswer);
});

import { createHmac, hkdfSync } from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFast, secretKeyFromDer, x25519Key } from '../../src/keys/age-fast.ts';
import { readAgeHeader } from '../../src/keys/age-header.ts';
import { decodeBech32 } from '../../src/keys/bech32.ts';
import { sealBox } from '../../src/keys/chacha.ts';

const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('a key knows its public half', () => {
  fc.assert(
    fc.property(secrets, (bytes) => {
      expect(new Uint8Array(x25519Key(bytes).share)).toEqual(x25519.getPublicKey(bytes));
    }),
  );
});

test('the way for a Node that refuses the quicker one gives the same key', () => {
  fc.assert(
    fc.property(secrets, (bytes) => {
      expect(secretKeyFromDer(bytes).export({ format: 'jwk' })).toEqual(x25519Key(bytes).secret.export({ format: 'jwk' }));
    }),
  );
});

const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);
const keys = [x25519Key(decodeBech32(identity)?.bytes ?? new Uint8Array())];
const content = new Uint8Array(32).fill(5);

async function seal(...recipients: Parameters<Encrypter['addRecipient']>[0][]): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const one of recipients) encrypter.addRecipient(one);
  return encrypter.encrypt(content);
}

describe('the short way', () => {
  test('opens what is for its key, also next to others', async () => {
    const other = await identityToRecipient(await generateX25519Identity());
    expect(await openFast(await seal(recipient), keys)).toEqual({ outcome: 'opened', content });
    expect(await openFast(await seal(other, recipient), keys)).toEqual({ outcome: 'opened', content });
    expect(await openFast(await seal(other), keys)).toEqual({ outcome: 'no-match' });
    expect(await openFast(await seal(recipient), [])).toEqual({ outcome: 'no-match' });
  });

  test.each([
    [
      'of another kind',
      {
        args: [
          'joe-grease',
          Buffer.from(keys[0]?.share ?? [])
            .toString('base64')
            .slice(0, -1),
        ],
        body: new Uint8Array(32),
      },
    ],
    ['of its kind with a further word', { args: ['X25519', 'A'.repeat(43), 'x'], body: new Uint8Array(32) }],
    ['of its kind with a short body', { args: ['X25519', 'A'.repeat(43)], body: new Uint8Array(31) }],
    ['of its kind with a short share', { args: ['X25519', 'A'.repeat(40)], body: new Uint8Array(32) }],
    ['of its kind with a share of no curve', { args: ['X25519', 'A'.repeat(43)], body: new Uint8Array(32) }],
  ])('is not sure of a stanza %s', async (_, stanza) => {
    const odd = { wrapFileKey: () => [stanza] };
    expect(await openFast(await seal(odd, recipient), keys)).toEqual({ outcome: 'unsure' });
  });

  test('is not sure of a chunk longer than a chunk may be, which opens all the same', async () => {
    const file = await seal(recipient);
    const header = readAgeHeader(file);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const fileKey = await decrypter.decryptHeader(file.subarray(0, file.length - (header?.payload.length ?? 0)));
    const nonce = new Uint8Array(16);
    const payloadKey = new Uint8Array(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
    const last = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    const rewrite = async (length: number): Promise<Uint8Array> =>
      Buffer.concat([file.subarray(0, -(header?.payload.length ?? 0)), nonce, await sealBox(payloadKey, last, new Uint8Array(length))]);

    expect(await openFast(await rewrite(64 * 1024), keys)).toEqual({ outcome: 'opened', content: new Uint8Array(64 * 1024) });
    expect(await openFast(await rewrite(64 * 1024 + 1), keys)).toEqual({ outcome: 'unsure' });
  });

  test('is not sure of a header with another MAC', async () => {
    const text = Buffer.from(await seal(recipient)).toString('latin1');
    const mac = createHmac('sha256', 'another key').update('x').digest('base64').replace('=', '');
    const changed = Buffer.from(text.replace(/--- .{43}/, `--- ${mac}`), 'latin1');
    expect(await openFast(changed, keys)).toEqual({ outcome: 'unsure' });
  });
});

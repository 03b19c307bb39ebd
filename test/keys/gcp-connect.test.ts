import { describe, expect, test, vi } from 'vitest';
import { connectToGcp, type GcpKms } from '../../src/keys/gcp-connect.ts';
import { crc32c } from '../../src/keys/crc32c.ts';
import { faultIn } from '../../src/keys/gcp-fault.ts';
import { SdkError } from '../../src/keys/sdk-error.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { faultProxy, type Fault, type FaultProxy } from '../helpers/fault-proxy.ts';

/** The real SDK, before a server that answers as Google would, or would not. */

const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
const bytes = Uint8Array.from([1, 2, 3]);
async function before(answer: Fault): Promise<{ readonly kms: GcpKms; readonly proxy: FaultProxy }> {
  const proxy = await faultProxy('http://127.0.0.1:1', () => answer);
  const endpoint = { host: '127.0.0.1', port: Number(new URL(proxy.url).port), isPlain: true };
  return {
    kms: await connectToGcp({ kind: 'token', token: 'mine' }, { isGrpc: false, endpoint, universe: null }, keyWorld(), 2_000),
    proxy,
  };
}

function json(body: object): Fault {
  return { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function faultOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof SdkError)) throw error;
    const { status, http, code } = faultIn(error.cause);
    return [error.stage, status, http, code];
  }
}

describe('Google is asked', () => {
  test('for the bytes with their checksum, and gives others with theirs', async () => {
    const given = { ciphertext: 'AQID', ciphertextCrc32c: String(crc32c(bytes)), verifiedPlaintextCrc32c: true };
    const { kms, proxy } = await before(json(given));

    expect(await kms.encrypt(name, Uint8Array.from([9]))).toEqual(bytes);
    expect(
      proxy.seen.map(({ path, headers, body }) => [path.split('?')[0], headers['authorization'], JSON.parse(body) as unknown]),
    ).toEqual([[`/v1/${name}:encrypt`, 'Bearer mine', { plaintext: 'CQ==', plaintextCrc32c: String(crc32c(Uint8Array.from([9]))) }]]);
  });

  test('and may leave out checksums, as emulators do', async () => {
    expect(await (await before(json({ ciphertext: 'AQID' }))).kms.encrypt(name, bytes)).toEqual(bytes);
    expect(await (await before(json({ plaintext: 'AQID' }))).kms.decrypt(name, bytes)).toEqual(bytes);
  });

  test.each([
    ['gives other bytes than it says', { ciphertext: 'AQID', ciphertextCrc32c: '1', verifiedPlaintextCrc32c: true }],
    ['got other bytes than we sent', { ciphertext: 'AQID', ciphertextCrc32c: String(crc32c(bytes)), verifiedPlaintextCrc32c: false }],
  ])('and %s', async (_, body) => {
    expect(await faultOf((await before(json(body))).kms.encrypt(name, bytes))).toEqual(['key', '', null, 'EDAMAGED']);
  });

  test('and decrypts to other bytes than it says', async () => {
    const { kms } = await before(json({ plaintext: 'AQID', plaintextCrc32c: '1' }));

    expect(await faultOf(kms.decrypt(name, bytes))).toEqual(['key', '', null, 'EDAMAGED']);
  });
});

const refusal = JSON.stringify({ error: { code: 403, message: 'no', status: 'PERMISSION_DENIED' } });

describe('Google', () => {
  test.each<readonly [string, Fault, readonly unknown[]]>([
    ['refuses', { kind: 'answer', status: 403, body: refusal }, ['key', 'PERMISSION_DENIED', 403, '']],
    ['is no Google', { kind: 'answer', status: 502, body: '<html>' }, ['key', '', 502, '']],
    ['gives nothing', json({}), ['key', '', null, '']],
    ['breaks the connection', { kind: 'cut' }, ['key', '', null, 'ECONNRESET']],
    ['says nothing', { kind: 'silence' }, ['key', '', null, 'ETIMEDOUT']],
  ])('%s', async (_, answer, fault) => {
    expect(await faultOf((await before(answer)).kms.decrypt(name, bytes))).toEqual(fault);
  });

  test('is not asked by somebody whose credentials are not whole', async () => {
    const identity = { kind: 'credentials', place: 'a.json', json: { type: 'service_account' } } as const;
    const transport = { isGrpc: false, endpoint: null, universe: null };

    expect(await faultOf(connectToGcp(identity, transport, keyWorld()))).toEqual(['identity', '', null, '']);
  });
});

test('the SDK says nothing to the console', async () => {
  const said = (['log', 'warn', 'error'] as const).map((way) => vi.spyOn(console, way).mockImplementation(() => undefined));
  const { kms } = await before({ kind: 'answer', status: 403, body: refusal });
  await faultOf(kms.decrypt(name, bytes));
  const calls = said.flatMap(({ mock }) => mock.calls);
  vi.restoreAllMocks();

  expect(calls).toEqual([]);
});

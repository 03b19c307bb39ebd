import { expect, test, vi } from 'vitest';
import { connectToAws } from '../../src/keys/aws-connect.ts';
import { connectToGcp } from '../../src/keys/gcp-connect.ts';
import { silence } from '../helpers/silence.ts';
import { keyWorld } from '../helpers/key-world.ts';

/** The real SDKs, whose call is ended while the server says nothing. The process goes on. */

const bytes = Uint8Array.from([1]);
const id = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';

test.each<readonly [string, (port: number, end: AbortSignal) => Promise<unknown>]>([
  [
    'AWS',
    async (port, end) => {
      const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x' };
      vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
      const kms = await connectToAws({ region: 'eu-west-1', identity: { kind: 'keys' }, role: '' }, keyWorld({ env }));
      return kms.decrypt('arn:aws:kms:eu-west-1:111122223333:key/abc', bytes, new Map(), end);
    },
  ],
  [
    'Google',
    async (port, end) => {
      const transport = { isGrpc: false, endpoint: { host: '127.0.0.1', port, isPlain: true }, universe: null };
      return (await connectToGcp({ kind: 'token', token: 'mine' }, transport, keyWorld())).decrypt(id, bytes, end);
    },
  ],
])('a call of %s closes its connection', async (_, call) => {
  const { port, asked, open } = await silence();
  const end = new AbortController();
  const outcome = call(port, end.signal).catch((error: unknown) => error);
  await asked;
  expect(open()).toBe(1);
  end.abort();

  expect(await outcome).toBeInstanceOf(Error);
  await expect.poll(open).toBe(0);
  vi.unstubAllEnvs();
});

test('a call of Google over gRPC is over at once', async () => {
  const { port, asked } = await silence();
  const end = new AbortController();
  const transport = { isGrpc: true, endpoint: { host: 'localhost', port, isPlain: false }, universe: null };
  const kms = await connectToGcp({ kind: 'token', token: 'mine' }, transport, keyWorld());
  const outcome = kms.decrypt(id, bytes, end.signal).catch((error: unknown) => error);
  await asked;
  end.abort();

  expect(await outcome).toMatchObject({ stage: 'key', cause: { code: 1 } });
});

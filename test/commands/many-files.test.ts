import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { alice, sec } from '../helpers/sec.ts';

const arn = 'arn:aws:kms:eu-west-1:111122223333:key/abc';

/** A KMS that keeps its answers until so many calls wait for one, or all that are left. */
interface CrowdedKms {
  readonly url: string;
  readonly seen: { decrypted: number; most: number };
}

/** @param expected so many at the same time @param all how many there will be */
async function crowdedKms(expected: number, all: number): Promise<CrowdedKms> {
  const seen = { decrypted: 0, most: 0 };
  let waiting: (() => void)[] = [];
  let encrypted = 0;
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const answer = (content: object): void => {
      outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      outgoing.end(JSON.stringify({ KeyId: arn, ...content }));
    };
    if (String(incoming.headers['x-amz-target']).endsWith('.Encrypt')) {
      encrypted += 1;
      const blob = Buffer.concat([Buffer.from(String(body['Plaintext']), 'base64'), Buffer.from(String(encrypted))]);
      answer({ CiphertextBlob: blob.toString('base64') });
      return;
    }
    const dataKey = Buffer.from(String(body['CiphertextBlob']), 'base64').subarray(0, 32).toString('base64');
    seen.decrypted += 1;
    waiting.push(() => answer({ Plaintext: dataKey }));
    seen.most = Math.max(seen.most, waiting.length);
    if (waiting.length < expected && seen.decrypted < all) return;
    const answered = waiting;
    waiting = [];
    for (const release of answered) release();
  };
  const server = createServer((incoming, outgoing) => void respond(incoming, outgoing));
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function bodyOf(incoming: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString()) as Readonly<Record<string, unknown>>;
}

test('300 files behind a KMS are opened by as many calls as there are wrapped keys, 32 at the same time', async () => {
  const distinct = 40;
  const { url, seen } = await crowdedKms(32, distinct);
  const env = { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_EC2_METADATA_DISABLED: 'true' };
  const sealed: string[] = [];
  for (let i = 0; i < distinct; i += 1) {
    const { out, err } = await sec(['encrypt', '--kms', arn, 'a.yaml'], { 'a.yaml': `v${i}: x\n` }, { env });
    expect(err).toBe('');
    sealed.push(out);
  }
  const names = Array.from({ length: 300 }, (_, i) => `${i}.yaml`);
  const files = Object.fromEntries(names.map((name, i) => [name, sealed[i % distinct] ?? '']));
  const { status, out, err } = await sec(['exec', ...names.flatMap((name) => ['-f', name]), '--pristine', '--', '/usr/bin/env'], files, {
    env,
  });

  expect({ status, err, variables: out.split('\n').length - 1 }).toEqual({ status: 0, err: '', variables: distinct });
  expect(seen).toEqual({ decrypted: distinct, most: 32 });
});

test.each<readonly [string, readonly string[], Readonly<Record<string, string>>]>([
  ['by an option', ['--key-calls', '5'], {}],
  ['by the configuration', [], { '.secretsrc.yaml': 'keys: { calls: 5 }\n' }],
  ['by an option in spite of the configuration', ['--key-calls', '5'], { '.secretsrc.yaml': 'keys: { calls: 9 }\n' }],
])('how many calls are under way at once is said %s', async (_, options, config) => {
  const { url, seen } = await crowdedKms(5, 12);
  const env = { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_EC2_METADATA_DISABLED: 'true' };
  const names = Array.from({ length: 12 }, (__, i) => `${i}.yaml`);
  const sealed = await Promise.all(
    names.map(async () => (await sec(['encrypt', '--kms', arn, 'a.yaml'], { 'a.yaml': 'a: x\n' }, { env })).out),
  );
  const files = { ...Object.fromEntries(names.map((name, i) => [name, sealed[i] ?? ''])), ...config };
  const line = ['exec', ...options, ...names.flatMap((name) => ['-f', name]), '--', 'true'];

  expect(await sec(line, files, { env })).toMatchObject({ status: 0, err: '' });
  expect(seen).toEqual({ decrypted: 12, most: 5 });
});

test('the first file that cannot be opened is the one that is named, and nothing is waited for behind it', async () => {
  const { url } = await crowdedKms(2, 2);
  const env = { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_EC2_METADATA_DISABLED: 'true' };
  const { out } = await sec(['encrypt', '--kms', arn, 'a.yaml'], { 'a.yaml': 'a: x\n' }, { env });
  // One call alone is never answered.
  const files = { 'a.yaml': 'a: plain\n', 'b.yaml': out, 'c.yaml': 'c: plain\n' };
  const { status, err } = await sec(['exec', '-f', 'a.yaml', '-f', 'b.yaml', '-f', 'c.yaml', '--', 'true'], files, { env });

  expect({ status, err }).toEqual({
    status: 1,
    err: 'sec: a.yaml is not encrypted: sops metadata not found\nhint: encrypt it with: sec encrypt -i a.yaml\n',
  });
});

test('updatekeys -y asks for all files together, and writes none where one cannot be opened', async () => {
  const { url, seen } = await crowdedKms(4, 100);
  const env = { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_EC2_METADATA_DISABLED: 'true' };
  const names = ['1.yaml', '2.yaml', '3.yaml', '4.yaml'];
  const sealed = await Promise.all(
    names.map(async () => (await sec(['encrypt', '--kms', arn, 'a.yaml'], { 'a.yaml': 'a: x\n' }, { env })).out),
  );
  const files = {
    ...Object.fromEntries(names.map((name, i) => [name, sealed[i] ?? ''])),
    '.secretsrc.yaml': `creation_rules: [{ kms: "${arn}", age: ${alice.recipient} }]\n`,
  };
  const updated = await sec(['updatekeys', '-y', ...names], files, { env });

  expect({ status: updated.status, seen }).toEqual({ status: 0, seen: { decrypted: 4, most: 4 } });
  for (const name of names) expect(updated.files[name]).toContain(alice.recipient);

  const broken = { ...files, '4.yaml': (sealed[3] ?? '').replace(/enc: .*/, 'enc: "?"') };
  const failed = await sec(['updatekeys', '-y', ...names.slice(3), ...names.slice(0, 3)], broken, {
    env: { ...env, SEC_UNLOCK_TIMEOUT: '1' },
  });
  expect(failed.status).toBe(128);
  expect(failed.files).toEqual(broken);
});

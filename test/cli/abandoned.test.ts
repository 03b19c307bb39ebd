import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeAzure, type FakeAzure } from '../helpers/fake-azure.ts';
import { loopbackCertificate } from '../helpers/fake-gcp-grpc.ts';
import { startFakeGcp, type FakeGcp } from '../helpers/fake-gcp.ts';
import { lockedFolder, opened } from '../helpers/locked-folder.ts';
import { silence } from '../helpers/silence.ts';

/** A file of two keys: the server of the one says nothing, ever, and that of the other opens the file at once. */

const awsKey = 'arn:aws:kms:eu-west-1:111122223333:key/abc';
const awsRole = 'arn:aws:iam::111122223333:role/app';
const gcpKey = 'projects/team/locations/global/keyRings/apps/cryptoKeys/web';

let azure: FakeAzure;
let gcp: FakeGcp;
let url: string;
beforeAll(async () => {
  azure = await startFakeAzure();
  gcp = await startFakeGcp();
  gcp.tokens.set('all', ['encrypt', 'decrypt']);
  url = `http://127.0.0.1:${await listen(createServer((incoming, outgoing) => void answer(incoming, outgoing)))}`;
});
afterAll(async () => {
  await azure.stop();
  await gcp.stop();
});

const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** What the quick server waits for before it opens anything: until the silent one was asked. */
let asked: Promise<void> = Promise.resolve();

/** Vault and AWS, as far as it takes: what is locked is what was sent. */
async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const body = JSON.parse(Buffer.concat(pieces).toString()) as Readonly<Record<string, string>>;
  if (body['ciphertext'] !== undefined) await asked;
  const isAws = incoming.headers['x-amz-target'] !== undefined;
  const given = isAws
    ? { CiphertextBlob: body['Plaintext'] }
    : { data: { ciphertext: `vault:v1:${body['plaintext']}`, plaintext: body['ciphertext']?.slice('vault:v1:'.length) } };
  outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(given));
}

type Variables = Readonly<Record<string, string>>;

const aws: Variables = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x' };
const viaGrpc: Variables = { SOPS_GCP_KMS_CLIENT_TYPE: 'grpc', GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: loopbackCertificate };

/** Less than any call may take, and more than any start takes. */
const atOnce = 8_000;

test.each<readonly [string, () => readonly string[], () => Variables, (port: number) => Variables]>([
  ['AWS', () => ['--kms', awsKey], () => ({ ...aws, AWS_ENDPOINT_URL: url }), (port) => ({ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` })],
  [
    'the login of AWS',
    () => ['--kms', `${awsKey}+${awsRole}`],
    () => ({ ...aws, AWS_ENDPOINT_URL: url, SEC_AWS_ROLE: 'none' }),
    (port) => ({ SEC_AWS_ROLE: '', AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }),
  ],
  [
    'Google',
    () => ['--gcp-kms', gcpKey],
    () => ({ GOOGLE_OAUTH_ACCESS_TOKEN: 'all', SOPS_GCP_KMS_ENDPOINT: gcp.url }),
    (port) => ({ SOPS_GCP_KMS_ENDPOINT: `http://127.0.0.1:${port}` }),
  ],
  [
    'Google over gRPC',
    () => ['--gcp-kms', gcpKey],
    () => ({ ...viaGrpc, GOOGLE_OAUTH_ACCESS_TOKEN: 'all', SOPS_GCP_KMS_ENDPOINT: gcp.grpc }),
    (port) => ({ SOPS_GCP_KMS_ENDPOINT: `localhost:${port}` }),
  ],
  ['Azure', () => ['--azure-kv', azure.makeKey('app')], () => azure.env, (port) => ({ HTTPS_PROXY: `http://127.0.0.1:${port}` })],
  [
    'Vault',
    () => ['--hc-vault-transit', `${url.replace('127.0.0.1', 'localhost')}/v1/transit/keys/a`],
    () => ({ SOPS_HC_VAULT_ALLOWLIST: 'all' }),
    () => ({}),
  ],
])('%s', async (name, key, env, slow) => {
  const silent = await silence();
  const { port, open } = silent;
  ({ asked } = silent);
  const here = lockedFolder({ VAULT_ADDR: url, VAULT_TOKEN: 'root', AWS_EC2_METADATA_DISABLED: 'true', ...env() });
  const [option, value] = key();
  const vaults = [`${url}/v1/transit/keys/quick`, ...(option === '--hc-vault-transit' ? [value] : [])].join(',');
  const locked = await here.lock(['--hc-vault-transit', vaults, ...(option === '--hc-vault-transit' ? [] : key())]);
  if (name === 'Vault') here.write('locked.yaml', locked.replace(/http:\/\/localhost:\d+/, `http://localhost:${port}`));
  const start = performance.now();

  expect(await here.sec(['decrypt', 'locked.yaml'], slow(port))).toEqual(opened);
  expect(performance.now() - start).toBeLessThan(atOnce);
  await expect.poll(open).toBe(0);
});

import { constants, createPublicKey, generateKeyPairSync, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { loopbackCertificate, loopbackKey } from './fake-gcp-grpc.ts';

/**
 * Key Vault and its logins as far as sec and sops use them. No program of others that does this can be had here, so it is ours, by the
 * published protocol: what it shows is that sec and the real sops say the same to it, not what Azure would say. Programs get to it by
 * HTTPS_PROXY, under the names of Azure.
 */
export interface FakeAzure {
  /** How it is reached, with a managed identity whose token may do everything. */
  readonly env: Readonly<Record<string, string>>;
  /** The address of the logins, and of a vault that is none of Azure's. */
  readonly url: string;
  /** Everything that was asked, as `METHOD https://HOST/PATH by TOKEN`. */
  readonly seen: string[];
  /** What a token may do with the keys. */
  readonly tokens: Map<string, readonly ('get' | 'encrypt' | 'decrypt')[]>;
  /** What comes in place of an answer to a call of the vault; `null`: the answer. */
  fault: (path: string) => { readonly status: number; readonly code: string; readonly inner?: string } | null;
  /** What the vault wants a token for. */
  resource: string;
  /** How long every answer takes, in milliseconds. */
  delay: number;
  /** Makes a key, or a new version of it, and gives its URL with the version. */
  makeKey(name: string, vault?: string): string;
  stop(): Promise<void>;
}

interface Version {
  readonly id: string;
  readonly key: KeyObject;
}

/** The tenant of its logins. */
export const tenant = '6f89cf12-978b-4d23-ac18-9ef0c127cf87';

/** Starts one. */
export async function startFakeAzure(): Promise<FakeAzure> {
  const keys = new Map<string, Version[]>();
  const seen: string[] = [];
  const tokens: FakeAzure['tokens'] = new Map([['all', ['get', 'encrypt', 'decrypt']]]);
  const tls = { key: readFileSync(loopbackKey), cert: readFileSync(loopbackCertificate) };
  const secure = createSecureServer(tls, (incoming, outgoing) => void serve(incoming, outgoing));
  const port = await listen(secure);
  const url = `https://localhost:${port}`;
  const plain = createServer((incoming, outgoing) => void logIn(incoming, outgoing));
  // Who went on through the proxy is no connection of it any more.
  const sockets = new Set<Socket>();
  for (const server of [secure, plain]) server.on('connection', (socket: Socket) => void sockets.add(socket));
  plain.on('connect', (_, client) => {
    const server = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      server.pipe(client).pipe(server);
    });
    for (const socket of [server, client]) socket.on('error', () => [server, client].forEach((one) => one.destroy()));
  });
  const proxy = `http://127.0.0.1:${await listen(plain)}`;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [path = '', host = ''] = [incoming.url?.split('?')[0], incoming.headers.host];
    const body = await textOf(incoming);
    if (azure.delay > 0) await new Promise((next) => setTimeout(next, azure.delay));
    if (path.includes('openid-configuration')) return answer(outgoing, 200, configuration(url));
    if (path.endsWith('/token')) return giveToken(new URLSearchParams(body), outgoing);
    const token = incoming.headers.authorization?.replace('Bearer ', '') ?? '';
    seen.push(`${incoming.method} https://${host}${path} by ${token === '' ? 'nobody' : token}`);
    if (!tokens.has(token)) return challenge(outgoing, url, azure.resource);
    const fault = azure.fault(path);
    if (fault !== null) return refuse(outgoing, fault.status, fault.code, fault.inner);
    const [, , name = '', version = '', action = 'get'] = path.split('/');
    if (!(tokens.get(token) ?? []).some((right) => right === action)) return refuse(outgoing, 403, 'Forbidden', 'ForbiddenByRbac');
    const versions = keys.get(`${host} ${name}`) ?? [];
    const found = version === '' ? versions.at(-1) : versions.find(({ id }) => id === version);
    if (found === undefined) return refuse(outgoing, 404, 'KeyNotFound');
    const kid = `https://${host}/keys/${name}/${found.id}`;
    if (action === 'get') return answer(outgoing, 200, { key: { kid, ...publicPart(found.key) }, attributes: { enabled: true } });
    const value = transformed(action, found.key, body);
    return value === null ? refuse(outgoing, 400, 'BadParameter') : answer(outgoing, 200, { kid, value });
  }

  const azure: FakeAzure = {
    url,
    seen,
    tokens,
    fault: () => null,
    delay: 0,
    resource: 'https://vault.azure.net',
    env: {
      HTTPS_PROXY: proxy,
      NO_PROXY: '127.0.0.1,localhost',
      IDENTITY_ENDPOINT: `${proxy}/msi`,
      IDENTITY_HEADER: 'all',
      SSL_CERT_FILE: loopbackCertificate,
      NODE_EXTRA_CA_CERTS: loopbackCertificate,
    },
    makeKey: (name, vault = 'https://team.vault.azure.net') => {
      const place = `${new URL(vault).host} ${name}`;
      const versions = keys.get(place) ?? [];
      const id = String(versions.length + 1).padStart(32, '0');
      keys.set(place, [...versions, { id, key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }]);
      return `${vault}/keys/${name}/${id}`;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([secure, plain].map((server) => new Promise((done) => server.close(done))));
    },
  };
  return azure;
}

/** The managed identity of an App Service. Its header is the token that is wanted. */
async function logIn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  await textOf(incoming);
  const token = String(incoming.headers['x-identity-header']);
  if (token === 'nobody')
    return answer(outgoing, 400, { statusCode: 400, message: 'No User Assigned or Delegated Managed Identity found' });
  const expires = Math.floor(Date.now() / 1000) + 3600;
  answer(outgoing, 200, { access_token: token, expires_on: String(expires), resource: 'https://vault.azure.net', token_type: 'Bearer' });
}

/** A secret, or the token of a job, is the token that is wanted. */
function giveToken(form: URLSearchParams, outgoing: ServerResponse): void {
  const token = form.get('client_secret') ?? form.get('client_assertion') ?? '';
  if (token === 'wrong')
    return answer(outgoing, 401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' });
  if (token === 'expired')
    return answer(outgoing, 401, {
      error: 'invalid_client',
      error_description: 'AADSTS7000222: The provided client secret keys are expired.',
    });
  answer(outgoing, 200, { token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600, access_token: token });
}

function configuration(url: string): object {
  const base = `${url}/${tenant}`;
  return {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/keys`,
  };
}

function challenge(outgoing: ServerResponse, url: string, resource: string): void {
  outgoing.setHeader('www-authenticate', `Bearer authorization="${url}/${tenant}", resource="${resource}"`);
  refuse(outgoing, 401, 'Unauthorized');
}

function refuse(outgoing: ServerResponse, status: number, code: string, inner?: string): void {
  answer(outgoing, status, {
    error: { code, message: 'said by the server', ...(inner === undefined ? {} : { innererror: { code: inner } }) },
  });
}

function answer(outgoing: ServerResponse, status: number, body: object): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function publicPart(key: KeyObject): object {
  const { n, e } = createPublicKey(key).export({ format: 'jwk' });
  return { kty: 'RSA', key_ops: ['encrypt', 'decrypt'], n, e };
}

function transformed(action: string, key: KeyObject, body: string): string | null {
  const { alg, value } = JSON.parse(body) as { readonly alg: string; readonly value: string };
  if (alg !== 'RSA-OAEP-256') return null;
  const how = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  try {
    const bytes = Buffer.from(value, 'base64url');
    return (action === 'encrypt' ? publicEncrypt(how, bytes) : privateDecrypt(how, bytes)).toString('base64url');
  } catch {
    return null;
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

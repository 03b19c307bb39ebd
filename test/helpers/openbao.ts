import { readFileSync } from 'node:fs';
import { request as requestSecure } from 'node:https';
import { programPath } from './need.ts';
import { freePort, startServer } from './peer-server.ts';
import { tempFolder } from './temp-folder.ts';

/** OpenBao on this machine, all in its memory, with a transit engine at `transit`. */
export interface OpenBao {
  readonly url: string;
  /** The token that may do everything. */
  readonly root: string;
  /** The file with the certificate of its authority; empty where it speaks http. */
  readonly ca: string;
  /** A call of its API. Gives the answer. @throws where it refuses */
  call(method: 'GET' | 'PUT' | 'DELETE', path: string, body?: object, namespace?: string): Promise<Content>;
  /** Makes a key of a transit engine, and gives its address as people write it. */
  makeKey(name: string, engine?: string): Promise<string>;
  /** A token that may do so much, by a path and the capabilities there. */
  makeToken(rights: Readonly<Record<string, readonly string[]>>, options?: object): Promise<string>;
  stop(): Promise<void>;
}

type Content = Readonly<Record<string, unknown>>;

/** Starts one, on a port of its own. Needs `openbao-2.7.2`. */
export async function startOpenBao({ tls = false } = {}): Promise<OpenBao> {
  const folder = tempFolder();
  const root = 'root';
  const port = await freePort();
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const ca = tls ? folder.at('vault-ca.pem') : '';
  const call: OpenBao['call'] = async (method, path, body, namespace = '') => {
    const headers = { 'x-vault-token': root, ...(namespace === '' ? {} : { 'x-vault-namespace': namespace }) };
    const { status, text } = await send(`${url}/v1/${path}`, { method, headers, body: JSON.stringify(body ?? {}), ca });
    if (status >= 300) throw new Error(`openbao: ${path}: ${status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Content);
  };
  const secured = tls ? ['-dev-tls', `-dev-tls-cert-dir=${folder.path}`] : [];
  const listener = [`-dev-root-token-id=${root}`, `-dev-listen-address=127.0.0.1:${port}`, '-dev-no-store-token'];
  const server = await startServer({
    name: 'openbao',
    file: programPath('openbao-2.7.2'),
    args: ['server', '-dev', ...listener, ...secured],
    env: { HOME: folder.path, PATH: process.env['PATH'] ?? '' },
    isReady: async () => (await call('GET', 'sys/health'))['sealed'] === false,
  });
  await call('PUT', 'sys/mounts/transit', { type: 'transit' });
  let policies = 0;
  return {
    url,
    root,
    ca,
    call,
    makeKey: async (name, engine = 'transit') => {
      await call('PUT', `${engine}/keys/${name}`);
      return `${url}/v1/${engine}/keys/${name}`;
    },
    makeToken: async (rights, options = {}) => {
      const name = `policy-${(policies += 1)}`;
      const rules = Object.entries(rights).map(([path, list]) => `path "${path}" { capabilities = ${JSON.stringify(list)} }`);
      await call('PUT', `sys/policies/acl/${name}`, { policy: rules.join('\n') });
      const { auth } = await call('PUT', 'auth/token/create', { policies: [name], ...options });
      return (auth as { readonly client_token: string }).client_token;
    },
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
}

interface Request {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly ca: string;
}

async function send(url: string, { method, headers, body, ca }: Request): Promise<{ readonly status: number; readonly text: string }> {
  if (ca === '') {
    const answer = await fetch(url, { method, headers, ...(method === 'PUT' ? { body } : {}) });
    return { status: answer.status, text: await answer.text() };
  }
  return new Promise((done, fail) => {
    const outgoing = requestSecure(url, { method, headers, ca: readFileSync(ca) }, (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('end', () => done({ status: incoming.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
    });
    outgoing.on('error', fail);
    outgoing.end(method === 'PUT' ? body : '');
  });
}

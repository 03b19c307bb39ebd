import {
  createServer,
  request as requestPlain,
  type ClientRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createSecureServer, request as requestSecure } from 'node:https';
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HttpRequest, TlsSettings } from '../src/context.ts';
import { connections } from '../src/node-connections.ts';
import { nodeNetwork } from '../src/node-network.ts';

const { request, pause } = nodeNetwork();
const plain: TlsSettings = { ca: null, certificate: null, key: null, serverName: null };
const vector = (name: string): string => readFileSync(join(import.meta.dirname, 'vectors', 'tls', name), 'utf8');

async function listen(server: Server | SocketServer): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

async function ask(url: string, given: Partial<HttpRequest> = {}): Promise<unknown> {
  const limits = { connectMs: 5_000, answerMs: 5_000 };
  try {
    return await request({ method: 'GET', url, headers: {}, body: '', tls: plain, signal: null, limits, ...given });
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

describe('a server', () => {
  const serve = async (listener: RequestListener): Promise<string> => `http://127.0.0.1:${await listen(createServer(listener))}`;

  test('gets the method, the path, the headers and the body', async () => {
    const url = await serve((incoming, outgoing) => {
      void (async () => {
        const { method, url: path, headers } = incoming;
        const body = await textOf(incoming);
        outgoing
          .writeHead(201, { 'x-answer': 'yes' })
          .end(JSON.stringify([method, path, headers['x-mine'], headers['content-length'], body]));
      })();
    });
    const answer = await ask(`${url}/v1/a%2Fb`, { method: 'PUT', headers: { 'x-mine': 'm' }, body: '{"ü":1}' });

    expect(answer).toMatchObject({ status: 201, headers: { 'x-answer': 'yes' }, body: '["PUT","/v1/a%2Fb","m","8","{\\"ü\\":1}"]' });
  });

  test('that sends elsewhere is not followed', async () => {
    const asked: string[] = [];
    const url = await serve((incoming, outgoing) => {
      asked.push(String(incoming.url));
      outgoing.writeHead(307, { location: '/other' }).end();
    });

    expect(await ask(`${url}/one`)).toMatchObject({ status: 307, body: '' });
    expect(asked).toEqual(['/one']);
  });

  test('that says nothing is left at the end of the time', async () => {
    const url = await serve(() => undefined);

    expect(await ask(url, { limits: { connectMs: 5_000, answerMs: 50 } })).toBe('ETIMEDOUT');
  });

  test('that nobody waits for any more is left at once', async () => {
    const end = new AbortController();
    const url = await serve(() => end.abort());

    expect(await ask(url, { signal: end.signal })).toBe('ABORT_ERR');
    expect(await ask(url, { signal: AbortSignal.abort() })).toBe('ABORT_ERR');
  });

  test('that stops in the middle of an answer is left at the end of the time', async () => {
    const url = await serve((_, outgoing) => void outgoing.writeHead(200, { 'content-length': '10' }).write('half'));

    expect(await ask(url, { limits: { connectMs: 5_000, answerMs: 100 } })).toBe('ETIMEDOUT');
  });

  test('that closes the connection, before or in an answer', async () => {
    const before = await serve((_, outgoing) => void outgoing.destroy());
    const within = await serve((_, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '10' }).write('half', () => outgoing.destroy());
    });

    expect([await ask(before), await ask(within)]).toEqual(['ECONNRESET', 'ECONNRESET']);
  });

  test('that answers without end is left after a megabyte', async () => {
    const url = await serve((_, outgoing) => void outgoing.end(Buffer.alloc((1 << 20) + 1, 'x')));
    const longest = await serve((_, outgoing) => void outgoing.end(Buffer.alloc(1 << 20, 'x')));

    expect(await ask(url)).toBe('EMSGSIZE');
    expect(await ask(longest)).toMatchObject({ status: 200 });
  });

  test('that is not there', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((done) => server.close(done));

    expect(await ask(`http://127.0.0.1:${port}`)).toBe('ECONNREFUSED');
  });
});

describe('a server with a certificate', () => {
  const serve = async (): Promise<string> => {
    const tls = { key: vector('server.key'), cert: vector('server.crt') };
    return `https://127.0.0.1:${await listen(createSecureServer(tls, (_, outgoing) => outgoing.end('hello')))}`;
  };

  test('is taken by the authority that was named, under its own name', async () => {
    const url = await serve();

    expect(await ask(url)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(await ask(url, { tls: { ...plain, ca: vector('server.crt') } })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await ask(url, { tls: { ...plain, ca: vector('server.crt'), serverName: 'vault.test' } })).toMatchObject({ body: 'hello' });
  });

  test('that never shows one is left at the end of the time for it', async () => {
    const port = await listen(createSocketServer(() => undefined));

    expect(await ask(`https://127.0.0.1:${port}`, { limits: { connectMs: 50, answerMs: 5_000 } })).toBe('ETIMEDOUT');
  });
});

describe('connections for packages', () => {
  const statusOf = (outgoing: ClientRequest): Promise<unknown> =>
    new Promise((done) => {
      outgoing.on('response', (incoming) => done(incoming.statusCode)).on('error', (error) => done('code' in error ? error.code : error));
      outgoing.end();
    });

  test('are given up where the handshake has no end', async () => {
    const port = await listen(createSocketServer(() => undefined));
    const { agents, end } = connections({}, 50);

    expect(await statusOf(requestSecure({ host: '127.0.0.1', port, agent: agents.https }))).toBe('ETIMEDOUT');
    end();
  });

  test('are closed at the end, and no other is opened', async () => {
    const { agents, end } = connections({});
    const open: IncomingMessage[] = [];
    const server = createServer((incoming, outgoing) => {
      open.push(incoming);
      if (incoming.url === '/quick') outgoing.end();
      else end();
    });
    const where = { host: '127.0.0.1', port: await listen(server), agent: agents.http };

    expect(await statusOf(requestPlain({ ...where, path: '/quick' }))).toBe(200);
    expect(await statusOf(requestPlain({ ...where, path: '/slow' }))).toBe('ECONNRESET');
    expect(await statusOf(requestPlain({ ...where, path: '/quick' }))).toBe('ABORT_ERR');
    expect(open.map(({ url }) => url)).toEqual(['/quick', '/slow']);
  });
});

test('a pause takes its time', async () => {
  const start = performance.now();
  await pause(30);

  expect(performance.now() - start).toBeGreaterThan(25);
});

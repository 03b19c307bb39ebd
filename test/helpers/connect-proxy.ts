import { readFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { loopbackCertificate, loopbackKey } from './fake-gcp-grpc.ts';

/** A proxy that leads to servers on this machine, whatever their names, and remembers to whom it was asked the way. */
export interface ConnectProxy {
  readonly url: string;
  /** `HOST:PORT` of every tunnel. */
  readonly tunnels: string[];
  /** The login that came with each. */
  readonly logins: (string | undefined)[];
}

/**
 * Starts one, until the end of the test. The names have the certificate of `loopbackCertificate`.
 *
 * @param servers addresses with `http:`, by the hosts that stand for them. Any other host is refused
 */
export async function connectProxy(servers: Readonly<Record<string, string>>): Promise<ConnectProxy> {
  const tls = { key: readFileSync(loopbackKey), cert: readFileSync(loopbackCertificate) };
  const secure = createSecureServer(tls, (incoming, outgoing) => pass(servers[incoming.headers.host ?? ''] ?? '', incoming, outgoing));
  const plain = createServer();
  const [port, proxyPort] = [await listen(secure), await listen(plain)];
  const proxy: ConnectProxy = { url: `http://127.0.0.1:${proxyPort}`, tunnels: [], logins: [] };
  const sockets = new Set<Socket>();
  plain.on('connect', ({ url = '', headers }: IncomingMessage, client: Socket) => {
    proxy.tunnels.push(url);
    proxy.logins.push(headers['proxy-authorization']);
    sockets.add(client);
    if (servers[url.replace(/:443$/, '')] === undefined) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const onward = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(client).pipe(onward);
    });
    for (const socket of [onward, client]) socket.on('error', () => [onward, client].forEach((one) => one.destroy()));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of [secure, plain]) server.close();
  });
  return proxy;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

function pass(server: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers, url = '' } = incoming;
  const onward = request(new URL(url, server), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

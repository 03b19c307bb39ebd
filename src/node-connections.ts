import { Agent as HttpAgent, type ClientRequestArgs, request as requestPlain } from 'node:http';
import { Agent as HttpsAgent, request as requestSecure } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Agents, Context } from './context.ts';
import { proxyError, proxyFor } from './node-proxy.ts';

/** Connections to servers that can be closed all at once. */
export interface Connections {
  readonly agents: Agents;
  /** Closes all that are open, and lets nobody open another. */
  end(): void;
}

/** How long a connection may take with its handshake, in milliseconds. */
const usualLimit = 5_000;

/** Connections through the proxies of these variables. */
export function connections(env: Context['env'], limit: number = usualLimit): Connections {
  const tunnels: Tunnels = { open: new Set(), isOver: false };
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true });
  plain.createConnection = through('http:', hurried('connect', plain.createConnection.bind(plain), limit), tunnels, env);
  secure.createConnection = through('https:', hurried('secureConnect', secure.createConnection.bind(secure), limit), tunnels, env);
  return {
    agents: { http: plain, https: secure },
    end: () => {
      tunnels.isOver = true;
      for (const one of [plain, secure, ...tunnels.open]) one.destroy();
    },
  };
}

/** What is under way to a proxy. An agent knows nothing of it yet. */
interface Tunnels {
  readonly open: Set<{ destroy(): unknown }>;
  isOver: boolean;
}

type Connect = HttpAgent['createConnection'];

/** @param connected the event of a connection that is ready */
function hurried(connected: 'connect' | 'secureConnect', connect: Connect, limit: number): Connect {
  return (options, done) => {
    const stream = connect(options, done);
    const late = setTimeout(() => stream?.destroy(withCode('a time is over', 'ETIMEDOUT')), limit);
    for (const event of [connected, 'close']) stream?.once(event, () => clearTimeout(late));
    return stream;
  };
}

/** @param connect how it is done directly, and over a socket that stands in the options */
function through(scheme: string, connect: Connect, tunnels: Tunnels, env: Context['env']): Connect {
  return (options, done) => {
    const fail = (error: unknown): null => {
      if (!(error instanceof Error)) throw error;
      done?.(error, new Socket());
      return null;
    };
    if (tunnels.isOver) return fail(withCode('the command is over', 'ABORT_ERR'));
    try {
      const target = targetOf(scheme, options);
      const proxy = proxyFor(new URL(`${scheme}//${target}`), env);
      if (proxy === null) return connect(options, done);
      const connectOver = (socket: Socket) => (scheme === 'https:' ? connect(Object.assign({}, options, { socket })) : socket);
      void tunnelled(tunnel(proxy, target, tunnels), connectOver, done ?? (() => undefined), fail);
      return null;
    } catch (error) {
      return fail(error);
    }
  };
}

async function tunnelled(
  tunnelling: Promise<Socket>,
  connectOver: (socket: Socket) => Duplex | null | undefined,
  done: (error: null, stream: Duplex) => void,
  fail: (error: unknown) => void,
): Promise<void> {
  try {
    const socket = await tunnelling;
    done(null, connectOver(socket) ?? socket);
  } catch (error) {
    fail(error);
  }
}

function targetOf(scheme: string, { host, port }: ClientRequestArgs): string {
  const name = host ?? 'localhost';
  return `${name.includes(':') ? `[${name}]` : name}:${port ?? (scheme === 'https:' ? 443 : 80)}`;
}

/** Less than anybody waits for a connection, so that it is known what the proxy was at. */
const tunnelMs = 4_500;

/** Asks a proxy for a way to an address. What we speak there is no matter of its. */
function tunnel(proxy: URL, target: string, tunnels: Tunnels): Promise<Socket> {
  return new Promise((done, fail) => {
    const asked = (proxy.protocol === 'https:' ? requestSecure : requestPlain)({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port,
      path: target,
      headers: { host: target, ...loginOf(proxy) },
      agent: false,
    });
    const late = setTimeout(() => asked.destroy(withCode('a time is over', 'ETIMEDOUT')), tunnelMs);
    tunnels.open.add(asked);
    asked.on('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      socket.unshift(head);
      if (statusCode >= 200 && statusCode < 300) done(socket);
      else {
        socket.destroy();
        fail(proxyError(String(statusCode)));
      }
    });
    asked.on('error', (error) => fail(proxyError('code' in error ? String(error.code) : error.name)));
    asked.on('close', () => {
      clearTimeout(late);
      tunnels.open.delete(asked);
    });
    asked.end();
  });
}

function loginOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { type RequestOptions, request as requestSecure } from 'node:https';
import type { Agents, Context, HttpAnswer, HttpRequest, Network, TlsSettings } from './context.ts';
import { connections } from './node-connections.ts';

/** The servers of the real world. @param env says which proxy leads there */
export function nodeNetwork(env: Context['env'] = {}): Network {
  const { agents, end } = connections(env);
  return {
    request: (request) => send(request, agents),
    agents: () => Promise.resolve(agents),
    end: () => Promise.resolve(end()),
    pause,
    serve: async (place, serving) => (await import('./node-sockets.ts')).serve(place, serving),
  };
}

/** No answer that we ask for is near it, and a server that goes on without end must not fill the memory. */
const longestAnswer = 1 << 20;

function send({ method, url, headers, body, tls, signal, limits }: HttpRequest, agents: Agents): Promise<HttpAnswer> {
  return new Promise((done, fail) => {
    const target = new URL(url);
    const isSecure = target.protocol === 'https:';
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const ending = signal === null ? {} : { signal };
    const agent = isSecure ? agents.https : agents.http;
    const options: RequestOptions = { method, agent, headers: { ...headers, ...length }, ...ending, ...(isSecure ? secured(tls) : {}) };
    const outgoing = (isSecure ? requestSecure : requestPlain)(target, options, (incoming) => collect(incoming, done, fail));
    outgoing.on('error', fail);
    hurry(outgoing, limits, { connected: isSecure ? 'secureConnect' : 'connect', fail });
    outgoing.end(body);
  });
}

function secured({ ca, certificate, key, serverName }: TlsSettings): RequestOptions {
  return {
    ...(ca === null ? {} : { ca }),
    ...(certificate === null ? {} : { cert: certificate }),
    ...(key === null ? {} : { key }),
    ...(serverName === null ? {} : { servername: serverName }),
  };
}

function collect(incoming: IncomingMessage, done: (answer: HttpAnswer) => void, fail: (error: Error) => void): void {
  const pieces: Buffer[] = [];
  let length = 0;
  incoming.on('data', (piece: Buffer) => {
    pieces.push(piece);
    length += piece.length;
    if (length > longestAnswer) incoming.destroy(withCode('the answer is too long', 'EMSGSIZE'));
  });
  incoming.on('error', fail);
  incoming.on('end', () => done({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(pieces).toString() }));
}

interface Hurry {
  /** The event of a socket that is ready. */
  readonly connected: string;
  readonly fail: (error: Error) => void;
}

function hurry(outgoing: ClientRequest, { connectMs, answerMs }: HttpRequest['limits'], { connected, fail }: Hurry): void {
  const end = (): void => {
    fail(withCode('a time is over', 'ETIMEDOUT'));
    outgoing.destroy();
  };
  const whole = setTimeout(end, answerMs);
  const connection = setTimeout(end, connectMs);
  outgoing.on('close', () => {
    clearTimeout(whole);
    clearTimeout(connection);
  });
  outgoing.on('socket', (socket) => {
    // One that was used before is connected already.
    if (!socket.connecting) clearTimeout(connection);
    socket.once(connected, () => clearTimeout(connection));
  });
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

function pause(ms: number, enough?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, enough?.aborted === true ? 0 : ms);
    const end = (): void => {
      clearTimeout(timer);
      done();
    };
    enough?.addEventListener('abort', end, { once: true });
  });
}

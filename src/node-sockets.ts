import { lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Place, Serving } from './context.ts';
import { hasCode } from './node-files.ts';
import { atEnd, holdSignals } from './node-signals.ts';

/** Takes connections until a signal asks this process to end, or we are told to stop. */
export async function serve(place: Place, { take, ready, stop }: Serving): Promise<void> {
  const connections = new Set<Socket>();
  const server = createServer((connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    take(connection);
  });
  const ending = ended(stop);
  try {
    await bind(server, place);
  } catch (error) {
    ending.forget();
    throw error;
  }
  // Node removes the socket when the server closes; whatever else ends us must not leave it.
  const forget = 'path' in place ? atEnd(() => removeSocket(place.path)) : () => undefined;
  try {
    ready();
    await ending.promise;
  } finally {
    await closed(server, connections);
    forget();
    ending.forget();
  }
}

/** A socket that somebody left who was killed is in nobody's use. */
async function bind(server: Server, place: Place): Promise<void> {
  try {
    await listen(server, place);
  } catch (error) {
    if (!hasCode(error, 'EADDRINUSE') || !('path' in place) || !(await isDead(place.path))) throw error;
    removeSocket(place.path);
    await listen(server, place);
  }
}

function listen(server: Server, place: Place): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    // The socket is made within this call, and from its first moment on it is ours alone.
    const usual = process.umask(0o177);
    try {
      server.listen('path' in place ? { path: place.path } : { host: place.host, port: place.port }, () => {
        server.off('error', fail);
        done();
      });
    } finally {
      process.umask(usual);
    }
  });
}

function isDead(path: string): Promise<boolean> {
  if (!lstatSync(path).isSocket()) return Promise.resolve(false);
  return new Promise((done) => {
    const probe = connect({ path });
    probe.on('connect', () => {
      probe.destroy();
      done(false);
    });
    probe.on('error', (error) => done(hasCode(error, 'ECONNREFUSED')));
  });
}

function removeSocket(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/** What ends the serving. Signals count from now on, so that none ends the process between its first connection and its orderly end. */
function ended(stop: AbortSignal): { readonly promise: Promise<void>; forget(): void } {
  let end = (): void => undefined;
  const forget = holdSignals([
    ['SIGINT', () => end()],
    ['SIGTERM', () => end()],
    ['SIGHUP', () => end()],
  ]);
  const promise = new Promise<void>((done) => {
    end = done;
    if (stop.aborted) end();
    else stop.addEventListener('abort', () => end(), { once: true });
  });
  return { promise, forget };
}

function closed(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    for (const connection of connections) connection.destroy();
  });
}

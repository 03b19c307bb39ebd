import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

/** A server that a test started as a program of its own. */
export interface PeerServer {
  /** Ends it, and waits until it is gone. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** For messages. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it answers. Asked until it does, which takes some seconds. */
  readonly isReady: () => Promise<boolean>;
}

/** Starts a server, and waits until it answers. @throws where it ends before, or takes more than a minute */
export async function startServer({ name, file, args, env, isReady }: ServerOptions): Promise<PeerServer> {
  const child = spawn(file, [...args], { stdio: 'ignore', ...(env === undefined ? {} : { env: { ...env } }) });
  let isOver = false;
  const ended = new Promise<void>((done) => {
    child.on('error', () => done());
    child.on('exit', () => done());
  }).then(() => void (isOver = true));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  const end = Date.now() + 60_000;
  while (!(await isReady().catch(() => false))) {
    if (isOver || Date.now() > end) {
      await stop();
      throw new Error(`${name} did not start`);
    }
    await new Promise((next) => setTimeout(next, 50));
  }
  return { stop };
}

/** A port of this machine that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

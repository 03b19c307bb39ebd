import { spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { programPath } from './need.ts';
import { builtSec } from './sec.ts';
import type { Sops } from './sops-folder.ts';

/** Where a key service listens, by either program's option and as a client names it. */
export interface ServiceAt {
  readonly args: readonly string[];
  readonly url: string;
}

/** A key service that runs. */
export interface RunningService extends ServiceAt {
  /** Asks it to end, and gives its exit status and what it said. */
  stop(signal?: NodeJS.Signals): Promise<{ readonly status: number | null; readonly err: string }>;
}

/** A free port of this machine. */
export async function onTcp(): Promise<ServiceAt> {
  const port = await new Promise<number>((done, fail) => {
    const server = createServer().on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => done(free));
    });
  });
  return { args: ['--network', 'tcp', '--address', `127.0.0.1:${port}`], url: `tcp://127.0.0.1:${port}` };
}

export function onSocket(path: string): ServiceAt {
  return { args: ['--network', 'unix', '--address', path], url: `unix://${path}` };
}

/** Starts the built `sec`, or the real sops, as a key service. Whoever starts it stops it. */
export async function startService(
  program: 'sec' | Sops,
  at: ServiceAt,
  env: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<RunningService> {
  const [file, ...first] = program === 'sec' ? [process.execPath, builtSec()] : [programPath(program), '--disable-version-check'];
  const all = { PATH: process.env['PATH'] ?? '', ...env };
  const child = spawn(file, [...first, 'keyservice', ...at.args, ...more], { env: all, stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<number | null>((done) => {
    child.on('close', done);
  });
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!(await accepts(at.url))) {
    if (isOver) throw new Error(`the key service ended: ${err}`);
    await new Promise((next) => setImmediate(next));
  }
  return {
    ...at,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return { status: await ended, err };
    },
  };
}

function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const connection = url.startsWith('unix:')
    ? connect({ path: url.slice('unix://'.length) })
    : connect({ host: hostname, port: Number(port) });
  return new Promise((done) => {
    connection.on('error', () => done(false));
    connection.on('connect', () => {
      connection.destroy();
      done(true);
    });
  });
}

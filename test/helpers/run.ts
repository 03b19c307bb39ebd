import { spawn, type ChildProcess } from 'node:child_process';

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** A process that a test can talk to while it runs. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves once standard output has shown the text; rejects where the process ends without. */
  shows(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** Starts a program in a session of its own, so that no terminal of the tester's sends it signals. Standard input is closed. */
export function start(file: string, args: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(file, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, detached: true, stdio: 'pipe' });
  const seen = { out: '', err: '' };
  let look = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen.out += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (seen.err += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const ended = new Promise<Ended>((done, fail) => {
    child.on('error', fail);
    child.on('close', (status, signal) => done({ status, signal, ...seen }));
  });
  const shows = (text: string): Promise<void> =>
    new Promise((done, fail) => {
      look = () => (seen.out.includes(text) ? done() : undefined);
      look();
      void ended.then((end) => fail(new Error(`ended without showing ${text}: ${JSON.stringify(end)}`)));
    });
  return { child, shows, ended };
}

/** Runs a program to its end. */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return start(file, args, options).ended;
}

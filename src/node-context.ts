import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Context, Network, Programs, System, Terminal } from './context.ts';
import { calledAs } from './core/manners.ts';
import { SecError } from './core/problem.ts';
import { hasCode, nodeFiles } from './node-files.ts';
import type { Log } from './node-log.ts';
import { promptTerminal } from './terminal/prompt.ts';

/** The real world. What costs time is loaded or asked for when it is used. */
export function nodeContext(): Context {
  // A copy: what a package needs to find in `process.env` is nothing that a program of ours should see.
  const env = { ...process.env };
  const cwd = process.cwd();
  return {
    calledAs: calledAs(nameOfProgram(), env),
    env,
    cwd,
    home: env['HOME'] ?? process.getBuiltinModule('node:os').homedir(),
    platform: process.platform,
    get hostname() {
      return process.getBuiltinModule('node:os').hostname();
    },
    files: nodeFiles(env, cwd),
    programs: lazyPrograms(env, cwd),
    system: lazySystem(cwd),
    network: lazyNetwork(env),
    out: async (bytes) => writeOut(typeof bytes === 'string' ? Buffer.from(bytes) : bytes),
    err: writeErr,
    readInput,
    get terminal() {
      return findTerminal(env);
    },
    get stdoutIsTerminal() {
      return process.getBuiltinModule('node:tty').isatty(1);
    },
    now: () => new Date(),
    random: (length) => process.getBuiltinModule('node:crypto').randomBytes(length),
  };
}

/** The path by which the program was called. In a standalone executable the script has a name of its own. */
function nameOfProgram(): string {
  return (process.versions['bun'] === undefined ? process.argv[1] : process.argv0) ?? '';
}

/** Most commands run no program, and `child_process` brings a fifth of all that is loaded. */
function lazyPrograms(env: NodeJS.ProcessEnv, cwd: string): Programs {
  const programs = async (): Promise<Programs> => (await import('./node-programs.ts')).nodePrograms(env, cwd);
  return {
    run: async (program) => (await programs()).run(program),
    talk: async (program) => (await programs()).talk(program),
    find: async (name) => (await programs()).find(name),
    become: async (program) => (await programs()).become(program),
  };
}

function lazySystem(cwd: string): System {
  const system = async (): Promise<System> => (await import('./node-system.ts')).nodeSystem(cwd);
  const log = async (): Promise<Log> => (await import('./node-log.ts')).nodeLog(cwd);
  return {
    offer: async (path, bytes) => (await system()).offer(path, bytes),
    leave: async (program) => (await system()).leave(program),
    actAs: async (user) => (await system()).actAs(user),
    accountName: async () => (await system()).accountName(),
    caller: async () => (await log()).caller(),
    append: async (path, line) => (await log()).append(path, line),
    readEnd: async (path, most) => (await log()).readEnd(path, most),
  };
}

/** Few files need a server, and the modules for it are large. */
function lazyNetwork(env: NodeJS.ProcessEnv): Network {
  let made: Promise<Network> | null = null;
  const network = (): Promise<Network> => (made ??= import('./node-network.ts').then(({ nodeNetwork }) => nodeNetwork(env)));
  return {
    request: async (request) => (await network()).request(request),
    agents: async () => (await network()).agents(),
    end: async () => (await made)?.end(),
    pause: async (ms, enough) => (await network()).pause(ms, enough),
    serve: async (place, serving) => (await network()).serve(place, serving),
  };
}

/** Nobody is there to answer in CI, even where it has a terminal. */
function findTerminal(env: NodeJS.ProcessEnv): Terminal | null {
  const isCI = !['', 'false', '0'].includes(env['CI'] ?? '');
  return isCI || !hasTerminal() ? null : promptTerminal(async () => (await import('./node-terminal.ts')).openTerminal());
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return true;
  } catch {
    return false;
  }
}

async function writeOut(bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const written = tryWrite(1, bytes.subarray(at));
    if (written === null) await pause();
    at += written ?? 0;
  }
}

/** How much was written; `null` where a pipe is full that does not make us wait. */
function tryWrite(file: number, bytes: Uint8Array): number | null {
  try {
    return writeSync(file, bytes);
  } catch (error) {
    if (hasCode(error, 'EAGAIN')) return null;
    if (hasCode(error, 'EPIPE')) throw new SecError({ code: 'output-closed' }, { cause: error });
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new SecError({ code: 'file-unwritable', file: 'standard output', reason }, { cause: error });
  }
}

/** A message that nobody can read is no reason to fail. */
function writeErr(text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  for (let at = 0, tries = 0; at < bytes.length && tries < 1000; tries += 1) {
    try {
      at += writeSync(2, bytes, at);
    } catch (error) {
      if (!hasCode(error, 'EAGAIN')) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

async function readInput(): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = Buffer.allocUnsafeSlow(65_536);
    const length = tryRead(0, piece);
    if (length === 0) return Buffer.concat(pieces);
    if (length === null) await pause();
    else pieces.push(piece.subarray(0, length));
  }
}

/** How much was read; 0 at the end; `null` where nothing is there yet. */
function tryRead(file: number, into: Uint8Array): number | null {
  try {
    return readSync(file, into);
  } catch (error) {
    if (hasCode(error, 'EAGAIN')) return null;
    if (hasCode(error, 'EOF')) return 0;
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new SecError({ code: 'file-unreadable', file: 'standard input', reason }, { cause: error });
  }
}

function pause(): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, 5);
  });
}

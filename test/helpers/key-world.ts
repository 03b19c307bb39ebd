import { spawn } from 'node:child_process';
import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import type { Files, FileStat, Finished, Program, Programs, Terminal } from '../../src/context.ts';
import type { KeyWorld } from '../../src/keys/key.ts';
import { nodeNetwork } from '../../src/node-network.ts';
import { nodePrograms } from '../../src/node-programs.ts';

export interface KeyWorldOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  readonly terminal?: Terminal | null;
  readonly now?: Date;
  /** Recipients of the user's configuration, of whatever kind. */
  readonly configured?: readonly string[];
  /** Stands before the real ones: a program that a test answers itself. `null`: the real one is run. */
  readonly run?: (program: Program) => Promise<Finished> | null;
}

/** A world whose warnings a test can read. */
export interface TestKeyWorld extends KeyWorld {
  readonly warnings: string[];
}

/** Real programs and real files, read only, in a home and with variables of a test's own. Of our variables only PATH gets in. */
export function keyWorld(options: KeyWorldOptions = {}): TestKeyWorld {
  const warnings: string[] = [];
  const home = options.home ?? '/nonexistent';
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, ...options.env };
  return {
    env,
    home,
    platform: process.platform,
    hostname: 'test-host',
    files,
    programs: programs(env, options.run ?? (() => null)),
    network: nodeNetwork(),
    configured: () => Promise.resolve(options.configured ?? []),
    terminal: options.terminal ?? null,
    now: () => options.now ?? new Date(),
    memory: new Map(),
    warnings,
    warn: (text) => void warnings.push(text),
  };
}

const files = {
  read: async (path) => readFile(path),
  stat: statOrNull,
  list: async (path) => (await readdir(path)).sort(),
  write: refuse,
  create: refuse,
  privateFolder: refuse,
  remove: refuse,
} satisfies Files;

async function refuse(): Promise<never> {
  throw new Error('a key writes no files');
}

async function statOrNull(path: string): Promise<FileStat | null> {
  try {
    const found = await stat(path);
    return { kind: found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other', size: found.size, mode: found.mode };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function programs(env: Readonly<Record<string, string>>, answer: (program: Program) => Promise<Finished> | null): Programs {
  return {
    run: (program) => answer(program) ?? run({ env, ...program }),
    find: (name) => find(name, env['PATH'] ?? ''),
    talk: (program) => nodePrograms(env, '/').talk({ env, ...program }),
    become: refuse,
  };
}

function run(program: Program): Promise<Finished> {
  return new Promise((done, fail) => {
    const child = spawn(program.file, [...program.args], {
      env: { ...program.env },
      cwd: program.cwd,
      timeout: program.deadlineMs,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', fail);
    child.on('close', (status, signal) => done({ status, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }));
    // A program that ends before it has read all of its input is no failure of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(program.input ?? new Uint8Array());
  });
}

async function find(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    const file = resolve(join(folder, name));
    const executable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return file;
  }
  return null;
}

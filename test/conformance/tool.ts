import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { main } from '../../src/main.ts';
import { programPath } from '../helpers/need.ts';
import { alice, contextOf, makeWorld } from '../helpers/sec.ts';
import type { World } from '../helpers/sec.ts';

/** The programs that read and write the format. */
export type ToolName = 'sec' | 'sops-3.12.2' | 'sops-3.13.3';

export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** A folder below the working folder to start in. */
  readonly cwd?: string;
}

/** One of the programs, in a fresh folder, with Alice's key. A case says the same to each of them. */
export interface Tool {
  readonly name: ToolName;
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  write(name: string, content: string | Uint8Array): void;
  read(name: string): string;
  has(name: string): boolean;
  /** Writes a file and encrypts it for Alice. */
  encrypt(name: string, content: string | Uint8Array, flags?: readonly string[]): Promise<Ended>;
  /** The same for a file that must be encrypted. @throws where it is not */
  seal(name: string, content: string | Uint8Array, flags?: readonly string[]): Promise<string>;
  /** Writes a sealed file and decrypts it. */
  decrypt(name: string, content: string | Uint8Array, flags?: readonly string[]): Promise<Ended>;
}

/** Until the end of the test that asks for it. */
export function openTool(name: ToolName): Tool {
  const world = makeWorld({});
  const start = name === 'sec' ? runSec : runSops(name);
  const at = (file: string): string => (file.startsWith('~/') ? join(world.home, file.slice(2)) : join(world.work, file));
  const run: Tool['run'] = (args, options = {}) => start(world, args, options);
  const write: Tool['write'] = (file, content) => {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), content, { mode: 0o600 });
  };
  const encrypt: Tool['encrypt'] = (file, content, flags = ['--age', alice.recipient]) => {
    write(file, content);
    return run(['encrypt', ...flags, file]);
  };
  return {
    name,
    run,
    write,
    encrypt,
    read: (file) => readFileSync(at(file), 'utf8'),
    has: (file) => existsSync(at(file)),
    async seal(file, content, flags) {
      const { status, out, err } = await encrypt(file, content, flags);
      if (status !== 0) throw new Error(`${name} does not encrypt ${file}: ${status} ${err}`);
      return out;
    },
    decrypt(file, content, flags = []) {
      write(file, content);
      return run(['decrypt', ...flags, file]);
    },
  };
}

type Start = (world: World, args: readonly string[], options: RunOptions) => Promise<Ended>;

const runSec: Start = async (world, args, { env, input, cwd }) => {
  const written = { out: [] as Uint8Array[], err: '' };
  const there = { ...world, work: join(world.work, cwd ?? ''), env: environment(world, env) };
  const status = await main(args, contextOf(there, input === undefined ? {} : { input }, written));
  const bytes = Buffer.concat(written.out);
  return { status, out: bytes.toString(), err: written.err, bytes };
};

function runSops(name: Exclude<ToolName, 'sec'>): Start {
  const program = programPath(name);
  return async (world, args, { env, input, cwd }) => {
    const { status, stdout, stderr, error } = spawnSync(program, ['--disable-version-check', ...globalFirst(args)], {
      cwd: join(world.work, cwd ?? ''),
      env: environment(world, env),
      input: input ?? '',
    });
    if (error) throw error;
    return { status: status ?? -1, out: stdout.toString(), err: stderr.toString(), bytes: stdout };
  };
}

/** sops takes these before the command only. */
function globalFirst(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--indent');
  return at < 0 ? args : [...args.slice(at, at + 2), ...args.slice(0, at), ...args.slice(at + 2)];
}

function environment({ env }: World, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { SOPS_AGE_KEY: alice.identity, ...env, ...more };
}

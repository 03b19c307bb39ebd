import { readdirSync, readFileSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Context, Program } from '../../src/context.ts';
import { main } from '../../src/main.ts';
import { contextOf, makeWorld } from './sec.ts';
import type { FileTexts, SecOptions } from './sec.ts';

/** A secret that must not be seen anywhere. Letters alone, so that it may stand in any syntax. */
export const canary = 'CANARYxqzvwk';

export interface CanaryOptions extends Pick<SecOptions, 'env' | 'input' | 'terminal' | 'prepare'> {
  /** Stands in front of the real world: a disk that is full. */
  readonly change?: (context: Context) => Context;
  /** Files that may hold the secret afterwards, beside those that held it before: the result of a command that prints it. */
  readonly mayHold?: readonly string[];
}

export interface CanaryResult {
  readonly status: number;
  readonly err: string;
  /** Everywhere the secret was seen, other than in what a command printed that succeeded. */
  readonly seen: readonly string[];
}

/** Runs `sec`, and looks for the secret in its outputs, files, and the programs that it ran. */
export async function runWithCanary(args: readonly string[], files: FileTexts, options: CanaryOptions = {}): Promise<CanaryResult> {
  const { env = {}, change = (context) => context, mayHold = [] } = options;
  const world = makeWorld(files, options);
  const held = filesWith(world.root);
  const written = { out: [] as Uint8Array[], err: '' };
  const programs: Program[] = [];
  const context = watched(contextOf(world, options, written), programs);
  const status = await main(args, change(context));
  const seen = [
    ...(holds(written.err) ? ['standard error'] : []),
    ...(status !== 0 && holds(Buffer.concat(written.out)) ? ['standard output'] : []),
    ...filesWith(world.root).filter((path) => !held.includes(path) && !mayHold.some((name) => path.endsWith(`/work/${name}`))),
    ...privateFolders().flatMap(filesWith),
    ...programs.flatMap((program) => leaksOf(program, env)),
  ];
  return { status, err: written.err, seen };
}

function watched(context: Context, programs: Program[]): Context {
  const { run, become } = context.programs;
  return {
    ...context,
    programs: {
      ...context.programs,
      run: (program) => {
        programs.push(program);
        return run(program);
      },
      become: (program) => {
        // Its environment is what it is run for.
        programs.push({ ...program, env: {} });
        return become(program);
      },
    },
  };
}

function leaksOf({ file, args, env = {} }: Program, given: Readonly<Record<string, string>>): readonly string[] {
  const variables = Object.entries(env).filter(([name, value]) => given[name] !== value && holds(value ?? ''));
  return [
    ...([file, ...args].some(holds) ? [`an argument of ${file}`] : []),
    ...variables.map(([name]) => `the variable ${name} of ${file}`),
  ];
}

/** What sec makes where it has no folder of its own in memory. */
function privateFolders(): readonly string[] {
  return ['/dev/shm', tmpdir()].flatMap((place) =>
    readdirSync(place)
      .filter((name) => /^sec-[A-Za-z0-9]{6}$/.test(name))
      .map((name) => join(place, name)),
  );
}

function filesWith(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => holds(readIfThere(path)));
}

/** Folders of others may go while we look. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Another test may have removed it. */
function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** As it is, in hexadecimal, and in base64 at each of three offsets, without the signs that depend on what is around it. */
const forms: readonly string[] = [
  canary,
  Buffer.from(canary).toString('hex'),
  ...[0, 1, 2].map((offset) =>
    Buffer.from(`${' '.repeat(offset)}${canary}`)
      .toString('base64')
      .slice(offset === 0 ? 0 : offset + 1, -4),
  ),
];

/** Half of a secret is too much already. */
const shortest = 8;

function holds(content: string | Uint8Array): boolean {
  const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
  return text.includes(canary.slice(0, shortest)) || text.includes(canary.slice(-shortest)) || forms.some((form) => text.includes(form));
}

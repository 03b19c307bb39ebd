import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Context, Program, Terminal } from '../../src/context.ts';
import { main } from '../../src/main.ts';
import { nodeFiles } from '../../src/node-files.ts';
import { nodeNetwork } from '../../src/node-network.ts';
import { nodePrograms } from '../../src/node-programs.ts';
import { nodeSystem } from '../../src/node-system.ts';
import { start, type Running } from './run.ts';

/** Contents by path: of the working folder, or with `~/` in front of the home folder. */
export type FileTexts = Readonly<Record<string, string | Uint8Array>>;

export interface SecOptions {
  /** Path of what says what is audited; nothing by default. */
  readonly auditFile?: string;
  /** The name by which the program is called: `sec` by default. */
  readonly as?: 'sec' | 'sops';
  /** Beside PATH, HOME and a runtime folder. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. */
  readonly input?: string | Uint8Array;
  /** Who answers questions; nobody by default. */
  readonly terminal?: Terminal;
  readonly stdoutIsTerminal?: boolean;
  readonly now?: Date;
  /** Changes the world just before the command starts, e.g. `chmod`, links. */
  readonly prepare?: (folder: string) => void;
}

export interface SecResult {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** All files afterwards, named as they were given, so that they can be given to the next command. Links are `-> target`. */
  readonly files: Readonly<Record<string, string>>;
  /** The modes of those files, e.g. `600`. */
  readonly modes: Readonly<Record<string, string>>;
  /** Files that the command left in private folders. */
  readonly left: readonly string[];
  readonly outBytes: Uint8Array;
}

/** An identity for tests, and nothing else. */
export const alice = {
  recipient: 'age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x',
  identity: 'AGE-SECRET-KEY-1S9HYQ6KYXMQZZZU3XSL3WXFUDMD0FV4482QV9Y62WRLA5Y2SQCUSPKXX5J',
} as const;

/** Another. */
export const bob = {
  recipient: 'age15fee46pytlsgfgvhq77h58ctk4q62hws04j69h2uvtn7s5cwn45qy4ltdg',
  identity: 'AGE-SECRET-KEY-1PR800WAZ3TRX8XDWD9U739W8QDGC6UXLYH64P9S4D6DGT0F30ELQHZ3NFH',
} as const;

/** Runs `sec` in this process, in a fresh folder, with a world of its own. What `exec` becomes is run as a child. */
export async function sec(args: readonly string[], files: FileTexts = {}, options: SecOptions = {}): Promise<SecResult> {
  const world = makeWorld(files, options);
  const written = { out: [] as Uint8Array[], err: '' };
  const status = await main(args, contextOf(world, options, written));
  const outBytes = Buffer.concat(written.out);
  return { status, out: outBytes.toString(), err: written.err, outBytes, ...lookAround(world) };
}

/** The built program. @throws where it is not built */
export function builtSec(): string {
  const root = join(import.meta.dirname, '..', '..');
  if (!existsSync(join(root, 'dist', 'cli', 'sec.cjs'))) throw new Error('needs the built program: npm run build');
  return join(root, 'bin', 'sec.cjs');
}

/** Runs the built program in a fresh folder, as a process in a session of its own. */
export function secProcess(
  args: readonly string[],
  files: FileTexts = {},
  options: Pick<SecOptions, 'env' | 'prepare'> & { readonly input?: string } = {},
): Running & { readonly world: World } {
  const world = makeWorld(files, options);
  return { ...start(process.execPath, [builtSec(), ...args], { cwd: world.work, env: world.env, input: options.input ?? '' }), world };
}

export interface World {
  readonly root: string;
  readonly work: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A fresh folder with a home beside it, until the end of the test. */
export function makeWorld(files: FileTexts, options: Pick<SecOptions, 'env' | 'prepare'> = {}): World {
  const root = mkdtempSync(join(tmpdir(), 'sec-world-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [work, home, runtime] = ['work', 'home', 'runtime'].map((name) => join(root, name));
  if (work === undefined || home === undefined || runtime === undefined) throw new Error('three folders');
  for (const folder of [work, home, runtime]) mkdirSync(folder, { mode: 0o700 });
  for (const [name, content] of Object.entries(files)) {
    const path = name.startsWith('~/') ? join(home, name.slice(2)) : join(work, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: name.startsWith('~/') ? 0o600 : 0o644 });
  }
  options.prepare?.(work);
  return { root, work, home, env: { PATH: process.env['PATH'] ?? '', HOME: home, XDG_RUNTIME_DIR: runtime, ...options.env } };
}

/** What a command sees of such a folder. */
export function contextOf({ env, work, home }: World, options: SecOptions, written: { readonly out: Uint8Array[]; err: string }): Context {
  const programs = nodePrograms(env, work);
  const out = async (bytes: Uint8Array | string): Promise<void> => void written.out.push(Buffer.from(bytes));
  return {
    calledAs: options.as ?? 'sec',
    env,
    cwd: work,
    home,
    platform: process.platform,
    hostname: 'test-host',
    files: nodeFiles(env, work),
    system: nodeSystem(work),
    auditFile: options.auditFile ?? '/no/audit.yaml',
    programs: {
      ...programs,
      run: (program) => programs.run({ env, ...program }),
      // To be replaced would end the test.
      become: async (program: Program) => {
        const file = (await programs.find(program.file)) ?? program.file;
        const { status, stdout, stderr } = await programs.run({ ...program, file, env: program.env ?? env });
        await out(stdout);
        written.err += Buffer.from(stderr).toString();
        return status ?? 255;
      },
    },
    network: nodeNetwork(),
    out,
    err: (text) => void (written.err += `${text}\n`),
    readInput: async () => Buffer.from(options.input ?? ''),
    terminal: options.terminal ?? null,
    stdoutIsTerminal: options.stdoutIsTerminal ?? false,
    now: () => options.now ?? new Date('2026-01-02T03:04:05Z'),
    random: (length) => randomBytes(length),
  };
}

function lookAround({ root, work, home }: World): Pick<SecResult, 'files' | 'modes' | 'left'> {
  const found = [
    ...filesIn(work).map((name) => ({ name, path: join(work, name) })),
    ...filesIn(home).map((name) => ({ name: `~/${name}`, path: join(home, name) })),
  ];
  return {
    files: Object.fromEntries(found.map(({ name, path }) => [name, contentOf(path)])),
    modes: Object.fromEntries(found.map(({ name, path }) => [name, (lstatSync(path).mode & 0o7777).toString(8)])),
    left: filesIn(join(root, 'runtime')),
  };
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function contentOf(path: string): string {
  try {
    return `-> ${readlinkSync(path)}`;
  } catch {
    return readFileSync(path, 'utf8');
  }
}

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { bundle } from './bundle.ts';
import { alice, makeWorld } from './sec.ts';
import type { World } from './sec.ts';

/** `sec` as a process of its own, whose memory has an end. */
export interface Child {
  run(args: readonly string[], options?: { readonly env?: Readonly<Record<string, string>> }): Promise<ChildEnded>;
  readonly world: World;
}

export interface ChildEnded {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: Buffer;
  readonly err: string;
  /** The most memory that it had at a time, in megabytes; 0 where it was ended. */
  readonly megabytes: number;
}

/** What to run: made once for the tests of a file, outside of a test. */
export function childProgram(): Promise<string> {
  return bundle(`
    import { run } from './src/cli.ts';
    import { writeFileSync } from 'node:fs';
    process.on('exit', () => writeFileSync(process.env.SEC_TEST_MEMORY, String(process.resourceUsage().maxRSS)));
    void run();
  `);
}

/** A process that hangs is ended by then, and so fails its test. */
const hangAfterMs = 180_000;

/**
 * A fresh folder for one test, with Alice's key.
 *
 * @param heapMegabytes of JavaScript: beyond that the process dies
 */
export function startChild(program: string, files: Readonly<Record<string, string | Uint8Array>>, heapMegabytes = 512): Child {
  const world = makeWorld(files, { env: { SOPS_AGE_KEY: alice.identity } });
  const memory = join(world.root, 'memory');
  const run: Child['run'] = (args, { env } = {}) =>
    new Promise((done, fail) => {
      const child = spawn(process.execPath, [`--max-old-space-size=${heapMegabytes}`, program, ...args], {
        cwd: world.work,
        env: { ...world.env, SEC_TEST_MEMORY: memory, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: hangAfterMs,
      });
      const out: Buffer[] = [];
      let err = '';
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      child.on('error', fail);
      child.on('close', (status, signal) => {
        const megabytes = existsSync(memory) ? Math.round(Number(readFileSync(memory, 'utf8')) / 1024) : 0;
        done({ status, signal, out: Buffer.concat(out), err, megabytes });
      });
    });
  return { run, world };
}

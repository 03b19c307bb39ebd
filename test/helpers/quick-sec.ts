import { basename } from 'node:path';

import { main } from '../../src/main.ts';
import { alice, contextOf, makeWorld } from './sec.ts';

export interface QuickResult {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface QuickOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly random?: (length: number) => Uint8Array;
}

/** Runs `sec` on one file that stands on no disk, with alice's identity: for tests that run it some thousand times. */
export type QuickSec = (args: readonly string[], content: string | Uint8Array) => Promise<QuickResult>;

/** The last argument is the name of the file. Call it within a test. */
export function quickSec({ env = {}, random }: QuickOptions = {}): QuickSec {
  const world = makeWorld({}, { env: { SEC_AGE_KEY: alice.identity, ...env } });
  return async (args, content) => {
    const written = { out: [] as Uint8Array[], err: '' };
    const context = contextOf(world, {}, written);
    const name = args.at(-1) ?? '';
    const read = (path: string): Promise<Uint8Array> =>
      basename(path) === name ? Promise.resolve(Buffer.from(content)) : context.files.read(path);
    const status = await main(args, {
      ...context,
      files: { ...context.files, read },
      random: random ?? ((length) => context.random(length)),
    });
    return { status, out: Buffer.concat(written.out).toString(), err: written.err };
  };
}

import { findConfig } from './config/find.ts';
import type { Config } from './config/read.ts';
import type { Context } from './context.ts';
import { SecError } from './core/problem.ts';

/**
 * What the configuration of the working folder says of calls to servers with keys. One that is broken keeps nobody from reading, so it
 * says nothing. Nearly none says anything, and what reads a file should not wait for it to be parsed.
 */
export async function configuredLimits({ cwd, files }: Context, env: Context['env']): Promise<Config['keyLimits'] | null> {
  const world = { env, cwd, files, warn: () => undefined };
  const search = { flag: null, target: null };
  const place = await findConfig(world, search);
  if (place === null || !/\bkeys\b["']?\s*:/.test(await textOf(files, place.file))) return null;
  const [{ loadConfig }, { parsePlainYaml }] = await Promise.all([import('./config/read.ts'), import('./formats/yaml/plain.ts')]);
  try {
    return (await loadConfig(world, search, parsePlainYaml))?.keyLimits ?? null;
  } catch (error) {
    if (error instanceof SecError) return null;
    throw error;
  }
}

async function textOf(files: Context['files'], path: string): Promise<string> {
  try {
    return Buffer.from(await files.read(path)).toString('latin1');
  } catch {
    return '';
  }
}

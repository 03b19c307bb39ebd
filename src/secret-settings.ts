import { findConfig } from './config/find.ts';
import type { Config } from './config/read.ts';
import type { Context } from './context.ts';
import { SecError } from './core/problem.ts';

/**
 * The configuration of the working folder, for settings that count for every command, whatever file it is about. Nearly none has any,
 * and what reads a file should not wait for a text to be parsed, so only one in which the word stands is.
 *
 * @param word the key under which the settings stand
 * @returns `null` where there is none, or one that is broken: it keeps nobody from reading
 */
export async function settingsOfFolder({ cwd, files }: Context, env: Context['env'], word: string): Promise<Config | null> {
  const world = { env, cwd, files, warn: () => undefined };
  const search = { flag: null, target: null };
  const place = await findConfig(world, search);
  if (place === null || !new RegExp(`\\b${word}\\b["']?\\s*:`).test(await textOf(files, place.file))) return null;
  const [{ loadConfig }, { parsePlainYaml }] = await Promise.all([import('./config/read.ts'), import('./formats/yaml/plain.ts')]);
  try {
    return await loadConfig(world, search, parsePlainYaml);
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

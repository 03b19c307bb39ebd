import { isAbsolute, relative, resolve, sep } from 'node:path';
import { loadConfig, type Config } from './config/read.ts';
import type { RecipientSpec } from './config/recipients.ts';
import type { Context } from './context.ts';
import { SecError } from './core/problem.ts';

/**
 * The recipients of a kind that the configuration names, in any rule or for any person: servers that the user chose. A file from
 * elsewhere may have a configuration beside it that is as foreign, so one counts only from the working directory on, downward to the
 * file and upward.
 *
 * @returns none where there is no configuration, or a broken one: nobody needs one to read a file
 */
export async function configuredRecipients(context: Context, kind: string, file: string): Promise<readonly string[]> {
  const config = await configOf(context, file);
  if (config === null) return [];
  const specs = [...config.rules.flatMap((entry) => orNone(() => entry.rule().groups.flat())), ...[...config.people.values()].flat()];
  return [...new Set(specs.flatMap((spec) => (spec.kind === kind && 'text' in spec ? [spec.text] : [])))];
}

async function configOf(context: Context, file: string): Promise<Config | null> {
  const { parsePlainYaml } = await import('./formats/yaml/plain.ts');
  const { env, cwd, files } = context;
  const target = isBelow(cwd, resolve(cwd, file)) ? resolve(cwd, file) : null;
  try {
    return await loadConfig({ env, cwd, files, warn: () => undefined }, { flag: null, target }, parsePlainYaml);
  } catch (error) {
    if (error instanceof SecError) return null;
    throw error;
  }
}

/** A rule that is wrong names nobody; the others count. */
function orNone(specs: () => readonly RecipientSpec[]): readonly RecipientSpec[] {
  try {
    return specs();
  } catch (error) {
    if (error instanceof SecError) return [];
    throw error;
  }
}

function isBelow(folder: string, path: string): boolean {
  const inner = relative(folder, path);
  return inner !== '..' && !inner.startsWith(`..${sep}`) && !isAbsolute(inner);
}

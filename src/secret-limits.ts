import { loadConfig } from './config/read.ts';
import type { Config } from './config/read.ts';
import type { Context } from './context.ts';
import { SecError } from './core/problem.ts';

/**
 * What the configuration of the working folder says of calls to servers with keys. One that is broken keeps nobody from reading, so it
 * says nothing.
 */
export async function configuredLimits({ cwd, files }: Context, env: Context['env']): Promise<Config['keyLimits'] | null> {
  const { parsePlainYaml } = await import('./formats/yaml/plain.ts');
  try {
    const config = await loadConfig({ env, cwd, files, warn: () => undefined }, { flag: null, target: null }, parsePlainYaml);
    return config === null ? null : config.keyLimits;
  } catch (error) {
    if (error instanceof SecError) return null;
    throw error;
  }
}

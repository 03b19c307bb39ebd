import type { Config } from './config/read.ts';
import type { Context } from './context.ts';
import { settingsOfFolder } from './secret-settings.ts';

/** What the configuration of the working folder says of calls to servers with keys; `null` where it says nothing. */
export async function configuredLimits(context: Context, env: Context['env']): Promise<Config['keyLimits'] | null> {
  return (await settingsOfFolder(context, env, 'keys'))?.keyLimits ?? null;
}

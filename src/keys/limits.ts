import { SecError } from '../core/problem.ts';
import type { KeyWorld } from './key.ts';
import { remembered } from './key.ts';

/** How much a command asks of servers. */
export interface KeyLimits {
  /** Calls at the same time. */
  readonly calls: number;
  /** Seconds until servers are not waited for any more. */
  readonly timeout: number;
}

/** The same where somebody may have said nothing of it: `null`. */
export type ChosenLimits = { readonly [L in keyof KeyLimits]: number | null };

const usual: KeyLimits = { calls: 32, timeout: 60 };

/** The options, the variables that they stand for, and the most that each may say. */
const settings = { calls: ['--key-calls', 'SEC_KEY_CALLS', 1000], timeout: ['--unlock-timeout', 'SEC_UNLOCK_TIMEOUT', 86_400] } as const;

/**
 * The limits by options and variables, else by the configuration, which is read only where one of them is not given.
 *
 * @throws SecError `usage` for a variable that is no number from 1
 */
export function keyLimits(world: KeyWorld): Promise<KeyLimits> {
  return remembered(world, 'limits', async () => {
    const given = { calls: fromVariable(world.env, 'calls'), timeout: fromVariable(world.env, 'timeout') };
    const isWhole = given.calls !== null && given.timeout !== null;
    const configured = isWhole ? null : ((await world.limits?.()) ?? null);
    return {
      calls: given.calls ?? positive(configured?.calls) ?? usual.calls,
      timeout: given.timeout ?? positive(configured?.timeout) ?? usual.timeout,
    };
  });
}

/** A configuration that is broken says nothing. */
function positive(value: number | null | undefined): number | null {
  return (value ?? 0) >= 1 ? (value ?? null) : null;
}

function fromVariable(env: KeyWorld['env'], limit: keyof KeyLimits): number | null {
  const [option, name, most] = settings[limit];
  const text = env[name] ?? '';
  if (text === '') return null;
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw new SecError({ code: 'usage', message: `${option} (${name}) takes a whole number from 1 to ${most}` });
}

import { truthOf } from '../keys/service-places.ts';
import type { Trust } from '../secret-trust.ts';
import type { Declaration } from './declaration.ts';

/** Options of every command that needs keys: who is asked for them, and how much. Each stands for a variable, which keys look at. */

export interface KeyFlags {
  readonly keyservice?: readonly string[];
  readonly enableLocalKeyservice?: string | true;
  readonly unlockTimeout?: string;
  readonly keyCalls?: string;
  readonly config?: string;
}

export function withKeys(command: Declaration): Declaration {
  return command
    .option('--keyservice <url>', 'a machine to ask for keys, after this one: tcp://HOST:PORT or unix:///PATH', append)
    .option('--enable-local-keyservice [answer]', 'whether to use the keys of this machine: =true, the default, or =false', answer)
    .option('--unlock-timeout <seconds>', 'how long to wait for servers that have keys')
    .option('--key-calls <number>', 'how many calls to such servers may be under way at once');
}

/** A file behind the bare option would be taken for its answer, so it is looked at before anything is done. */
function answer(value: string): string {
  return String(truthOf(value));
}

function append(value: string, values: readonly string[] | undefined): readonly string[] {
  return [...(values ?? []), value];
}

/** The variables that these options stand for. */
export function keyVariables(flags: KeyFlags): Readonly<Record<string, string>> {
  const local = flags.enableLocalKeyservice === true ? 'true' : flags.enableLocalKeyservice;
  const given = {
    SEC_KEYSERVICE: flags.keyservice?.join(','),
    SEC_ENABLE_LOCAL_KEYSERVICE: local,
    SEC_UNLOCK_TIMEOUT: flags.unlockTimeout,
    SEC_KEY_CALLS: flags.keyCalls,
    SEC_CONFIG: flags.config,
  };
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])));
}

export interface TrustFlags {
  readonly trustFileRecipients?: boolean;
  readonly config?: string;
}

/** For what writes a file that is there already. */
export function withTrust(command: Declaration): Declaration {
  return command.option('--trust-file-recipients', 'write the file for all whom it names, though its rule does not');
}

export function trustOf({ trustFileRecipients, config }: TrustFlags): Trust {
  return { file: trustFileRecipients ?? false, config: config ?? null };
}

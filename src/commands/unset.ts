import type { Context } from '../context.ts';
import type { Path } from '../core/path.ts';
import { SecError } from '../core/problem.ts';
import { withoutValue } from '../secret-change.ts';
import { startSession } from '../secret-file.ts';
import type { SecretFile } from '../secret-file.ts';
import { resealFile } from '../secret-seal.ts';
import { withRetries } from '../secret-retry.ts';
import { readTarget, saveChanged } from '../secret-target.ts';
import { openToChange } from '../secret-trust.ts';
import type { Declaration } from './declaration.ts';
import { readPath, tellOpened } from './opened.ts';
import { outputFor, withPrinting, type PrintFlags } from './printing.ts';
import { keyVariables, trustOf, type TrustFlags, withTrust } from './key-options.ts';
import { inputOptions, openOptions, withInput, withOpening } from './options.ts';
import type { InputFlags, OpenFlags } from './options.ts';

interface UnsetFlags extends PrintFlags, InputFlags, OpenFlags, TrustFlags {
  readonly idempotent?: boolean;
}

export function declareUnset(program: Declaration, context: Context): void {
  withPrinting(withTrust(withOpening(withInput(program.command('unset')))))
    .summary('take one value out of a file')
    .argument('<file>', 'the encrypted file')
    .argument('<path>', 'e.g. db.password, hosts[0] or ["a.b"]')
    .option('--idempotent', 'a value that is not there is no error')
    .action((file: string, path: string, flags: UnsetFlags) => unset(context, file, path, flags));
}

async function unset(context: Context, path: string, at: string, flags: UnsetFlags): Promise<void> {
  const steps = readPath(context, at, 'set');
  const session = startSession(context, keyVariables(flags));
  let isFirst = true;
  await withRetries(context, async () => {
    const target = await readTarget(session, path, inputOptions(flags));
    const file = await openToChange(session, target, openOptions(flags), trustOf(flags));
    if (isFirst) tellOpened(context, file, flags);
    isFirst = false;
    const plain = remove(file, steps, flags.idempotent ?? false);
    const output = await outputFor(session, file, flags);
    const sealed = plain === null ? null : resealFile(session, file, plain, { raiseVersion: false, output });
    if (sealed !== null) await saveChanged(session, path, sealed.bytes, { expected: target.bytes });
  });
}

function remove(file: SecretFile, path: Path, idempotent: boolean): Uint8Array | null {
  try {
    return withoutValue(file, path);
  } catch (error) {
    if (idempotent && error instanceof SecError && error.problem.code === 'path-not-found') return null;
    throw error;
  }
}

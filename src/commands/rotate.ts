import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
import { SecError } from '../core/problem.ts';
import { completed } from '../keys/key.ts';
import { openSecretFile, startSession } from '../secret-file.ts';
import { recipientsOf, rotateFile, withoutRecipients, withRecipients } from '../secret-recipients.ts';
import { readTarget, saveFile } from '../secret-target.ts';
import { refuseStrangers } from '../secret-trust.ts';
import type { Declaration } from './declaration.ts';
import { keyVariables, trustOf, type TrustFlags, withTrust } from './key-options.ts';
import { inputOptions, openOptions, withInput, withOpening } from './options.ts';
import type { InputFlags, OpenFlags } from './options.ts';
import { tellOpened } from './opened.ts';
import { outputFor, withPrinting, type PrintFlags } from './printing.ts';
import { recipientsGiven, withRecipientOptions } from './recipient-options.ts';

interface RotateFlags extends PrintFlags, InputFlags, OpenFlags, TrustFlags {
  readonly inPlace?: boolean;
  readonly output?: string;
}

export function declareRotate(program: Declaration, context: Context): void {
  const command = withInput(program.command('rotate'))
    .summary('encrypt a file under a new data key, for the same people or others')
    .argument('<file>', 'the encrypted file')
    .option('-i, --in-place', 'write the file itself instead of standard output')
    .option('--output <file>', 'write there instead of standard output')
    .option('--filename-override <name>', 'take the format from this name')
    .option('--encryption-context <pairs>', 'context of AWS keys that are added or taken out')
    .option('--aws-profile <name>', 'profile of AWS keys that are added or taken out');
  withRecipientOptions(withRecipientOptions(withPrinting(withTrust(withOpening(command))), 'add-', 'add'), 'rm-', 'take out').action(
    (file: string, flags: RotateFlags & Record<string, unknown>) => rotate(context, file, flags),
  );
}

async function rotate(context: Context, path: string, flags: RotateFlags & Record<string, unknown>): Promise<void> {
  if (flags.inPlace && flags.output !== undefined) {
    throw new SecError({ code: 'options-conflict', message: '--in-place and --output exclude each other' });
  }
  const given = [recipientsGiven(flags, 'add-'), recipientsGiven(flags, 'rm-')];
  const session = startSession(context, keyVariables(flags));
  const isChange = given.flat().length > 0;
  const target = await orNothingToChange(isChange, path, () => readTarget(session, path, inputOptions(flags)));
  const file = await openSecretFile(session, target, openOptions(flags));
  tellOpened(context, file, flags);
  const output = await outputFor(session, file, flags);
  const [added = [], removed = []] = await Promise.all(given.map((keys) => completed(keys, session.keys)));
  const groups = withoutRecipients(withRecipients(recipientsOf(file.metadata, path), added), removed);
  await refuseStrangers(session, target, withoutRecipients(groups, added).flat(), trustOf(flags));
  const { bytes } = await rotateFile(session, file, { groups, threshold: file.metadata.threshold || null, output });
  if (flags.inPlace) await saveFile(session, path, bytes, { expected: target.bytes });
  else if (flags.output !== undefined) await saveFile(session, flags.output, bytes, {});
  else await context.out(bytes);
  if (!mannersOf(context.calledAs).reports) return;
  // The list of recipients in a file is not authenticated: whoever changed it gets the new data key, too.
  context.err(
    `sec: ${path}: now locked for ${groups
      .flat()
      .map(({ label }) => label)
      .join(', ')}`,
  );
}

/** @throws SecError `no-file-to-change` where there is nothing whose keys could be changed */
async function orNothingToChange<T>(isChange: boolean, file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const isMissing = cause instanceof SecError && cause.problem.code === 'file-missing';
    throw isMissing && isChange ? new SecError({ code: 'no-file-to-change', file }, { cause }) : cause;
  }
}

import type { Context } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { mannersOf } from '../core/manners.ts';
import type { MasterKey } from '../keys/key.ts';
import { inspectFile, openSecretFile, startSession } from '../secret-file.ts';
import type { Session } from '../secret-file.ts';
import { recipientsOf, rewrapFile, rotateFile, withoutGroup, withoutRecipients } from '../secret-recipients.ts';
import type { Recipients } from '../secret-recipients.ts';
import { readTarget, saveFile } from '../secret-target.ts';
import type { Target } from '../secret-target.ts';
import { refuseStrangers } from '../secret-trust.ts';
import type { Declaration } from './declaration.ts';
import { type KeyFlags, keyVariables, trustOf, type TrustFlags, withKeys, withTrust } from './key-options.ts';
import { recipientsGiven, withRecipientOptions } from './recipient-options.ts';

interface GroupsFlags extends KeyFlags, TrustFlags {
  readonly file: string;
  readonly inPlace?: boolean;
  readonly shamirSecretSharingThreshold?: string;
  readonly keepDataKey?: boolean;
}

export function declareGroups(program: Declaration, context: Context): void {
  const groups = program.command('groups').summary('add key groups to a file, or take them out');
  const add = withShared(groups.command('add').summary('add a group of keys, of which one will be needed'))
    .option('--encryption-context <pairs>', 'context of the AWS keys')
    .option('--aws-profile <name>', 'profile of the AWS keys');
  withRecipientOptions(add, '', 'the group has').action((flags: GroupsFlags & Record<string, unknown>) => addGroup(context, flags));
  withShared(groups.command('delete').summary('take a group out'))
    .argument('<index>', 'number of the group, from 0')
    .option('--keep-data-key', 'keep the data key, which those who are taken out may know')
    .action((index: string, flags: GroupsFlags) => deleteGroup(context, index, flags));
}

function withShared(command: Declaration): Declaration {
  return withTrust(withKeys(command))
    .requiredOption('-f, --file <file>', 'the encrypted file')
    .option('-i, --in-place', 'write the file itself instead of standard output')
    .option('--shamir-secret-sharing-threshold <number>', 'how many groups are needed from now on');
}

async function addGroup(context: Context, flags: GroupsFlags & Record<string, unknown>): Promise<void> {
  const added = recipientsGiven(flags, '');
  if (added.length === 0) throw new SecError({ code: 'empty-group', file: flags.file });
  await change(context, flags, { by: (groups) => [...groups, added], added, keepsDataKey: true });
}

/** Whoever is taken out may have kept the data key, so the file gets another one. */
async function deleteGroup(context: Context, index: string, flags: GroupsFlags): Promise<void> {
  if (!/^\d{1,3}$/.test(index)) throw new SecError({ code: 'usage', message: 'the number of a group is a whole number from 0' });
  const keepsDataKey = flags.keepDataKey ?? mannersOf(context.calledAs).keepsDataKey;
  await change(context, flags, { by: (groups) => withoutGroup(groups, Number(index), flags.file), added: [], keepsDataKey });
}

interface Change {
  readonly by: (groups: Recipients) => Recipients;
  readonly added: readonly MasterKey[];
  readonly keepsDataKey: boolean;
}

async function change(context: Context, flags: GroupsFlags, { by, added, keepsDataKey }: Change): Promise<void> {
  const session = startSession(context, keyVariables(flags));
  const target = await readTarget(session, flags.file, { inputType: null, nameOverride: null });
  const { metadata } = inspectFile(target);
  const groups = by(recipientsOf(metadata, target.file));
  const threshold = Number(flags.shamirSecretSharingThreshold ?? metadata.threshold);
  if (groups.length === 0) throw new SecError({ code: 'empty-group', file: target.file });
  if (groups.length < threshold) throw new SecError({ code: 'bad-threshold', threshold, groups: groups.length });
  await refuseStrangers(session, target, withoutRecipients(groups, added).flat(), trustOf(flags));
  const bytes = keepsDataKey ? await rewrapFile(session, target, groups, threshold) : await rekeyed(session, target, groups, threshold);
  await deliver(session, target, bytes, flags);
}

async function rekeyed(session: Session, target: Target, groups: Recipients, threshold: number): Promise<Uint8Array> {
  const file = await openSecretFile(session, target, { ignoreMac: false, decryptionOrder: null });
  return (await rotateFile(session, file, { groups, threshold })).bytes;
}

async function deliver(session: Session, target: Target, bytes: Uint8Array, { inPlace, file }: GroupsFlags): Promise<void> {
  if (inPlace) await saveFile(session, file, bytes, { expected: target.bytes });
  else await session.context.out(bytes);
}

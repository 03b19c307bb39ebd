import { resolve } from 'node:path';

import type { Context } from '../context.ts';
import { ruleFor } from '../config/rule.ts';
import { mannersOf } from '../core/manners.ts';
import { SecError } from '../core/problem.ts';
import { inspectFile, openSecretFile, startSession } from '../secret-file.ts';
import type { Session } from '../secret-file.ts';
import { withEach } from '../secret-many.ts';
import { configFor, keyOf } from '../secret-plan.ts';
import { completed } from '../keys/key.ts';
import { compareRecipients, recipientsOf, rewrapFile, rotateFile } from '../secret-recipients.ts';
import type { RecipientChange, Recipients } from '../secret-recipients.ts';
import { readTarget, saveFile } from '../secret-target.ts';
import type { Target } from '../secret-target.ts';
import type { Declaration } from './declaration.ts';
import { type KeyFlags, keyVariables, withKeys } from './key-options.ts';

interface UpdatekeysFlags extends KeyFlags {
  readonly yes?: boolean;
  readonly inputType?: string;
  readonly config?: string;
  readonly keepDataKey?: boolean;
}

export function declareUpdatekeys(program: Declaration, context: Context): void {
  withKeys(program.command('updatekeys'))
    .summary('bring the recipients of files up to their rule')
    .argument('<file...>', 'the encrypted files')
    .option('-y, --yes', 'do not ask')
    .option('--input-type <type>', 'read as yaml, json, dotenv, ini or binary, whatever the name says')
    .option('--config <file>', 'the configuration to use')
    .option('--keep-data-key', 'keep the data key even where someone is taken out, who may know it')
    .action((files: readonly string[], flags: UpdatekeysFlags) => updatekeys(context, files, flags));
}

async function updatekeys(context: Context, files: readonly string[], flags: UpdatekeysFlags): Promise<void> {
  const session = startSession(context, keyVariables(flags));
  if (mannersOf(context.calledAs).speaksAsSops) {
    const { updateAllAsSops } = await import('./updatekeys-as-sops.ts');
    if ((await configFor(session, null, flags.config ?? null)) === null)
      throw new SecError({ code: 'no-recipients', file: files[0] ?? '' });
    const wanted = async (path: string): Promise<Recipients> => (await wantedBy(session, path, flags.config ?? null)).groups;
    await updateAllAsSops(session, files, { inputType: flags.inputType ?? null, nameOverride: null, yes: flags.yes ?? false, wanted });
    return;
  }
  // Where somebody is asked, an answer counts before the next question.
  for (const batch of flags.yes ? [files] : files.map((file) => [file])) await updateTogether(session, batch, flags);
}

/** All of these files, or none where one of them cannot be. */
async function updateTogether(session: Session, files: readonly string[], flags: UpdatekeysFlags): Promise<void> {
  const updates: Update[] = [];
  for (const file of files) updates.push(...(await updateFor(session, file, flags)));
  const results = await withEach(session, updates, (each, { target, wanted }) => locked(each, target, wanted));
  for (const [index, bytes] of results.entries()) {
    const update = updates[index];
    if (update !== undefined) await saveFile(session, update.path, bytes, { expected: update.target.bytes });
  }
}

interface Update {
  readonly path: string;
  readonly target: Target;
  readonly wanted: Wanted;
}

/** What is to be done with a file, said and confirmed; nothing, where its recipients are right. */
async function updateFor(session: Session, path: string, flags: UpdatekeysFlags): Promise<readonly Update[]> {
  const target = await readTarget(session, path, { inputType: flags.inputType ?? null, nameOverride: null });
  const { metadata } = inspectFile(target);
  const rule = await wantedBy(session, path, flags.config ?? null);
  const changes = compareRecipients(recipientsOf(metadata, path), rule.groups);
  const threshold = rule.groups.length === 1 ? null : rule.threshold;
  const isSame = changes.every(({ added, removed }) => added.length + removed.length === 0);
  if (isSame && (threshold ?? metadata.threshold) === metadata.threshold) {
    session.context.err(`sec: ${path}: its recipients are those of its rule`);
    return [];
  }
  session.context.err(describe(path, changes));
  if (!flags.yes && !(await confirmed(session, path))) return [];
  const keeps = flags.keepDataKey ?? mannersOf(session.context.calledAs).keepsDataKey;
  return [{ path, target, wanted: { groups: rule.groups, threshold, changes, keeps } }];
}

/** @throws SecError `no-recipients`, `no-rule`, `bad-config` */
async function wantedBy(session: Session, path: string, flag: string | null): Promise<{ groups: Recipients; threshold: number | null }> {
  const config = await configFor(session, path, flag);
  if (config === null || !config.hasRules) throw new SecError({ code: 'no-recipients', file: path });
  const rule = await ruleFor(config, resolve(session.context.cwd, path), path);
  const groups = rule.groups.map((group) =>
    completed(
      group.map((spec) => keyOf(spec, path)),
      session.keys,
    ),
  );
  return { groups: await Promise.all(groups), threshold: rule.shamirThreshold };
}

interface Wanted {
  readonly groups: Recipients;
  readonly threshold: number | null;
  readonly changes: readonly RecipientChange[];
  readonly keeps: boolean;
}

/** Whoever is taken out may have kept the data key, so the file gets another one. */
async function locked(session: Session, target: Target, { groups, threshold, changes, keeps }: Wanted): Promise<Uint8Array> {
  const isRemoval = changes.some(({ removed }) => removed.length > 0);
  if (!isRemoval || keeps) return rewrapFile(session, target, groups, threshold ?? 0);
  const file = await openSecretFile(session, target, { ignoreMac: false, decryptionOrder: null });
  return (await rotateFile(session, file, { groups, threshold })).bytes;
}

function describe(path: string, changes: readonly RecipientChange[]): string {
  const lines = changes.flatMap(({ kept, added, removed }, index) => [
    ...(changes.length > 1 ? [`group ${index + 1}`] : []),
    ...kept.map((label) => `    ${label}`),
    ...added.map((label) => `+++ ${label}`),
    ...removed.map((label) => `--- ${label}`),
  ]);
  return [`${path}:`, ...lines].join('\n');
}

async function confirmed({ context }: Session, path: string): Promise<boolean> {
  if (context.terminal !== null) return context.terminal.confirm(`Change the recipients of ${path}?`, false);
  throw new SecError({
    code: 'no-terminal',
    message: `nobody is there to confirm the new recipients of ${path}`,
    hint: 'confirm with: --yes',
  });
}

import { resolve } from 'node:path';

import { SecError } from '../core/problem.ts';
import { inspectFile } from '../secret-file.ts';
import type { Session } from '../secret-file.ts';
import { compareRecipients, describeChanges, recipientsOf, rewrapFile } from '../secret-recipients.ts';
import type { RecipientChange, Recipients } from '../secret-recipients.ts';
import { readTarget, saveFile } from '../secret-target.ts';
import type { TargetOptions } from '../secret-target.ts';
import { explainAsSops } from '../terminal/sops-words.ts';
import { logLine } from '../terminal/log-line.ts';
import { askYesOrNo } from './ask-yes-no.ts';

/** `updatekeys` by the name of sops (`sops-cli.md` §13.7): the data key stays, and the threshold of the rule counts for nothing. */

export interface UpdateAsSops extends TargetOptions {
  readonly yes: boolean;
  /** The groups of the rule of a file. */
  wanted(path: string): Promise<Recipients>;
}

/** Of several files, all are tried. @throws SecError that of the only file; `usage` where some of several failed */
export async function updateAllAsSops(session: Session, paths: readonly string[], options: UpdateAsSops): Promise<void> {
  const { cwd, err, now } = session.context;
  let failed = 0;
  for (const path of paths) {
    try {
      await updateAsSops(session, path, options);
    } catch (error) {
      if (!(error instanceof SecError) || paths.length === 1) throw error;
      failed += 1;
      err(logLine('CMD', 'error', explainAsSops(error.problem, { command: 'updatekeys', cwd, now: now() }), now()));
    }
  }
  if (failed > 0) throw new SecError({ code: 'usage', message: `Error: failed updating ${failed} key(s)` });
}

async function updateAsSops(session: Session, path: string, options: UpdateAsSops): Promise<void> {
  const { context } = session;
  const full = resolve(context.cwd, path);
  await refuseFolder(session, full);
  say(session, `Syncing keys for file ${full}`);
  const target = await readTarget(session, path, options);
  const { metadata } = inspectFile(target);
  const groups = await options.wanted(path);
  const changes = compareRecipients(recipientsOf(metadata, path), groups);
  const threshold = Math.min(metadata.threshold, groups.length);
  const isSame = threshold === metadata.threshold && changes.every(({ added, removed }) => added.length + removed.length === 0);
  if (isSame) {
    say(session, `File ${full} already up to date`);
    return;
  }
  await context.out(describe(changes, { before: metadata.threshold, now: threshold }));
  if (!options.yes && !(await askYesOrNo(context, 'Is this okay? (y/n):'))) {
    say(session, `File ${full} left unchanged`);
    return;
  }
  await saveFile(session, path, await rewrapFile(session, target, groups, threshold), { expected: target.bytes });
  say(session, `File ${full} synced with new keys`);
}

/** @throws SecError `usage` */
async function refuseFolder({ context }: Session, path: string): Promise<void> {
  if ((await context.files.stat(path))?.kind === 'folder')
    throw new SecError({ code: 'usage', message: "Error: can't operate on a directory" });
}

/** In the form of Go's plain log. */
function say({ context }: Session, text: string): void {
  const time = context.now().toISOString().replaceAll('-', '/').replace('T', ' ').slice(0, 19);
  context.err(`${time} ${text}`);
}

function describe(changes: readonly RecipientChange[], threshold: { readonly before: number; readonly now: number }): string {
  const counts =
    threshold.before === threshold.now ? [] : [`+++ shamir_threshold: ${threshold.now}`, `--- shamir_threshold: ${threshold.before}`];
  return ["The following changes will be made to the file's groups:", ...counts, describeChanges(changes), ''].join('\n');
}

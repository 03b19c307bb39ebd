import { dirname, resolve } from 'node:path';

import type { Context } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { startSession } from '../secret-file.ts';
import type { SecretFile, Session } from '../secret-file.ts';
import { startSecretFile } from '../secret-new.ts';
import { planFor } from '../secret-plan.ts';
import { keptTexts, openKeptText, textKeeper } from '../secret-recovery.ts';
import { formatFor, readTarget } from '../secret-target.ts';
import { openToChange } from '../secret-trust.ts';
import { chooseEditor } from '../terminal/editor.ts';
import type { Declaration } from './declaration.ts';
import { examples } from './edit-examples.ts';
import { editSession } from './edit-session.ts';
import { shownBlock } from './edit-block.ts';
import { tellOpened } from './opened.ts';
import { outputFor, withPrinting, type PrintFlags } from './printing.ts';
import { keyVariables, trustOf, type TrustFlags, withTrust } from './key-options.ts';
import { identityVariables, inputOptions, openOptions, planFlags, withInput, withNewFile, withOpening } from './options.ts';
import type { InputFlags, NewFileFlags, OpenFlags } from './options.ts';

interface EditFlags extends PrintFlags, InputFlags, NewFileFlags, OpenFlags, TrustFlags {
  readonly showMasterKeys?: boolean;
  readonly resume?: boolean;
  readonly batch?: boolean;
}

export function declareEdit(program: Declaration, context: Context): void {
  withPrinting(withTrust(withNewFile(withOpening(withInput(program.command('edit'))))))
    .summary('open a file in your editor; what is saved is encrypted')
    .description(
      'Opens the decrypted text in the editor that SEC_EDITOR, SOPS_EDITOR or EDITOR names. Only what you change is encrypted anew. ' +
        'A file that is not there yet is made for the people that its rule, or an option, names.',
    )
    .argument('<file>', 'the encrypted file, or the name of a new one')
    .option('--filename-override <name>', 'take format and rule from this name')
    .option('-s, --show-master-keys', 'show the metadata of the file, too; it cannot be changed there')
    .option('--resume', 'go on with the text that could not be saved the last time')
    .option('--batch', 'ask nothing: a text that cannot be saved is kept for --resume')
    .action((file: string, flags: EditFlags) => edit(context, file, flags));
}

async function edit(context: Context, path: string, flags: EditFlags): Promise<void> {
  const session = startSession(context, { ...keyVariables(flags), ...identityVariables(flags) });
  const terminal = flags.batch ? null : context.terminal;
  const { file, onDisk } = await openOrStart(session, path, flags);
  tellOpened(context, file, flags);
  const editor = await chooseEditor(context);
  const kept = await keptText(session, path, flags);
  const text = kept === null ? file.plain() : await resumedText(session, kept, { path, onDisk, terminal, flags });
  const keeper = await textKeeper(session, file, { path, onDisk }, kept);
  const output = await outputFor(session, file, flags);
  const block = flags.showMasterKeys ? shownBlock(file) : null;
  const shown = block?.add(text) ?? text;
  await editSession(session, { path, file, onDisk, text: shown, editor, keeper, terminal, output, block });
}

/** A file, and what the disk has of it: `null` for a new one. */
interface Opened {
  readonly file: SecretFile;
  readonly onDisk: Uint8Array | null;
}

async function openOrStart(session: Session, path: string, flags: EditFlags): Promise<Opened> {
  if (path === '-') throw new SecError({ code: 'usage', message: 'standard input has no place to save to: name a file' });
  if ((await session.context.files.stat(path)) === null) return { file: await startFile(session, path, flags), onDisk: null };
  const target = await readTarget(session, path, inputOptions(flags));
  return { file: await openToChange(session, target, openOptions(flags), trustOf(flags)), onDisk: target.bytes };
}

/** Whatever can go wrong with a new file goes wrong before anybody has typed a word. */
async function startFile(session: Session, path: string, flags: EditFlags): Promise<SecretFile> {
  const { inputType, nameOverride } = inputOptions(flags);
  const name = nameOverride ?? path;
  const format = await formatFor(name, inputType);
  const { cwd, files } = session.context;
  const folder = await files.stat(dirname(resolve(cwd, path)));
  if (folder?.kind !== 'folder')
    throw new SecError({ code: 'file-unwritable', file: path, reason: folder === null ? 'ENOENT' : 'ENOTDIR' });
  const plan = await planFor(session, name, planFlags(flags));
  return startSecretFile(session, { file: path, bytes: Buffer.from(examples[format.name]), format }, plan);
}

/** Where the text is that shall be resumed. Without `--resume`, one that is there is only mentioned. */
async function keptText(session: Session, path: string, { resume }: EditFlags): Promise<string | null> {
  const newest = (await keptTexts(session, path)).at(-1) ?? null;
  if (resume) {
    if (newest === null) throw new SecError({ code: 'no-kept-text', file: path });
    return newest;
  }
  if (newest !== null)
    session.context.err(`sec: a text is kept that was not saved to ${path}: go on with it by: sec edit --resume ${path}`);
  return null;
}

interface Resuming extends Pick<Opened, 'onDisk'> {
  readonly path: string;
  readonly terminal: Context['terminal'];
  readonly flags: EditFlags;
}

/** @throws SecError `kept-text-outdated` where the file was changed in the meantime, and nobody says that this may be undone */
async function resumedText(session: Session, recovery: string, { path, onDisk, terminal, flags }: Resuming): Promise<Uint8Array> {
  const { text, isCurrent } = await openKeptText(session, recovery, { path, onDisk }, openOptions(flags));
  const question = `${path} was changed after that text was typed, and saving the text would undo the change. Go on?`;
  if (isCurrent || (await terminal?.confirm(question, false))) return text;
  throw new SecError({ code: 'kept-text-outdated', file: path, recovery });
}

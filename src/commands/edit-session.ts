import { basename, dirname, join } from 'node:path';

import type { Terminal } from '../context.ts';
import { SecError } from '../core/problem.ts';
import type { Problem } from '../core/problem.ts';
import { reportClear } from '../secret-clear.ts';
import type { SecretFile, Session } from '../secret-file.ts';
import type { OutputOptions } from '../secret-seal.ts';
import type { TextKeeper } from '../secret-recovery.ts';
import { resealFile } from '../secret-seal.ts';
import { saveChanged, saveFile } from '../secret-target.ts';
import { rescueNames, runEditor } from '../terminal/editor.ts';
import type { Editor } from '../terminal/editor.ts';
import { explain } from '../terminal/explain.ts';
import { print } from '../terminal/words.ts';
import type { ShownBlock } from './edit-block.ts';

/** What is edited, with what, and by whom. */
export interface Editing {
  readonly path: string;
  /** What is on the disk, opened; for a new file, an example. */
  readonly file: SecretFile;
  /** `null` for a new file. */
  readonly onDisk: Uint8Array | null;
  /** What the editor shows first. */
  readonly text: Uint8Array;
  readonly editor: Editor;
  readonly keeper: TextKeeper;
  /** `null` where nobody shall be asked. */
  readonly terminal: Terminal | null;
  /** The format that the file gets, where it is another. */
  readonly output: OutputOptions | null;
  /** The metadata beside the text, where they are shown. */
  readonly block: ShownBlock | null;
}

/**
 * Lets a person edit the text until it is saved, kept or thrown away. From the end of the editor until the text is on the disk, sealed,
 * nothing is waited for: a signal that ends us comes before or after, and no word is lost.
 *
 * @throws SecError `edit-unchanged`, `editor-failed`, `edit-kept`
 */
export async function editSession(session: Session, editing: Editing): Promise<void> {
  const { files } = session.context;
  const folder = await forDraft(() => files.privateFolder());
  try {
    const draft = join(folder, basename(editing.path));
    await forDraft(() => files.create(draft, editing.text, 0o600));
    await editUntilDone({ ...editing, session, draft });
  } finally {
    await files.remove(folder);
  }
}

/** @throws SecError `file-unwritable` where there is no place for the text in the clear */
async function forDraft<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && typeof cause.code === 'string')) throw cause;
    throw new SecError({ code: 'file-unwritable', file: 'the text for the editor', reason: cause.code }, { cause });
  }
}

interface Work extends Editing {
  readonly session: Session;
  /** Path of the text in the clear. */
  readonly draft: string;
}

async function editUntilDone(work: Work): Promise<void> {
  let next: Next = 'edit';
  while (next !== 'end') {
    if (next === 'edit') await letEdit(work);
    const text = await readDraft(work);
    const outcome = await save(work, text);
    next = typeof outcome === 'string' ? await afterSaving(work, outcome) : await afterProblem(work, text, outcome);
  }
}

type Next = 'edit' | 'save' | 'end';

/** Quicker than a person who looks at a text and leaves. */
const atOnceMs = 1500;

async function letEdit(work: Work): Promise<void> {
  const { session, editor, draft, path, terminal } = work;
  const { context } = session;
  const before = await context.files.read(draft);
  const start = context.now().getTime();
  const status = await runEditor(editor, draft, context);
  if (status !== null) throw await ended(work, { code: 'editor-failed', file: path, editor: editor.name, status });
  const isQuick = editor.habits === null && context.now().getTime() - start < atOnceMs;
  if (!isQuick || terminal === null || !same(before, await readDraft(work))) return;
  await waitForWindow(work, terminal);
}

/** An editor with windows may have handed the file to one of them, and know nothing of how it goes on. */
async function waitForWindow(work: Work, terminal: Terminal): Promise<void> {
  try {
    await terminal.confirm(
      `${work.editor.name} has ended already, and nothing was changed so far. Go on when you have saved and closed it`,
      true,
    );
  } catch (error) {
    if (!(error instanceof SecError)) throw error;
    throw await ended(work, error.problem);
  }
}

/** The end of a session without a text to save. What was typed nevertheless is kept. */
async function ended(work: Work, cause: Problem): Promise<SecError> {
  const { file, text, keeper, path } = work;
  const typed = (await rescuedText(work)) ?? text;
  const isNew = !same(typed, text) && !same(typed, file.plain());
  if (isNew) return kept(work, typed, cause);
  const recovery = keeper.kept();
  return new SecError(recovery === null ? cause : { code: 'edit-kept', file: path, recovery, cause });
}

/** What an editor saved in its last moment, else what it saved before. `null` where it left nothing. */
async function rescuedText({ session, draft }: Work): Promise<Uint8Array | null> {
  const { files } = session.context;
  const places = [...rescueNames(basename(draft)).map((name) => join(dirname(draft), name)), draft];
  for (const place of places) if ((await files.stat(place))?.kind === 'file') return files.read(place);
  return null;
}

/** @throws SecError `editor-failed`, `edit-kept` */
async function readDraft(work: Work): Promise<Uint8Array> {
  const { session, draft, path, editor } = work;
  if ((await session.context.files.stat(draft))?.kind === 'file') return session.context.files.read(draft);
  throw await ended(work, { code: 'editor-failed', file: path, editor: editor.name, status: 'it removed the file' });
}

type Saved = 'saved' | 'unchanged';

/** What became of the text, or why it cannot be saved. */
async function save(work: Work, text: Uint8Array): Promise<Saved | Problem> {
  const { session, file, path, onDisk, output, block } = work;
  try {
    const sealed = resealFile(session, file, block?.take(text) ?? text, { raiseVersion: true, output });
    if (sealed === null) return 'unchanged';
    await (onDisk === null ? saveFile : saveChanged)(session, path, sealed.bytes, { expected: onDisk });
    reportClear(session, file, sealed, null);
    return 'saved';
  } catch (error) {
    if (error instanceof SecError) return inEditor(error.problem);
    // A defect of ours must not cost anybody a text.
    session.context.err(`sec: your text is kept, encrypted, in ${(await keep(work, text)) ?? 'what stands above'}`);
    throw error;
  }
}

/** Where a file is edited already, to edit it is no advice. */
function inEditor(problem: Problem): Problem {
  if (problem.code !== 'already-encrypted') return problem;
  return { code: 'cannot-encrypt', file: problem.file, key: 'sops', reason: 'a file has its metadata under this name' };
}

/** @throws SecError `edit-unchanged` */
async function afterSaving({ keeper, path }: Work, outcome: Saved): Promise<Next> {
  await keeper.forget();
  if (outcome === 'unchanged') throw new SecError({ code: 'edit-unchanged', file: path });
  return 'end';
}

/** The text is kept first: whoever is asked may be gone. @throws SecError `edit-kept`, `edit-unchanged` */
async function afterProblem(work: Work, text: Uint8Array, cause: Problem): Promise<Next> {
  const { session, terminal, path } = work;
  const end = await kept(work, text, cause);
  // From the file as it was, no second try leads anywhere.
  if (terminal === null || cause.code === 'file-changed') throw end;
  session.context.err(print(explain(cause)));
  const answer = await ask(terminal, path, cause, end);
  if (answer === 'edit' || answer === 'save') return answer;
  if (answer === 'keep') throw end;
  return afterSaving(work, 'unchanged');
}

type Answer = 'edit' | 'save' | 'keep' | 'drop';

async function ask(terminal: Terminal, path: string, { code }: Problem, end: SecError): Promise<Answer> {
  const again = { value: 'save', name: 'try to save it again' } as const;
  const choices = [
    ...(code === 'file-unwritable' ? [again] : []),
    { value: 'edit', name: 'edit again' },
    { value: 'keep', name: 'stop, and keep the text, encrypted, for sec edit --resume' },
    { value: 'drop', name: 'stop, and throw the text away' },
  ] as const;
  try {
    return await terminal.choose<Answer>(`${path} is not saved`, choices);
  } catch (error) {
    throw error instanceof SecError ? end : error;
  }
}

async function kept(work: Work, text: Uint8Array, cause: Problem): Promise<SecError> {
  return new SecError({ code: 'edit-kept', file: work.path, recovery: await keep(work, text), cause });
}

/** Where the text is kept. Where no place takes it, it is printed as it would have been kept, and there is none: `null`. */
async function keep({ session, keeper }: Work, text: Uint8Array): Promise<string | null> {
  try {
    return await keeper.keep(text);
  } catch (error) {
    if (!(error instanceof SecError)) throw error;
    session.context.err(print(explain(error.problem)));
    session.context.err(Buffer.from(keeper.seal(text)).toString('utf8').trimEnd());
    return null;
  }
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

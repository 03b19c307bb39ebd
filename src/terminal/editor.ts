import { dirname } from 'node:path';
import type { Context } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { splitWords } from '../shell-words.ts';
import { habitsOf, oldVi, type Habits } from './editor-habits.ts';

/** The editor of a person. */
export interface Editor {
  /** As messages call it. */
  readonly name: string;
  readonly file: string;
  /** As the person gave them. */
  readonly args: readonly string[];
  /** `null` where we do not know the editor: it is run as it is. */
  readonly habits: Habits | null;
}

export type EditorWorld = Pick<Context, 'env' | 'home' | 'files' | 'programs' | 'stdoutIsTerminal'>;

/** sops reads the second and the third. The last is for those who have set only that. */
const variables = ['SEC_EDITOR', 'SOPS_EDITOR', 'EDITOR', 'VISUAL'] as const;
const usualEditors = ['vim', 'nano', 'vi'] as const;

/**
 * The editor that the first set variable names, else the first that is installed.
 *
 * @throws SecError `editor-missing`, `usage` where a variable is no command
 */
export async function chooseEditor(world: EditorWorld): Promise<Editor> {
  const variable = variables.find((name) => (world.env[name] ?? '').trim() !== '');
  const [file, ...args] = variable === undefined ? await installedEditor(world) : await commandIn(variable, world);
  if (file === undefined) throw new SecError({ code: 'editor-missing' });
  const name = nameOf(file);
  const habits = habitsOf(name);
  return { name, file, args, habits: habits === null || habits === oldVi ? ((await habitsBehind(file, world)) ?? habits) : habits };
}

async function commandIn(variable: (typeof variables)[number], { env }: EditorWorld): Promise<readonly string[]> {
  const words = await splitWords(env[variable] ?? '');
  if (words === null) throw new SecError({ code: 'usage', message: `the variable ${variable} has a quote that is not closed` });
  return words;
}

/** Nobody asked for these, so they are only for a person at a terminal: elsewhere they would paint the text into a log. */
async function installedEditor({ programs, stdoutIsTerminal }: EditorWorld): Promise<readonly string[]> {
  if (!stdoutIsTerminal) return [];
  for (const name of usualEditors) if ((await programs.find(name)) !== null) return [name];
  return [];
}

function nameOf(path: string): string {
  return /[^/\\]+$/.exec(path)?.[0].replace(/\.exe$/, '') ?? path;
}

/** Behind `vi` and `editor`, there is mostly a link. To ask the editor itself would be to run what may be no more than a script. */
async function habitsBehind(file: string, { programs }: EditorWorld): Promise<Habits | null> {
  const path = await programs.find(file);
  if (path === null) return null;
  try {
    const { stdout } = await programs.run({ file: 'readlink', args: ['-f', path], deadlineMs: 2000 });
    return habitsOf(nameOf(Buffer.from(stdout).toString('utf8').trimEnd()));
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}

/**
 * Has a person edit a file, in a folder of its own. Our terminal is the editor's until it ends.
 *
 * @returns why it failed; `null` where it ended well
 */
export async function runEditor(editor: Editor, path: string, world: EditorWorld): Promise<string | null> {
  const { file, habits } = editor;
  const folder = dirname(path);
  const args = [...(await silence(editor, folder, world)), ...editor.args, path];
  const env = habits?.env === undefined ? world.env : { ...world.env, ...habits.env(folder) };
  try {
    const { status, signal } = await world.programs.run({ file, args, env, streams: 'inherit' });
    if (status === 0) return null;
    return status === null ? `ended by ${signal ?? 'a signal'}` : `status ${status}`;
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    return code;
  }
}

/** Where an editor that is made to end leaves what was not saved: nano, then emacs. */
export function rescueNames(name: string): readonly string[] {
  return [`${name}.save`, `#${name}#`];
}

async function silence({ args, habits }: Editor, folder: string, world: EditorWorld): Promise<readonly string[]> {
  if (habits === null) return [];
  const { quiet, wait, settings } = habits;
  const waits = wait === undefined || args.some((arg) => wait.includes(arg));
  return [
    ...(waits ? [] : [wait[0]]),
    ...(settings !== undefined && (await isRisky(settings, world)) ? [settings.ignore] : []),
    ...(quiet?.(folder) ?? []),
  ];
}

async function isRisky({ files, risky }: NonNullable<Habits['settings']>, world: EditorWorld): Promise<boolean> {
  for (const path of files(world)) {
    try {
      if (risky.test(Buffer.from(await world.files.read(path)).toString('latin1'))) return true;
    } catch (error) {
      if (systemCode(error) === null) throw error;
    }
  }
  return false;
}

function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

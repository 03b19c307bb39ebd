import { resolve } from 'node:path';

import { mannersOf } from './core/manners.ts';
import { SecError } from './core/problem.ts';
import type { Format, FormatName } from './formats/format.ts';
import { formatNamed, formatOfPath, loadFormat, loadFormatToOpen, loadFormatToPrint } from './formats/index.ts';
import { otherSealedLook } from './formats/sealed-look.ts';
import { recordEvent } from './secret-audit.ts';
import type { SealedInput, Session } from './secret-file.ts';

/** The file of a command line: read, and written back. */

/** A file that was read, and where it stands. */
export interface Target extends SealedInput {
  /** As it was given; `null` for standard input. */
  readonly path: string | null;
  /** The name that decides on format and rule: the path, or what stands for it. */
  readonly name: string | null;
}

export interface TargetOptions {
  /** The word of `--input-type`. */
  readonly inputType: string | null;
  /** `--filename-override`: format and rule go by this name. */
  readonly nameOverride: string | null;
}

/** @param path `null` or `-` for standard input @throws SecError `file-missing`, `file-unreadable`, `unknown-format`, `other-format` */
export function readTarget(session: Session, path: string | null, options: TargetOptions): Promise<Target> {
  return readWith(session, path, { ...options, load: loadFormat });
}

/** The same for a file that is opened, or looked at, and not changed: no more is loaded than that takes. @throws SecError as `Format.read`, too */
export function readToOpen(session: Session, path: string | null, options: TargetOptions): Promise<Target> {
  return readWith(session, path, { ...options, load: loadFormatToOpen });
}

interface ReadOptions extends TargetOptions {
  readonly load: (name: FormatName, bytes: Uint8Array, file: string) => Promise<Format>;
}

async function readWith(session: Session, path: string | null, { inputType, nameOverride, load }: ReadOptions): Promise<Target> {
  const file = path === null || path === '-' ? null : path;
  const name = nameOverride ?? file;
  const label = name ?? 'standard input';
  const formatName = nameOfFormat(name, inputType);
  const bytes = file === null ? await session.context.readInput() : await readFile(session, file);
  const isCertain = inputType !== null || mannersOf(session.context.calledAs).believesNames;
  const look = isCertain ? null : otherSealedLook(bytes, formatName);
  if (look !== null) throw new SecError({ code: 'other-format', file: label, look, name: formatName });
  return { path: file, name, file: label, bytes, format: await load(formatName, bytes, label) };
}

/** The format of a word, else of a name; standard input without either is a whole file (§2). @throws SecError `unknown-format` */
export function formatFor(name: string | null, word: string | null): Promise<Format> {
  return loadFormat(nameOfFormat(name, word));
}

/** The same for a format that is only printed in. @throws SecError `unknown-format` */
export function formatToPrint(name: string | null, word: string | null): Promise<Format> {
  return loadFormatToPrint(nameOfFormat(name, word));
}

function nameOfFormat(name: string | null, word: string | null): FormatName {
  return word !== null ? formatNamed(word) : name === null ? 'binary' : formatOfPath(name);
}

/** @throws SecError `file-missing`, `file-unreadable` */
export async function readFile({ context }: Session, path: string): Promise<Uint8Array> {
  try {
    return await context.files.read(resolve(context.cwd, path));
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new SecError({ code: 'file-missing', file: path }, { cause });
    if (code === null) throw cause;
    throw new SecError({ code: 'file-unreadable', file: path, reason: code }, { cause });
  }
}

export interface SaveOptions {
  /** What the file held when it was read; `null` where it may not be there yet. Not given: whatever is there is replaced. */
  readonly expected?: Uint8Array | null;
  /** Of a new file. */
  readonly mode?: number;
}

/** The same for a file that was there and is sealed again, which is an event. @throws SecError `audit-failed`, too */
export async function saveChanged(session: Session, path: string, bytes: Uint8Array, options: SaveOptions): Promise<void> {
  await recordEvent(session.context, 'encrypt', path);
  await saveFile(session, path, bytes, options);
}

/** Complete or not at all. @throws SecError `file-changed`, `file-unwritable` */
export async function saveFile({ context }: Session, path: string, bytes: Uint8Array, options: SaveOptions): Promise<void> {
  try {
    await context.files.write(resolve(context.cwd, path), bytes, options);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ECHANGED') throw new SecError({ code: 'file-changed', file: path }, { cause });
    if (code === null) throw cause;
    throw new SecError({ code: 'file-unwritable', file: path, reason: code }, { cause });
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

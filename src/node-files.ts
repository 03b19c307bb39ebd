import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Files, FileStat, WriteOptions } from './context.ts';
import { makePrivateFolder, wipe } from './node-private.ts';
import { atEnd } from './node-signals.ts';

/**
 * The disk. Each operation is synchronous inside: a signal then waits until it is complete, and the few files of a command gain
 * nothing from threads.
 */
export function nodeFiles(env: NodeJS.ProcessEnv, cwd: string): Files {
  const at = (path: string): string => resolve(cwd, path);
  return {
    read: async (path) => readFileSync(at(path)),
    stat: async (path) => describe(statOrNull(at(path))),
    list: async (path) => readdirSync(at(path)).sort(),
    write: async (path, bytes, options = {}) => replace(at(path), bytes, options),
    create: async (path, bytes, mode) => create(at(path), bytes, mode),
    privateFolder: async () => makePrivateFolder(env),
    remove: async (path) => wipe(at(path)),
  };
}

/** An error of the system that Node does not make for us, with a code like its own. */
export function systemError(code: string, path: string): Error & { readonly code: string; readonly path: string } {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}

/** Whether something is an error of the system with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

function describe(stats: Stats | null): FileStat | null {
  if (stats === null) return null;
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return { kind, size: stats.size, mode: stats.mode & 0o7777 };
}

function replace(path: string, bytes: Uint8Array, { mode = 0o666, expected }: WriteOptions): void {
  const old = statOrNull(path);
  if (old !== null && !old.isFile()) {
    writeTo(openSync(path, 'w'), bytes);
    return;
  }
  const target = behindLinks(path);
  // A rename would replace even what must not be written.
  if (old !== null) accessSync(target, constants.W_OK);
  beside(target, bytes, old ?? mode, (temporary) => {
    if (expected === null) {
      linkNew(temporary, target, 'ECHANGED');
      return;
    }
    if (expected !== undefined && !holds(target, expected)) throw systemError('ECHANGED', target);
    renameSync(temporary, target);
  });
}

function create(path: string, bytes: Uint8Array, mode: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  beside(path, bytes, mode, (temporary) => linkNew(temporary, path, 'EEXIST'));
}

/** The file that a chain of links leads to, whether or not it is there. */
function behindLinks(path: string): string {
  let target = path;
  for (let steps = 0; steps < 40; steps += 1) {
    const link = linkOrNull(target);
    if (link === null) return target;
    target = resolve(realpathSync(dirname(target)), link);
  }
  throw systemError('ELOOP', path);
}

function linkOrNull(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

/** Writes a temporary file in the folder of the target, lets it be put in place, and leaves nothing of it behind. */
function beside(target: string, bytes: Uint8Array, like: Stats | number, putInPlace: (temporary: string) => void): void {
  const temporary = join(dirname(target), temporaryName());
  const discard = (): void => rmSync(temporary, { force: true });
  const file = openSync(temporary, 'wx', typeof like === 'number' ? like : 0o600);
  const forget = atEnd(discard);
  try {
    writeTo(file, bytes, typeof like === 'number' ? null : like);
    putInPlace(temporary);
    syncFolder(dirname(target));
  } finally {
    discard();
    forget();
  }
}

let temporaries = 0;

function temporaryName(): string {
  temporaries += 1;
  return `.sec-${process.pid}-${temporaries}-${Date.now().toString(36)}.tmp`;
}

/** Writes all, down to the disk, and closes. */
function writeTo(file: number, bytes: Uint8Array, like: Stats | null = null): void {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    if (like !== null) takeAfter(file, like);
    syncFile(file);
  } finally {
    closeSync(file);
  }
}

/** Gives a new file the owner and the mode of the old one. A group that we cannot give it must not be another's to read. */
function takeAfter(file: number, old: Stats): void {
  let mode = old.mode & 0o7777;
  try {
    fchownSync(file, old.uid, old.gid);
  } catch (error) {
    if (!hasCode(error, 'EPERM', 'EINVAL', 'ENOSYS', 'ENOTSUP')) throw error;
    if (!keepsGroup(file, old)) mode &= ~0o070;
  }
  fchmodSync(file, mode);
}

function keepsGroup(file: number, old: Stats): boolean {
  try {
    fchownSync(file, -1, old.gid);
    return true;
  } catch {
    return false;
  }
}

/** A pipe or a device has nothing to sync. */
function syncFile(file: number): void {
  try {
    fsyncSync(file);
  } catch (error) {
    if (!hasCode(error, 'EINVAL', 'EROFS', 'ENOTSUP')) throw error;
  }
}

/** Makes a rename last. Where a folder cannot be opened or synced, the system does not let us. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if (hasCode(error, 'EIO')) throw error;
  }
}

/** A link fails where something is already; a rename would replace it. */
function linkNew(temporary: string, target: string, code: 'EEXIST' | 'ECHANGED'): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw systemError(code, target);
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK')) throw error;
    // Some file systems have no links.
    if (statOrNull(target) !== null) throw systemError(code, target);
    renameSync(temporary, target);
  }
}

function holds(path: string, expected: Uint8Array): boolean {
  try {
    return Buffer.compare(readFileSync(path), expected) === 0;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

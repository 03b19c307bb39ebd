import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Caller, LogEnd, System } from './context.ts';
import { hasCode, systemError } from './node-files.ts';

/** Files that only ever grow, and who makes them grow. */
export type Log = Pick<System, 'caller' | 'append' | 'readEnd'>;

export function nodeLog(cwd: string): Log {
  return {
    caller: async () => caller(),
    append: async (path, line) => append(resolve(cwd, path), line),
    readEnd: async (path, most) => readEnd(resolve(cwd, path), most),
  };
}

/**
 * Adds a line to the end of a file, which it makes for its owner alone. The system lets one program at a time write there. Never waits
 * for a reader, and takes no file into which others could write what they like.
 *
 * @throws Node's own errors; `ENXIO` for what is no file, `EINSECURE` where others may write it, `ENOSPC` for a line that is not whole
 */
function append(path: string, line: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const { O_APPEND, O_CREAT, O_RDWR, O_NONBLOCK } = constants;
  const file = openSync(path, O_APPEND | O_CREAT | O_RDWR | (O_NONBLOCK ?? 0), 0o600);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw systemError('ENXIO', path);
    if (process.platform !== 'win32' && (stats.mode & 0o022) !== 0) throw systemError('EINSECURE', path);
    const whole = endsInLine(file) ? line : Buffer.concat([Buffer.from('\n'), line]);
    if (writeSync(file, whole) !== whole.length) throw systemError('ENOSPC', path);
  } finally {
    closeSync(file);
  }
}

/**
 * Whether a file is empty, or its last line has an end: one that a full disk has cut off must not take the next with it. While another
 * program writes, the end may be anywhere in its line, so we wait until it stays where it is.
 */
function endsInLine(file: number): boolean {
  const last = Buffer.alloc(1);
  for (let tries = 0, before = -1; ; tries += 1) {
    const { size } = fstatSync(file);
    if (size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a)) return true;
    if (size === before || tries === 100) return false;
    before = size;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}

/** The end of a file, as much of it as is asked for. @throws Node's own errors; `ENXIO` for what is no file */
function readEnd(path: string, most: number): LogEnd {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw systemError('ENXIO', path);
    const start = Math.max(0, stats.size - most);
    const bytes = Buffer.alloc(stats.size - start);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, start + length);
    return { bytes: bytes.subarray(0, length), isWhole: start === 0 };
  } finally {
    closeSync(file);
  }
}

/** Who called us, as far as the system tells. */
function caller(): Caller {
  return { user: userName(), uid: process.getuid?.() ?? null, pid: process.pid, program: nameOfParent() };
}

/** In a container, an account may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.getuid === undefined ? 'unknown' : String(process.getuid());
  }
}

/** Only Linux tells it for nothing. */
function nameOfParent(): string | null {
  try {
    return readFileSync(`/proc/${process.ppid}/comm`, 'utf8').trimEnd();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'ESRCH', 'ENOTDIR')) return null;
    throw error;
  }
}

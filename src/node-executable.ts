import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Whether `execve` will succeed, beyond doubt: on Node 22 and 24 a failing one aborts the process, where a failing `spawn` is an
 * error that can be told.
 */
export function canBeReplacedBy(path: string, args: readonly string[], env: Readonly<Record<string, string>>): boolean {
  return process.platform === 'linux' && fits(args, env) && isRunnable(resolve(path), 0);
}

/** Linux gives arguments and environment 128 KiB at least, each with a pointer. */
function fits(args: readonly string[], env: Readonly<Record<string, string>>): boolean {
  const texts = [...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 9, 0) < 120_000;
}

/** Interpreters of scripts may be scripts, to a depth. */
function isRunnable(path: string, depth: number): boolean {
  if (depth > 3 || !isExecutableFile(path)) return false;
  const head = readHead(path, 0, 256);
  const interpreter = scriptInterpreter(head);
  return interpreter === null ? isOurKindOfBinary(path, head) : isRunnable(interpreter, depth + 1);
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path.startsWith('/') && statSync(path).isFile();
  } catch {
    return false;
  }
}

function readHead(path: string, from: number, length: number): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, from));
    } finally {
      closeSync(file);
    }
  } catch {
    // A program may be executable without being readable.
    return Buffer.alloc(0);
  }
}

function scriptInterpreter(head: Buffer): string | null {
  const match = /^#![ \t]*(\/[^ \t\n\0]+)[^\n]*\n/.exec(head.toString('latin1'));
  return match?.[1] ?? null;
}

/** A 64-bit ELF program of this machine, whose loader is there. */
function isOurKindOfBinary(path: string, head: Buffer): boolean {
  const own = readHead(process.execPath, 0, 64);
  if (head.length < 64 || own.length < 64 || !head.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'))) return false;
  const sameKind = head.subarray(4, 7).equals(own.subarray(4, 7)) && head.subarray(18, 20).equals(own.subarray(18, 20));
  const is64BitLittleEndian = head[4] === 2 && head[5] === 1;
  return sameKind && is64BitLittleEndian && hasLoader(path, head);
}

/** Walks the program headers for the name of the loader (`PT_INTERP`). A static program has none. */
function hasLoader(path: string, head: Buffer): boolean {
  const [offset, size, count] = [Number(head.readBigUInt64LE(32)), head.readUInt16LE(54), head.readUInt16LE(56)];
  const table = readHead(path, offset, size * count);
  if (size < 56 || table.length < size * count) return false;
  for (let at = 0; at < table.length; at += size) {
    if (table.readUInt32LE(at) !== 3) continue;
    const name = readHead(path, Number(table.readBigUInt64LE(at + 8)), Number(table.readBigUInt64LE(at + 32)));
    return isExecutableFile(name.toString('latin1').replace(/\0.*$/s, ''));
  }
  return true;
}

import { closeSync, fsyncSync, lstatSync, mkdtempSync, openSync, readdirSync, rmdirSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from './node-signals.ts';

/** Plaintext on a disk may outlive its file; in memory it does not. So those places come first. */
export function makePrivateFolder(env: NodeJS.ProcessEnv): string {
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  const inMemory = [...(isOursAlone(runtime) ? [runtime] : []), ...(process.platform === 'linux' ? ['/dev/shm'] : [])];
  const path = firstFolder(inMemory) ?? mkdtempSync(join(process.getBuiltinModule('node:os').tmpdir(), 'sec-'));
  atEnd(() => wipe(path));
  return path;
}

/** Overwrites and removes a file, or a folder with all that is in it. What a link leads to stays. */
export function wipe(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (stats.isDirectory()) {
    for (const name of readdirSync(path)) wipe(join(path, name));
    rmdirSync(path);
    return;
  }
  // With a second name, the content is somebody else's too.
  if (stats.isFile() && stats.nlink === 1) overwrite(path, stats.size);
  unlinkSync(path);
}

function isOursAlone(path: string): boolean {
  if (path === '') return false;
  try {
    const stats = statSync(path);
    return stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o777) === 0o700;
  } catch {
    return false;
  }
}

function firstFolder(places: readonly string[]): string | null {
  for (const place of places) {
    try {
      return mkdtempSync(join(place, 'sec-'));
    } catch {
      // The next place may do: this one is missing, full or not for us.
    }
  }
  return null;
}

/** Best effort: a file that cannot be overwritten is removed all the same. */
function overwrite(path: string, size: number): void {
  try {
    const file = openSync(path, 'r+');
    try {
      const zeros = new Uint8Array(Math.min(size, 65_536));
      for (let at = 0; at < size;) at += writeSync(file, zeros, 0, Math.min(zeros.length, size - at), at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // Removing it is what counts.
  }
}

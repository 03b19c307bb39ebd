import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { hasCode } from './node-files.ts';

/** Makes a pipe with a name, and writes into it once somebody reads. Gives the way to stop waiting for that. */
export function offer(path: string, bytes: Uint8Array): () => Promise<void> {
  execFileSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' });
  const state = { isDone: false };
  const writing = write(path, bytes).finally(() => (state.isDone = true));
  return async () => {
    // Whoever waits for a reader cannot be called back, and keeps a process from ending. So it gets one.
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      while (!state.isDone) await skip(reader);
    } finally {
      closeSync(reader);
    }
    await writing;
  };
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  const writer = await open(path, 'w');
  try {
    await writer.writeFile(bytes);
  } catch (error) {
    // A reader may have had enough.
    if (!hasCode(error, 'EPIPE')) throw error;
  } finally {
    await writer.close();
  }
}

/** Takes what is there, and gives the writer its turn. */
async function skip(reader: number): Promise<void> {
  try {
    readSync(reader, new Uint8Array(65_536));
  } catch (error) {
    if (!hasCode(error, 'EAGAIN')) throw error;
  }
  await new Promise((done) => setImmediate(done));
}

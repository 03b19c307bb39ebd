import { relative } from 'node:path';
import type { Files } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { formatOfPath } from '../formats/index.ts';
import type { Session } from '../secret-file.ts';

/**
 * The files whose secrets a program gets: those that are named; else `exec.files` of the configuration; else the one encrypted file in
 * the working directory.
 *
 * @throws SecError `no-exec-file`, `bad-config`
 */
export async function execFiles(session: Session, named: readonly string[], config: string | null): Promise<readonly string[]> {
  if (named.length > 0) return named;
  const { configFor } = await import('../secret-plan.ts');
  const configured = (await configFor(session, null, config))?.execFiles ?? [];
  if (configured.length > 0) return configured.map((file) => relative(session.context.cwd, file));
  const found = await encryptedFiles(session);
  if (found.length === 1) return found;
  throw new SecError({ code: 'no-exec-file', folder: session.context.cwd, found });
}

/** Whether a file is what it looks like is found when it is opened. */
async function encryptedFiles({ context: { cwd, files } }: Session): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await files.list(cwd)) {
    if (formatOfPath(name) !== 'binary' && looksEncrypted(await contentOf(files, name))) found.push(name);
  }
  return found;
}

function looksEncrypted(bytes: Uint8Array): boolean {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return content.includes('ENC[AES256_GCM,') && content.includes('sops');
}

/** A file that we may not read is not the one. */
async function contentOf(files: Files, name: string): Promise<Uint8Array> {
  try {
    return (await files.stat(name))?.kind === 'file' ? await files.read(name) : new Uint8Array();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return new Uint8Array();
    throw error;
  }
}

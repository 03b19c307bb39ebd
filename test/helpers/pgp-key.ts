import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey } from 'openpgp';
import { keyWorld, type KeyWorldOptions, type TestKeyWorld } from './key-world.ts';

/** A world where gpg is missing. */
export function worldWithoutGpg(env: Readonly<Record<string, string>>, options: KeyWorldOptions = {}): TestKeyWorld {
  return keyWorld({ ...options, env: { SEC_GPG_EXEC: '/nonexistent/gpg', ...env } });
}

/** A key pair, armored. */
export interface PgpKeyPair {
  readonly secret: string;
  readonly shared: string;
  readonly fingerprint: string;
}

/** A fresh key of openpgp's usual kind. */
export async function newPgpKey(options: Partial<Parameters<typeof generateKey>[0]> = {}): Promise<PgpKeyPair> {
  const { privateKey, publicKey } = await generateKey({ userIDs: [{ name: 'somebody' }], ...options, format: 'object' });
  return { secret: privateKey.armor(), shared: publicKey.armor(), fingerprint: privateKey.getFingerprint().toUpperCase() };
}

/** A folder for key files. */
export interface KeyFolder {
  /** Writes a file and gives its path. */
  file(name: string, content: string | Uint8Array): string;
  /** Makes a folder in it and gives its path. */
  folder(): string;
  remove(): void;
}

export function keyFolder(): KeyFolder {
  const path = mkdtempSync('/tmp/sec-pgp.');
  return {
    file: (name, content) => {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
    folder: () => mkdtempSync(join(path, 'folder.')),
    remove: () => rmSync(path, { recursive: true }),
  };
}

/** Bytes as a text that a failing comparison shows whole. */
export function inHex(bytes: Uint8Array | null | undefined): string | null {
  return bytes ? Buffer.from(bytes).toString('hex') : null;
}

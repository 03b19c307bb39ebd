import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of a test's own. */
export interface TempFolder {
  readonly path: string;
  /** The full path of a name in it. */
  at(name: string): string;
  /** Writes a file, with the folders that it needs, and gives its full path. */
  write(name: string, content: string | Uint8Array, mode?: number): string;
  remove(): void;
}

export function tempFolder(): TempFolder {
  const path = mkdtempSync(join(tmpdir(), 'sec-test-'));
  const at = (name: string): string => join(path, name);
  return {
    path,
    at,
    write: (name, content, mode = 0o600) => {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
      chmodSync(at(name), mode);
      return at(name);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

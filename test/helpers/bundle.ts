import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/**
 * Makes a program of a text that may import from `src/…`, and gives the path of its file. For what only another process can show:
 * signals, a full disk, a terminal. It lies where Node finds our packages, and goes after the tests of the file or the `describe` that
 * asked for it, which must be done outside of a test.
 */
export async function bundle(text: string): Promise<string> {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'sec-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const entry = join(root, 'entry.ts');
  const build = await rolldown({
    input: { main: entry },
    cwd: root,
    platform: 'node',
    external: /^(?!\.|\/)(?!entry)/,
    plugins: [{ name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? text : null) }],
  });
  await build.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' });
  await build.close();
  return join(folder, 'main.mjs');
}

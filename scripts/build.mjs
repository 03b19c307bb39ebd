// Builds what is published: dist/lib, the library (ES modules and declarations), and dist/cli, the command line (CommonJS chunks).
// `build.mjs cli` builds that part only.

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const parts = {
  lib: { tool: 'typescript', bin: 'tsc', args: ['-p', 'tsconfig.build.json'] },
  cli: { tool: 'rolldown', bin: 'rolldown', args: ['-c'] },
};

const asked = process.argv.slice(2);
const isBuilt = (asked.length > 0 ? asked : Object.keys(parts)).every(build);
process.exitCode = isBuilt ? 0 : 1;

function build(part) {
  const { tool, bin, args } = parts[part];
  const program = findProgram(tool, bin);
  if (program === null) {
    console.error(`build: ${tool} is missing, and it is a development dependency: run npm ci without --omit=dev`);
    return false;
  }
  rmSync(join(root, 'dist', part), { recursive: true, force: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8' });
  if (status !== 0) process.stderr.write(stripVTControlCharacters(stdout + stderr));
  return status === 0;
}

function findProgram(tool, bin) {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${tool}/package.json`);
    return join(dirname(manifest), createRequire(manifest)(manifest).bin[bin]);
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

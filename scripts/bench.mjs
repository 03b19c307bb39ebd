// Measures sec beside the real sops and bare Node: bench.mjs [--quick] [--no-build] [--list] [ROW…]
//
// ROW is the beginning of a row's name: `decrypt`, `decrypt-yaml-flat-1000`. Prints a table, and writes it to reports/bench.json.
// Times of a shared machine mean little: compare within one row only, by its ratios.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stage } from './bench/stage.mjs';
import { measure, peakMemory } from './bench/measure.mjs';
import { findPrograms, versionsOf } from './bench/programs.mjs';
import { summarize, tableOf, verdicts } from './bench/report.mjs';
import { allRows } from './bench/rows.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const options = new Set(process.argv.slice(2).filter((word) => word.startsWith('--')));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const rows = allRows(options.has('--quick')).filter(({ id }) => wanted.length === 0 || wanted.some((begin) => id.startsWith(begin)));

if (options.has('--list')) console.log(rows.map(({ id }) => id).join('\n'));
else await bench();

async function bench() {
  if (!options.has('--no-build')) run([process.execPath, join(root, 'scripts', 'build.mjs'), 'cli']);
  const folder = mkdtempSync(join(tmpdir(), 'sec-bench-'));
  const programs = findPrograms(copyOfProgram(folder), root);
  for (const name of ['standalone', 'sops']) if (!(name in programs)) console.error(`bench: ${name} is not there, and left out`);
  const stage = await Stage.set(folder, programs);
  try {
    const results = rows.map((row) => resultOf(row, stage));
    report({ versions: versionsOf(programs), rows: results });
  } finally {
    stage.strike();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measured is what was built now, whatever is built meanwhile. */
function copyOfProgram(folder) {
  const copy = join(folder, 'program');
  for (const part of ['bin', 'dist/cli', 'package.json']) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return join(copy, 'bin', 'sec.cjs');
}

function resultOf(row, stage) {
  const start = Date.now();
  const lines = stage.linesOf(row);
  const times = measure({ ...row, lines }, stage);
  const memory = Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, peakMemory(line, stage)]));
  console.error(`bench: ${row.id} (${Math.round((Date.now() - start) / 1000)} s)`);
  return { id: row.id, rounds: row.rounds, programs: summarize(times, memory) };
}

function report(result) {
  const { versions } = result;
  const verdictLines = verdicts(result.rows);
  console.log(`Node ${versions.node}, ${versions.sops ?? 'no sops'}, ${versions.platform}\n`);
  console.log(tableOf(result.rows).join('\n'));
  if (verdictLines.length > 0) console.log(`\n${verdictLines.join('\n')}`);
  const reports = join(root, 'reports');
  if (!existsSync(reports)) mkdirSync(reports);
  writeFileSync(join(reports, 'bench.json'), `${JSON.stringify({ ...result, targets: verdictLines }, null, 2)}\n`);
}

function run(argv) {
  const { status } = spawnSync(argv[0], argv.slice(1), { stdio: 'inherit', cwd: root });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
}

// Runs command lines in turns, and tells how long each took from its start to its end.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom, shuffled } from './random.mjs';

const timer = '/usr/bin/time';

/**
 * @param row `{ lines: { name: { argv, prepare? } }, warmUps, rounds }`
 * @returns milliseconds of each round by name, in the order of the rounds
 */
export function measure({ lines, warmUps, rounds }, where) {
  const random = seededRandom(rounds);
  const names = Object.keys(lines);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const name of shuffled(names, random)) {
      const taken = timeOf(lines[name], where);
      if (round >= 0) times[name].push(taken);
    }
  }
  return times;
}

function timeOf({ argv, prepare }, { cwd, env }) {
  prepare?.();
  const start = performance.now();
  const { status, signal, stderr } = spawnSync(argv[0], argv.slice(1), { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const taken = performance.now() - start;
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status ?? signal}: ${stderr.toString()}`);
  return taken;
}

/** Peak memory of one run in MB, or `null` where GNU time is missing. */
export function peakMemory({ argv, prepare }, { cwd, env }) {
  if (!existsSync(timer)) return null;
  prepare?.();
  const report = join(cwd, 'memory.txt');
  const { status } = spawnSync(timer, ['-f', '%M', '-o', report, ...argv], { cwd, env, stdio: 'ignore' });
  return status === 0 ? Number(readFileSync(report, 'utf8').trim().split('\n').at(-1)) / 1024 : null;
}

export function percentile(numbers, share) {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The median of the ratios within each round, which the load of the machine moves least. */
export function ratioOf(times, others) {
  return percentile(
    times.map((time, round) => time / others[round]),
    0.5,
  );
}

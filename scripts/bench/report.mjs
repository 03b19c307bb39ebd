// The table that people read, and the targets that it is held against.

import { percentile, ratioOf } from './measure.mjs';

/** From the table of docs/speed.md: the row, whose time over whose, and what it may be at most. */
export const targets = [
  { row: 'version', of: 'sec', over: 'node', most: 1.1 },
  { row: 'decrypt-yaml-nested-30', of: 'sec', over: 'node', most: 2.5, goal: 1.5 },
  { row: 'decrypt-yaml-nested-100', of: 'sec', over: 'node', most: 1.7 },
  { row: 'decrypt-yaml-nested-30', of: 'standalone', over: 'sops', most: 1 },
  { row: 'decrypt-yaml-nested-1000', of: 'sec', over: 'sops', most: 1 },
  { row: 'decrypt-yaml-nested-1000', of: 'standalone', over: 'sops', most: 1 },
  { row: 'decrypt-yaml-flat-20000', of: 'sec', over: 'sops', most: 0.2 },
  { row: 'decrypt-yaml-flat-100000', of: 'sec', over: 'sops', most: 0.1, memory: 0.5 },
  { row: 'kms-300-files', of: 'sec', mostMs: 2000 },
];

/** Numbers of one row: by program the median, the 10th percentile, the ratios and the peak memory. */
export function summarize(times, memory) {
  return Object.fromEntries(
    Object.entries(times).map(([name, taken]) => [
      name,
      {
        median: round(percentile(taken, 0.5)),
        p10: round(percentile(taken, 0.1)),
        ...ratiosOf(name, taken, times),
        memoryMb: memory[name] === null ? null : round(memory[name]),
      },
    ]),
  );
}

function ratiosOf(name, taken, { node, sops }) {
  return {
    overNode: node === undefined || name === 'node' ? null : round(ratioOf(taken, node), 100),
    overSops: sops === undefined || name === 'sops' || name === 'node' ? null : round(ratioOf(taken, sops), 1000),
  };
}

function round(number, by = 10) {
  return Math.round(number * by) / by;
}

const columns = ['row', 'program', 'median ms', 'p10 ms', '× node', '× sops', 'peak MB'];

export function tableOf(rows) {
  const body = rows.flatMap(({ id, programs }) =>
    Object.entries(programs).map(([name, { median, p10, overNode, overSops, memoryMb }]) =>
      [id, name, median, p10, overNode, overSops, memoryMb].map((cell) => String(cell ?? '')),
    ),
  );
  return aligned([columns, ...body]);
}

/** Whether each target was met, of the rows that ran. */
export function verdicts(rows) {
  return targets.flatMap((target) => {
    const programs = rows.find(({ id }) => id === target.row)?.programs;
    const measured = programs?.[target.of];
    if (measured === undefined) return [];
    const said = `${target.row}: ${target.of}`;
    if (target.mostMs !== undefined) return [verdict(`${said} in ms`, measured.median, target.mostMs)];
    const ratio = target.over === 'node' ? measured.overNode : measured.overSops;
    const memory = target.memory === undefined || !programs.sops ? null : measured.memoryMb / programs.sops.memoryMb;
    return [
      ...(ratio === null ? [] : [verdict(`${said} over ${target.over}`, ratio, target.most, target.goal)]),
      ...(memory === null ? [] : [verdict(`${said} over ${target.over}, memory`, round(memory, 100), target.memory)]),
    ];
  });
}

function verdict(what, value, most, goal) {
  const word = value > most ? 'MISSED' : goal !== undefined && value > goal ? `met, but not the goal of ${goal}` : 'met';
  return `${what}: ${value}, at most ${most}: ${word}`;
}

function aligned(rows) {
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
      .join('  ')
      .trimEnd(),
  );
}

import { cellName, directions } from './interop-tally.ts';
import type { InteropRow } from './interop-tally.ts';

/**
 * The matrix of an interop run, a table a format: an option a line, a direction and a release a column. A cell is the number of documents
 * that passed, and behind a cross those that failed.
 */
export function printMatrix(rows: readonly InteropRow[], releases: readonly string[]): string {
  const formats = [...new Set(rows.map(({ format }) => format))].sort();
  return formats
    .map((format) =>
      printTable(
        format,
        rows.filter((row) => row.format === format),
        releases,
      ),
    )
    .join('\n');
}

function printTable(format: string, rows: readonly InteropRow[], releases: readonly string[]): string {
  const columns = directions.flatMap((direction) => releases.map((release) => ({ direction, release })));
  const lines = [
    [format, ...columns.map(({ direction, release }) => (release === releases[0] ? direction : ''))],
    ['', ...columns.map(({ release }) => release.replace(/^sops-/, ''))],
    ...rows.map((row) => [row.option, ...columns.map(({ direction, release }) => printCount(row, cellName(direction, release)))]),
    ['all', ...columns.map(({ direction, release }) => printCount(summed(rows), cellName(direction, release)))],
  ];
  return `${aligned(lines, releases.length)}\n`;
}

function printCount({ counts }: InteropRow, cell: string): string {
  const { passed, failed } = counts[cell] ?? { passed: 0, failed: 0 };
  return failed === 0 ? String(passed) : `${passed} ✗ ${failed}`;
}

function summed(rows: readonly InteropRow[]): InteropRow {
  const counts: InteropRow['counts'] = {};
  for (const [cell, { passed, failed }] of rows.flatMap((row) => Object.entries(row.counts))) {
    const sum = (counts[cell] ??= { passed: 0, failed: 0 });
    sum.passed += passed;
    sum.failed += failed;
  }
  return { format: '', option: '', counts };
}

/** The names of directions stand above as many columns as there are releases. */
function aligned([titles = [], ...lines]: readonly (readonly string[])[], span: number): string {
  const widths = titles.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0), at === 0 ? (titles[0]?.length ?? 0) : 8));
  for (const [at, title] of titles.entries()) {
    if (at === 0 || title === '') continue;
    const width = widths.slice(at, at + span).reduce((sum, one) => sum + one + 2, -2);
    if (title.length > width) widths[at] = (widths[at] ?? 0) + title.length - width;
  }
  const cells = (line: readonly string[]): string =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [spanned(titles, widths, span), ...lines.map(cells)].join('\n');
}

function spanned([first = '', ...titles]: readonly string[], [width = 0, ...widths]: readonly number[], span: number): string {
  const groups = titles.flatMap((title, at) => {
    if (at % span !== 0) return [];
    return [title.padEnd(widths.slice(at, at + span).reduce((sum, one) => sum + one + 2, -2))];
  });
  return [first.padEnd(width), ...groups].join('  ').trimEnd();
}

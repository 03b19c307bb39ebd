import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { callers } from '../interop/drop-in/callers.ts';
import { changing } from '../interop/drop-in/changing.ts';
import { encrypting } from '../interop/drop-in/encrypting.ts';
import { invocation } from '../interop/drop-in/invocation.ts';
import { opening } from '../interop/drop-in/opening.ts';
import { quirks } from '../interop/drop-in/quirks.ts';
import { readPage, sectionOf } from '../helpers/markdown.ts';

const page = readPage('docs/sops-parity.md');
const root = join(import.meta.dirname, '..', '..');
const cases = [...callers, ...invocation, ...encrypting, ...opening, ...changing, ...quirks].map(({ name }) => name);

/** The cells of the rows of a table, without its head and without the lines that only divide it. */
function rows(section: string): readonly (readonly string[])[] {
  return sectionOf(page, section)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| **') && !/^\|[-|]+$/.test(line))
    .slice(1)
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function testFile(cell: string): string | null {
  return /`(test\/[\w./-]+\.test\.ts)`/.exec(cell)?.[1] ?? null;
}

describe('docs/sops-parity.md', () => {
  test('names a case, or a file of tests, for each capability', () => {
    const heldBy = rows('Capabilities').map((cells) => cells.at(-1) ?? '');
    const files = heldBy.flatMap((cell) => testFile(cell) ?? []);
    const others = heldBy.filter((cell) => testFile(cell) === null);
    expect(heldBy.length).toBeGreaterThan(90);
    expect(others.filter((name) => !cases.includes(name))).toEqual([]);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test('has every surprise, and a case for each but those that it says are held elsewhere', () => {
    const surprises = rows('Surprises');
    const numbers = surprises.map(([number]) => number);
    expect(numbers).toEqual(Array.from({ length: 43 }, (_, at) => `Q${at + 1}`));
    const elsewhere = surprises.filter(([, , does = '']) => testFile(does) !== null).map(([number]) => number);
    expect(numbers.filter((number) => !cases.includes(number ?? '') && !elsewhere.includes(number))).toEqual([]);
  });

  test('leaves out no case', () => {
    const named = [...rows('Capabilities').map((cells) => cells.at(-1)), ...rows('Surprises').map(([number]) => number)];
    expect(cases.filter((name) => !named.includes(name))).toEqual(notCapabilities);
  });
});

/** Cases of differences, which `docs/sops.md` tells. */
const notCapabilities: readonly string[] = [
  'the configuration of the working folder',
  'a broken configuration',
  'indentation by the configuration',
  'plain text that cannot be read',
  'a null in flat formats',
  'a file of nothing but comments',
];

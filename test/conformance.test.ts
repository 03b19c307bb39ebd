import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { describeCases } from './conformance/describe.ts';
import { differences } from './conformance/differences.ts';
import { cases, pending, pitfalls } from './conformance/index.ts';

describeCases('pitfall', pitfalls, ['sec']);
describeCases('case', cases, ['sec']);

describe('the tables', () => {
  test('have all of the specification', () => {
    expect(Object.keys(pitfalls).map(Number)).toEqual(Array.from({ length: 74 }, (_, at) => at + 1));
    const chapters = { Y: 30, J: 11, B: 5, D: 10, I: 8, S: 17, K: 17 };
    const names = Object.entries(chapters).flatMap(([letter, count]) => Array.from({ length: count }, (_, at) => `${letter}${at + 1}`));
    expect(Object.keys(cases).sort()).toEqual(names.sort());
  });

  test('say for each difference from sops which one it is, and use each one', () => {
    const used = [...Object.values(pitfalls), ...Object.values(cases)].flatMap(({ sec }) => sec?.why ?? []);
    expect([...new Set(used)].sort()).toEqual(Object.keys(differences).sort());
  });

  test('differ only where the outcomes do', () => {
    const alike = [...Object.entries(pitfalls), ...Object.entries(cases)].filter(
      ([, { sec, sops }]) => sec !== undefined && JSON.stringify(sec.outcome) === JSON.stringify(sops),
    );
    expect(alike.map(([id]) => id)).toEqual([]);
  });

  test('have a row in docs/sops.md for each difference', () => {
    const rows = readFileSync(join(import.meta.dirname, '..', 'docs', 'sops.md'), 'utf8').split('\n');
    const missing = Object.values(differences).filter((text) => !rows.some((row) => row.startsWith(`| ${text} |`)));
    expect(missing).toEqual([]);
  });

  test('say what is shown elsewhere', () => {
    console.info(
      ['Not shown by these tables:', ...Object.entries(pending).map(([id, { about, needs }]) => `${id} ${about}: ${needs}`)].join('\n'),
    );
    expect(Object.keys(pending)).toEqual(['65']);
  });
});

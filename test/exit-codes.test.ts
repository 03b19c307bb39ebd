import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { differences, exitCodes, exitStatus } from '../src/exit-codes.ts';

describe('exit codes', () => {
  test('that sops has are as in sops', () => {
    expect([
      exitStatus({ code: 'file-missing', file: 'a' }, 'decrypt'),
      exitStatus({ code: 'file-missing', file: 'a' }, 'set'),
      exitStatus({ code: 'malformed', file: 'a', format: 'yaml', reason: '', line: null }, 'encrypt'),
      exitStatus({ code: 'malformed', file: 'a', format: 'yaml', reason: '', line: null }, 'decrypt'),
      exitStatus({ code: 'bad-path', path: '', reason: '', use: 'extract' }, 'decrypt'),
      exitStatus({ code: 'bad-path', path: '', reason: '', use: 'set' }, 'set'),
      exitStatus({ code: 'no-document', file: 'a' }, 'encrypt'),
      exitStatus({ code: 'no-document', file: 'a' }, 'decrypt'),
      exitStatus({ code: 'no-recipients', file: 'a' }, null),
    ]).toEqual([100, 2, 2, 1, 91, 7, 92, 1, 1]);
  });

  test('of a text that is kept are those of what kept it from being saved', () => {
    expect(exitStatus({ code: 'edit-kept', file: 'a', recovery: null, cause: { code: 'file-changed', file: 'a' } }, 'edit')).toBe(3);
  });

  test('are all in the documentation', () => {
    const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'exit-codes.md'), 'utf8');
    const documented = [...page.matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
    const used = new Set([0, 91, ...Object.values(exitCodes), ...Object.values(differences).flatMap((row) => Object.values(row))]);
    expect(documented).toEqual([...used].sort((a, b) => a - b));
  });
});

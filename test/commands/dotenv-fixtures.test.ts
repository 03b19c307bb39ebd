import { expect, test } from 'vitest';

import { dotenvFixtures, fixturesNotInSops } from '../helpers/dotenv-fixtures.ts';
import type { Values } from '../helpers/dotenv-fixtures.ts';
import { alice, sec } from '../helpers/sec.ts';

/** What cannot be passed on, or is not in sops's dialect, and what is said then. Statuses are those of `encrypt` and `exec`. */
const refused: Readonly<Record<string, readonly [status: number, message: string]>> = {
  CR: [1, '.env: SERVER cannot be a variable: it holds a CR, which ends a line to programs: put it in quotes'],
  'only comments': [2, '.env, line 2: not valid .env: a line without "=" that is no comment'],
  colon: [2, '.env, line 1: not valid .env: a line without "=" that is no comment'],
  'no value': [2, '.env, line 1: not valid .env: a line without "=" that is no comment'],
  'key characters': [1, '.env: .["A B"] cannot be a variable: its name has no letters that a variable may have'],
  'yaml like': [2, '.env, line 1: not valid .env: a line without "=" that is no comment'],
  nul: [1, '.env: A cannot be a variable: it holds a NUL byte'],
};

/** Each line of them is a value to sops, and so to us: a quote that is never closed takes nothing of the next line. */
const byLine: Readonly<Record<string, Values>> = { 'quotes unbalanced': { A: '"b', B: "'c", C: 'd"', D: '`e' } };

test.each(dotenvFixtures)('exec passes on what dotenv reads: $name', async ({ name, bytes, values }) => {
  const args = ['exec', '--pristine', '-f', '.env', '--', '/usr/bin/env', '-0'];
  const sealed = await sec(['encrypt', '-i', '--age', alice.recipient, '.env'], { '.env': bytes });
  const opened = sealed.status === 0 ? await sec(args, { '.env': sealed.files['.env'] ?? '' }, withKey) : sealed;

  const { status, out, err } = opened;
  const [expected, message] = refused[name] ?? [0, ''];
  expect({ status, message: err.replace(/^sec: /, '').trimEnd(), values: variablesOf(out) }).toEqual({
    status: expected,
    message,
    values: expected === 0 ? (byLine[name] ?? values) : {},
  });
});

test.each(dotenvFixtures.filter(({ name }) => !fixturesNotInSops.has(name)))(
  'get prints what stands behind =: $name',
  async ({ bytes }) => {
    const { files } = await sec(['encrypt', '-i', '--age', alice.recipient, '.env'], { '.env': bytes });
    const sealed = { '.env': files['.env'] ?? '' };

    for (const [key, text] of textsOf(bytes)) {
      const { status, out, err } = await sec(['get', '.env', `["${key}"]`], sealed, withKey);
      expect({ key, status, out, err }).toEqual({ key, status: 0, out: text, err: '' });
    }
  },
);

const withKey = { env: { SOPS_AGE_KEY: alice.identity } };

function variablesOf(out: string): Values {
  const lines = out.split('\0').slice(0, -1);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Line by line, as sops reads them, but for a byte order mark and CRLF (`docs/formats.md`). Of equal keys the first counts. */
function textsOf(bytes: Uint8Array): ReadonlyMap<string, string> {
  const text = Buffer.from(bytes)
    .toString()
    .replace(/^\uFEFF/, '');
  const lines = text.split(text.includes('\r\n') ? '\r\n' : '\n');
  const entries = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1).replaceAll('\\n', '\n')];
    });
  return new Map(entries.reverse());
}

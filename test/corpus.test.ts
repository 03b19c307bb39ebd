import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { sameTree } from '../src/core/same-tree.ts';
import { formatOfPath, loadFormat } from '../src/formats/index.ts';
import { kept, otherwise } from './corpus.expected.ts';
import { corpusEntries, corpusKeys, corpusPath, outputOf } from './helpers/corpus.ts';
import type { CorpusEntry, CorpusOutcome } from './helpers/corpus.ts';
import { gpgHome } from './helpers/gpg-home.ts';
import type { GpgHome } from './helpers/gpg-home.ts';
import { layoutDifferences } from './helpers/layout.ts';
import { need } from './helpers/need.ts';
import { sec } from './helpers/sec.ts';
import type { FileTexts } from './helpers/sec.ts';

const entries = corpusEntries();

test('the files of the corpus are what they were', () => {
  const changed = entries.filter(
    ({ file, sha256 }) =>
      createHash('sha256')
        .update(readFileSync(corpusPath(file)))
        .digest('hex') !== sha256,
  );

  expect(changed.map(({ file }) => file)).toEqual([]);
});

test('every exception of the corpus is of one of its runs', () => {
  const names = new Set(entries.map(nameOf));

  expect([...Object.keys(otherwise), ...Object.values(kept).flat()].filter((name) => !names.has(name))).toEqual([]);
});

describe('opens the files of the corpus with key files', () => {
  const env = { PATH: '/nonexistent', SEC_PGP_KEY_FILE: corpusKeys('pgp').join(':') };

  for (const entry of entries) test(nameOf(entry), () => expectAsSops(entry, env));
});

describe.skipIf(!need('gpg'))('opens the files of the corpus with gpg', () => {
  let gpg: GpgHome;
  beforeAll(() => {
    gpg = gpgHome();
    gpg.gpg(['--quiet', '--import', ...corpusKeys('pgp')]);
  });
  afterAll(() => gpg.remove());

  for (const entry of entries.filter(({ key_kinds: kinds }) => kinds.includes('pgp')))
    test(nameOf(entry), () => expectAsSops(entry, { GNUPGHOME: gpg.path }));
});

const keys: FileTexts = {
  '~/.config/sops/age/keys.txt': corpusKeys('age')
    .map((path) => `${readFileSync(path, 'utf8').trimEnd()}\n`)
    .join(''),
  ...Object.fromEntries(corpusKeys('ssh').map((path) => [`~/.ssh/${basename(path)}`, readFileSync(path)])),
};

function nameOf({ file, args }: CorpusEntry): string {
  return [file.replace(/^files\//, ''), ...args].join(' ');
}

/** What sops makes of a file, we make of it too; the tables say where not. */
async function expectAsSops(entry: CorpusEntry, env: Readonly<Record<string, string>>): Promise<void> {
  const name = nameOf(entry);
  const { status, outBytes } = await sec(['decrypt', ...entry.args, corpusPath(entry.file)], keys, { env });
  const wanted = otherwise[name] ?? (status === entry.expected.or?.exit ? entry.expected.or : entry.expected);
  const keeps = Object.entries(kept).find(([, names]) => names.includes(name))?.[0] ?? 'as sops prints it';

  const layout = status === wanted.exit ? await layoutOf(Buffer.from(outBytes), wanted, entry) : `${outBytes.length} bytes`;
  expect({ status, layout }).toEqual({ status: wanted.exit, layout: keeps });
}

/** How an output differs from the expected one. */
async function layoutOf(out: Buffer, wanted: CorpusOutcome, entry: CorpusEntry): Promise<string> {
  const expected = outputOf(wanted);
  if (out.equals(expected)) return 'as sops prints it';
  if (expected.length === 0) return `${out.length} bytes where there must be none`;
  return (await sameValues(out, expected, entry)) ? layoutDifferences(out.toString(), expected.toString()).join(', ') : 'other values';
}

/** Keys, values, types and comments, all in the same order. */
async function sameValues(one: Buffer, other: Buffer, { file, args }: CorpusEntry): Promise<boolean> {
  const format = await loadFormat(args.includes('json') ? 'json' : formatOfPath(file));
  return sameTree(format.read(one, 'ours').tree, format.read(other, 'theirs').tree);
}

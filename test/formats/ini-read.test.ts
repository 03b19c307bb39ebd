import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { ini } from '../../src/formats/ini.ts';
import type { IniSource } from '../../src/formats/ini-read.ts';
import { asSops, chars } from '../helpers/ini-tree.ts';
import type { SopsSection } from '../helpers/ini-tree.ts';
import { problemOf } from '../helpers/problem.ts';

/** What sops read: a text is one character a byte. */
interface Case {
  readonly text: string;
  readonly tree?: readonly SopsSection[];
  readonly status?: number;
}

const { cases } = JSON.parse(readFileSync(new URL('../vectors/ini/reading.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};
const read = (text: string): IniSource => ini.read(Buffer.from(text, 'latin1'), 'x.ini');

test('reads what sops reads, and refuses what it refuses', () => {
  const ours = cases.map(({ text }) => [text, problemOf(() => read(text))?.code ?? asSops(read(text))]);

  expect(ours).toEqual(cases.map(({ text, tree }) => [text, tree?.map(asWeShow) ?? 'malformed']));
});

/** sops crashes when it writes a comment whose first line is empty. We leave such lines out; and bytes that are no UTF-8 are shown so. */
function asWeShow([name, items]: SopsSection): SopsSection {
  return [
    name,
    items.map(([key, text]) => (key === '#' ? [key, chars(Buffer.from(withoutBanner(text), 'latin1').toString())] : [key, text])),
  ];
}

function withoutBanner(text: string): string {
  const lines = text.split('\n');
  if (lines[0] !== '') return text;
  const first = lines.findIndex((line) => /^(?:;[; ]*|#[# ]*)?[^;# ]/.test(line));
  return first < 0
    ? (lines.at(-1) ?? '')
    : lines
        .slice(first)
        .join('\n')
        .replace(/^(?:;[; ]*|#[# ]*)/, '');
}

test('keeps every text as it is', () => {
  const texts = cases.flatMap(({ text, tree }) => (tree === undefined ? [] : [text]));

  expect(texts.map((text) => Buffer.from(ini.encode(read(text).text)).toString('latin1'))).toEqual(texts);
});

test('refuses what sops would drop, with the line', () => {
  const refused = [
    '[s]\nk = `v` more\n',
    '[s]\nk = """a\nb""" more\n',
    '[s]\n"k" more = v\n',
    '[s] more\n',
    '[s]\nk = 1\n\nk = 2\n',
    '\u00ff\u00fek=1',
  ].map((text) => problemOf(() => read(text)));

  expect(refused).toEqual([
    { code: 'malformed', file: 'x.ini', format: 'ini', reason: 'text behind a closing quote', line: 2 },
    { code: 'malformed', file: 'x.ini', format: 'ini', reason: 'text behind a closing quote', line: 2 },
    { code: 'malformed', file: 'x.ini', format: 'ini', reason: 'text behind a quoted key', line: 2 },
    { code: 'malformed', file: 'x.ini', format: 'ini', reason: 'text behind the name of a section', line: 1 },
    { code: 'duplicate-key', file: 'x.ini', key: 'k', line: 4 },
    { code: 'malformed', file: 'x.ini', format: 'ini', reason: 'text in UTF-16', line: 1 },
  ]);
});

test('refuses names that are not UTF-8, and keeps such values', () => {
  expect(problemOf(() => read('\n\u00e9 = 1\n'))).toEqual({
    code: 'malformed',
    file: 'x.ini',
    format: 'ini',
    reason: 'a key that is not UTF-8',
    line: 2,
  });
  expect(problemOf(() => read('[\u00e9]\n'))).toMatchObject({ reason: 'the name of a section that is not UTF-8', line: 1 });
  expect(asSops(read('k = \u00e9\n'))).toEqual([['DEFAULT', [['k', '\u00e9']]]]);
});

test('has comments that sops does not see, each with a place of its own', () => {
  const source = read('; a\nk = v ; b\nj = `w` ; c\n; end\n');
  const [section] = source.tree.documents[0]?.items ?? [];
  const items = section?.kind === 'entry' && section.value.kind === 'map' ? section.value.items : [];

  expect(items.map((item) => (item.kind === 'entry' ? item.key : item.text))).toEqual(['k', 'a\n; b', 'b', 'j', 'c', 'end']);
});

test('reads a metadata block wherever it stands, and comments around it', () => {
  const source = read('[sops]\n; x\nversion = 3.13.3\nage__list_0__map_enc = """a\nb"""\n; of s\n[s]\nk = v\n');

  expect(source.metadata).toEqual(
    new Map<string, unknown>([
      ['version', '3.13.3'],
      ['age', [new Map([['enc', 'a\nb']])]],
    ]),
  );
  expect(asSops(source)).toEqual([
    ['DEFAULT', []],
    [
      's',
      [
        ['#', 'of s'],
        ['k', 'v'],
      ],
    ],
  ]);
});

test('takes comments behind the metadata block for none of the data', () => {
  const source = read('k = v\n[sops]\nversion = 3.13.3\n; end\n');

  expect(source.tree.documents[0]?.items).toMatchObject([{ key: 'DEFAULT', value: { items: [{ key: 'k' }] } }]);
});

test('refuses two metadata blocks', () => {
  expect(problemOf(() => read('[sops]\na=1\n[sops]\n'))).toEqual({
    code: 'bad-metadata',
    file: 'x.ini',
    reason: 'there are two sections named sops',
  });
});

test('takes an empty section named sops for a block, and a key of that name for a key', () => {
  expect(read('[sops]\n').metadata).toEqual(new Map());
  expect(read('sops = 1\n').metadata).toBe(null);
});

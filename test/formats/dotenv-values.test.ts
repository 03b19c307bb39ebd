import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { interpretDotenv, interpretValues } from '../../src/formats/dotenv-values.ts';
import { dotenv } from '../../src/formats/dotenv.ts';

const folder = join(import.meta.dirname, '..', 'vectors', 'dotenv');

type Values = Readonly<Record<string, string>>;

const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Readonly<Record<string, Values>>;
const inline = JSON.parse(readFileSync(join(folder, 'inline.json'), 'utf8')) as readonly { name: string; text: string; values: Values }[];

const texts = [
  ...readdirSync(join(folder, 'files')).map((name) => ({
    name,
    text: readFileSync(join(folder, 'files', name), 'utf8'),
    values: expected[name] ?? {},
  })),
  ...inline,
];

/** Which lines belong to a value is for the reader of the file: values here begin on their line and end before the next key. */
const severalLines = /^(MULTI_|A$)/;

/** A quote that is open at the end of a line makes the next key a part of the value; a colon is no sign for sops. */
const notByValue = new Set(['quotes unbalanced', 'colon']);

/** The text behind the `=` of each of these keys. */
function rawValues(text: string, keys: readonly string[]): Map<string, string> {
  const found = [...text.matchAll(/^\uFEFF?[^\S\r\n]*(?:export[^\S\r\n]+)?([\w.-]+)[^\S\r\n]*=/gm)];
  const starts = found.filter((start) => keys.includes(start[1] ?? ''));
  return new Map(
    starts.map((start, i) => {
      const rest = text.slice(start.index + start[0].length, starts[i + 1]?.index).replace(/[\r\n]+$/, '');
      const key = start[1] ?? '';
      return [key, severalLines.test(key) ? withoutComments(rest) : (rest.split(/[\r\n]/)[0] ?? '')];
    }),
  );
}

function withoutComments(text: string): string {
  return text.replace(/[\r\n]+\s*#[\s\S]*$/, '');
}

test.each(texts.filter(({ name }) => !notByValue.has(name)))('reads values as dotenv does: $name', ({ text, values }) => {
  const read = [...rawValues(text, Object.keys(values))].map(([key, raw]) => [key, interpretDotenv(raw)]);
  expect(Object.fromEntries(read)).toEqual(values);
});

test('leaves a quote that is not closed', () => {
  expect([interpretDotenv("'c"), interpretDotenv('d"'), interpretDotenv('`e')]).toEqual(["'c", 'd"', '`e']);
});

test('cuts a comment only outside of quotes', () => {
  expect([interpretDotenv('a#b'), interpretDotenv('"a#b"'), interpretDotenv('"a#b')]).toEqual(['a', 'a#b', '"a']);
});

test('takes what stands in the text for the value, not what sops reads there', () => {
  const text = "A=x\\ny\nB=\"x\\ny\"\nC='x\\ny'\nD='x\n  y'\nE=grüße # c\nF= \n";
  const tree = interpretValues(dotenv.read(Buffer.from(text), '.env'), '.env');
  const values = tree.documents[0]?.items.map((item) =>
    item.kind === 'entry' && item.value.kind === 'leaf' && item.value.value.type === 'str'
      ? `${item.key}=${item.value.value.text}`
      : item.kind,
  );
  expect(values).toEqual(['A=x\\ny', 'B=x\ny', 'C=x\\ny', 'D=x\n  y', 'E=grüße', 'F=']);
});

test('leaves bytes that are no text as they are', () => {
  const tree = interpretValues(dotenv.read(Buffer.from('A="\xff"\n', 'latin1'), '.env'), '.env');
  expect(tree.documents[0]?.items).toMatchObject([{ value: { value: { type: 'bytes' } } }]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { interpretDotenv } from '../../src/formats/dotenv-values.ts';

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

import fc from 'fast-check';
import { CST } from 'yaml';
import { expect, test } from 'vitest';

import { unquoteDouble } from '../../src/formats/yaml/double-quotes.ts';
import { yaml } from '../../src/formats/yaml/yaml.ts';
import { problemOf } from '../helpers/problem.ts';

/** Texts of what is special between double quotes. */
const sources = fc
  .array(
    fc.constantFrom(
      'a',
      ' ',
      '\t',
      '\n',
      '\r\n',
      '\\',
      'n',
      'x',
      'u',
      'U',
      '0',
      '4',
      '1',
      '\\"',
      '\\\n',
      '\\x41',
      '\\u0041',
      '\\U0001F600',
      '😀',
      'é',
    ),
    {
      maxLength: 24,
    },
  )
  .map((parts) => `"${parts.join('')}"`)
  // The library takes an escaped quote for the last one.
  .filter((source) => !/(?<!\\)(?:\\\\)*\\"$/.test(source));

test('reads what the YAML library reads', () => {
  fc.assert(
    fc.property(sources, (source) => {
      const ours = unquoteDouble(source);
      expect({ source, text: 'text' in ours ? ours.text : null }).toEqual({ source, text: byLibrary(source) });
    }),
    { numRuns: 5000 },
  );
});

/** `null` where it is not one whole text in quotes. */
function byLibrary(source: string): string | null {
  const token: CST.FlowScalar = { type: 'double-quoted-scalar', offset: 0, indent: 0, source };
  let isWrong = false;
  const value = CST.resolveAsScalar(token, true, () => (isWrong = true)).value;
  return isWrong ? null : value;
}

test('tells where an escape is none', () => {
  expect(unquoteDouble('"ab\\q"')).toEqual({ badAt: 3 });
  expect(unquoteDouble('"\\x4g"')).toEqual({ badAt: 1 });
  expect(unquoteDouble('"a\\"')).toEqual({ badAt: 2 });
  expect(unquoteDouble('"\\U00110000"')).toEqual({ badAt: 1 });
  expect(unquoteDouble('"a')).toEqual({ badAt: 2 });
  expect(unquoteDouble('"')).toEqual({ badAt: 1 });
});

const long = 'a word, '.repeat(20_000);
const read = (text: string) => yaml.read(Buffer.from(text), 'f.yaml');

test('reads a long text like a short one, and what stands around it', () => {
  const value = { kind: 'leaf', value: { type: 'str', text: `${long}\n` } };
  const b = { kind: 'entry', key: 'b', value: { kind: 'leaf', value: { type: 'int', text: '1' } } };
  expect(read(`a: "${long}\\n"\nb: 1\n`).tree.documents).toMatchObject([{ items: [{ key: 'a', value }, b] }]);
  expect(read(`{a: "${long}\\n", "c": ["${long}\\n", x]}\n`).tree.documents).toMatchObject([
    {
      items: [
        { key: 'a', value },
        { key: 'c', value: { items: [value, { value: { text: 'x' } }] } },
      ],
    },
  ]);
});

test.each([
  ['an escape that is none', `a: 1\nb: "${long}\\q"\n`, 2],
  ['quotes that do not end', `a: 1\nb: "${long}\n`, 3],
])('refuses a long text with %s', (_, text, line) => {
  const reason = 'its double quotes do not end, or an escape in them is not known';
  expect(problemOf(() => read(text))).toEqual({ code: 'malformed', file: 'f.yaml', format: 'YAML', reason, line });
});

test('takes little more memory than the text', () => {
  const source = `"${'word \\n'.repeat(2_000_000)}"`;
  const read = unquoteDouble(source);
  expect('text' in read ? read.text.length : null).toBe(12_000_000);
});

import { describe, expect, test } from 'vitest';

import { yaml } from '../../src/formats/yaml/yaml.ts';
import { problemOf } from '../helpers/problem.ts';

const problem = (text: string): unknown => problemOf(() => yaml.read(Buffer.from(text), 'f.yaml'));

describe('what sops reads as no YAML is none', () => {
  test.each(['\0', '\u0007', '\u000B', '\f', '\u001B', '\u007F', '\u009F', '\uFFFE', '\uFFFF'])('the control character %j', (sign) => {
    const expected = {
      code: 'malformed',
      file: 'f.yaml',
      format: 'YAML',
      reason: 'a control character stands there: write it as an escape in double quotes',
      line: 2,
    };
    expect([`x: 1\na: b${sign}\n`, `x: 1\n# ${sign}\n`, `x: 1\n"${sign}": 1\n`].map(problem)).toEqual([expected, expected, expected]);
  });

  test.each(['"\\ud800"', '"\\U0000DFFF"', '"\\ud83d\\ude00"'])('the escape of half a surrogate pair: %s', (text) => {
    const expected = {
      code: 'malformed',
      file: 'f.yaml',
      format: 'YAML',
      reason: 'its double quotes do not end, or an escape in them is not known',
      line: 1,
    };
    expect([`a: ${text}\n`, `${text}: a\n`].map(problem)).toEqual([expected, expected]);
  });

  test('two byte order marks', () => {
    expect(problem('\uFEFF\uFEFFa: 1\n')).toMatchObject({ code: 'malformed', reason: 'it has two byte order marks', line: 1 });
  });

  test('and nothing else', () => {
    expect(problem('\uFEFFa: "\t\uD7FF\uE000\uFFFD😀\uFEFF\u00A0\\0\\x1b\\uFFFF"\r\nb: \'\u0085\u2028\'\r\n')).toBe(null);
  });
});

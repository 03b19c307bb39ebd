import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { SecError } from '../../src/core/problem.ts';
import { json } from '../../src/formats/json.ts';

/** JSONTestSuite: what must be read, what must be refused, and what we chose where a parser may choose. */
const folder = join(import.meta.dirname, '../vectors/JSONTestSuite/test_parsing');

/** The free cases that we refuse, with our reason. All others are read. */
const refused: Readonly<Record<string, string>> = {
  'i_number_huge_exp.json': 'malformed',
  'i_number_neg_int_huge_exp.json': 'malformed',
  'i_number_pos_double_huge_exp.json': 'malformed',
  'i_number_real_neg_overflow.json': 'malformed',
  'i_number_real_pos_overflow.json': 'malformed',
  'i_object_key_lone_2nd_surrogate.json': 'malformed',
  'i_string_1st_surrogate_but_2nd_missing.json': 'malformed',
  'i_string_1st_valid_surrogate_2nd_invalid.json': 'malformed',
  'i_string_UTF-16LE_with_BOM.json': 'malformed',
  'i_string_UTF-8_invalid_sequence.json': 'malformed',
  'i_string_UTF8_surrogate_U+D800.json': 'malformed',
  'i_string_incomplete_surrogate_and_escape_valid.json': 'malformed',
  'i_string_incomplete_surrogate_pair.json': 'malformed',
  'i_string_incomplete_surrogates_escape_valid.json': 'malformed',
  'i_string_invalid_lonely_surrogate.json': 'malformed',
  'i_string_invalid_surrogate.json': 'malformed',
  'i_string_invalid_utf-8.json': 'malformed',
  'i_string_inverted_surrogates_U+1D11E.json': 'malformed',
  'i_string_iso_latin_1.json': 'malformed',
  'i_string_lone_second_surrogate.json': 'malformed',
  'i_string_lone_utf8_continuation_byte.json': 'malformed',
  'i_string_not_in_unicode_range.json': 'malformed',
  'i_string_overlong_sequence_2_bytes.json': 'malformed',
  'i_string_overlong_sequence_6_bytes.json': 'malformed',
  'i_string_overlong_sequence_6_bytes_null.json': 'malformed',
  'i_string_truncated-utf-8.json': 'malformed',
  'i_string_utf16BE_no_BOM.json': 'malformed',
  'i_string_utf16LE_no_BOM.json': 'malformed',
  // 501 levels with the object around it
  'i_structure_500_nested_arrays.json': 'too-deep',
  'i_structure_UTF-8_BOM_empty_object.json': 'malformed',
};

const names = readdirSync(folder);

describe('JSONTestSuite', () => {
  test('is whole', () => {
    expect([names.length, names.filter((name) => name.startsWith('n_')).length]).toEqual([318, 188]);
  });

  test.each(names.filter((name) => name.startsWith('y_')))('reads %s', (name) => {
    expect(outcome(insideObject(name))).toBe('read');
  });

  test.each(names.filter((name) => name.startsWith('n_')))('refuses %s', (name) => {
    expect(outcome(bytesOf(name))).toMatch(/^(malformed|too-deep)$/);
  });

  test.each(names.filter((name) => /^n_(array|number|string)/.test(name)))('refuses %s inside an object', (name) => {
    expect(outcome(insideObject(name))).toMatch(/^(malformed|too-deep)$/);
  });

  test.each(names.filter((name) => name.startsWith('i_')))('decides on %s', (name) => {
    const text = name.includes('empty_object') ? bytesOf(name) : insideObject(name);
    expect(outcome(text)).toBe(refused[name] ?? 'read');
  });
});

function bytesOf(name: string): Buffer {
  return readFileSync(join(folder, name));
}

/** The top has to be an object. */
function insideObject(name: string): Buffer {
  return Buffer.concat([Buffer.from('{"a":'), bytesOf(name), Buffer.from('}')]);
}

function outcome(text: Buffer): string {
  try {
    json.read(text, 'case.json');
    return 'read';
  } catch (error) {
    if (error instanceof SecError) return error.problem.code;
    throw error;
  }
}

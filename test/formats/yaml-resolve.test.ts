import { expect, test } from 'vitest';
import { resolvePlain, yamlFloat } from '../../src/formats/yaml/resolve.ts';

/** `sops-format.md` §4.2, each seen with sops 3.13.3. */
test.each([
  ['', 'null', undefined],
  ['~', 'null', undefined],
  ['Null', 'null', undefined],
  ['nULL', 'str', 'nULL'],
  ['yes', 'str', 'yes'],
  ['1', 'int', '1'],
  ['017', 'int', '15'],
  ['0o17', 'int', '15'],
  ['0x_1f', 'int', '31'],
  ['-0x1F', 'int', '-31'],
  ['+0x10', 'int', '16'],
  ['-0b11', 'int', '-3'],
  ['1__0', 'int', '10'],
  ['-0', 'int', '-0'],
  ['08', 'float', '08'],
  ['-018', 'float', '-018'],
  ['1_000.5', 'float', '1000.5'],
  ['1.', 'float', '1.'],
  ['+.5', 'float', '+.5'],
  ['1E5', 'float', '1E5'],
  ['.inf', 'float', '+Inf'],
  ['-.INF', 'float', '-Inf'],
  ['.nan', 'float', 'NaN'],
  ['NaN', 'str', 'NaN'],
  ['1e400', 'str', '1e400'],
  ['1e', 'str', '1e'],
  ['0o8', 'str', '0o8'],
  ['0x', 'str', '0x'],
  ['0b2', 'str', '0b2'],
  ['_1', 'str', '_1'],
  ['1:30', 'str', '1:30'],
  ['12345678901234567890123', 'float', '12345678901234567890123'],
  ['9223372036854775807', 'int', '9223372036854775807'],
  ['9223372036854775808', 'unsigned', undefined],
  ['18446744073709551615', 'unsigned', undefined],
  ['18446744073709551616', 'float', '18446744073709551616'],
  ['-9223372036854775809', 'float', '-9223372036854775809'],
  ['2024-01-01', 'time', '2024-01-01T00:00:00Z'],
  ['2001-1-2 3:4:5', 'time', '2001-01-02T03:04:05Z'],
  ['2001-12-14t21:59:43.10-05:00', 'time', '2001-12-14T21:59:43.10-05:00'],
  ['2001-01-02T03:04:05', 'str', '2001-01-02T03:04:05'],
  ['2001-12-14 21:59:43.10Z', 'str', '2001-12-14 21:59:43.10Z'],
  ['2001-12-14t21:59:43z', 'str', '2001-12-14t21:59:43z'],
  ['2001-12-14 21:59:43.10 -5', 'str', '2001-12-14 21:59:43.10 -5'],
  ['2023-02-29', 'str', '2023-02-29'],
])('reads %j as %s', (text, type, value) => {
  expect(resolvePlain(text)).toEqual(value === undefined ? { type } : { type, text: value });
});

test('reads only these as truth values', () => {
  expect(['true', 'True', 'TRUE'].map(resolvePlain)).toEqual(Array.from({ length: 3 }, () => ({ type: 'bool', value: true })));
  expect(['tRUE', 'on', 'y', 'False'].map((text) => resolvePlain(text).type)).toEqual(['str', 'str', 'str', 'bool']);
});

test.each([
  ['1000000', '1e+06'],
  ['12345678.9', '1.23456789e+07'],
  ['100000', '100000'],
  ['0.00001', '1e-05'],
  ['0.0001', '0.0001'],
  ['12345678901234567890123', '1.2345678901234568e+22'],
  ['-0', '-0'],
  ['+Inf', '.inf'],
  ['NaN', '.nan'],
])('prints the float %s as go-yaml does: %s', (text, printed) => {
  expect(yamlFloat(text)).toBe(printed);
});

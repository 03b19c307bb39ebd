import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalFloat, canonicalInt, decompose, isFloat, isInt64 } from '../../src/core/numbers.ts';

test.each([
  ['1', '1'],
  ['1.0', '1'],
  ['1e21', '1000000000000000000000'],
  ['1e-7', '0.0000001'],
  ['123456789012345678901234567890', '123456789012345680000000000000'],
  ['-0', '-0'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['+Inf', '+Inf'],
  ['inf', '+Inf'],
  ['-Infinity', '-Inf'],
  ['nan', 'NaN'],
  ['0x1.8p1', '3'],
  ['12345678.9', '12345678.9'],
])('writes the float %s as %s', (text, canonical) => {
  expect(canonicalFloat(text)).toBe(canonical);
});

test.each(['', '1_0', '0x1F', '1e400', '--1', '1e', 'one', '-nan'])('has no float %j', (text) => {
  expect(isFloat(text)).toBe(false);
});

test.each([
  ['9223372036854775807', true],
  ['9223372036854775808', false],
  ['-9223372036854775808', true],
  ['-9223372036854775809', false],
  ['+7', true],
  ['007', true],
  ['0x1F', false],
  ['1.0', false],
  ['', false],
])('%s is a 64-bit integer: %s', (text, is) => {
  expect(isInt64(text)).toBe(is);
});

test('writes an int without sign and zeros in front', () => {
  expect(['+007', '-0', '-12'].map(canonicalInt)).toEqual(['7', '0', '-12']);
});

const double = fc.double({ noNaN: true, noDefaultInfinity: true });

test('writes any float so that it reads as the same, without an exponent', () => {
  fc.assert(
    fc.property(double, (value) => {
      const text = canonicalFloat(Object.is(value, -0) ? '-0' : String(value));
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(text)).toBe(value);
    }),
  );
});

test('takes a float apart into digits and exponent', () => {
  fc.assert(
    fc.property(double, (value) => {
      const { negative, digits, exponent } = decompose(value);
      expect(Number(`${negative ? '-' : ''}${digits[0]}.${digits.slice(1) || '0'}e${exponent}`)).toBe(value);
    }),
  );
});

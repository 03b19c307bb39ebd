import { describe, expect, test } from 'vitest';

import { scalarText } from '../../src/formats/scalar-text.ts';
import type { TextScalar } from '../../src/formats/scalar-text.ts';

const float = (text: string): TextScalar => ({ type: 'float', text });

describe('the text of a value', () => {
  test.each([
    // observed: sops 3.13.3, YAML decrypted with --output-type dotenv
    [float('1000000.0'), '1E+06'],
    [float('1234567.0'), '1.234567E+06'],
    [float('123456.5'), '123456.5'],
    [float('0.0001'), '0.0001'],
    [float('0.00001'), '1E-05'],
    [float('1e300'), '1E+300'],
    [float('+Inf'), '+Inf'],
    [float('-Inf'), '-Inf'],
    [float('NaN'), 'NaN'],
    [float('-0.0'), '-0.0'],
    [float('100000.0'), '100000.0'],
    [float('2e5'), '200000.0'],
    [float('1.5e-7'), '1.5E-07'],
    [float('-2e10'), '-2E+10'],
    [float('0'), '0.0'],
    [{ type: 'time', text: '2001-12-14T21:59:43.5+02:00' }, '2001-12-14T21:59:43+02:00'],
    [{ type: 'int', text: '-9223372036854775808' }, '-9223372036854775808'],
    [{ type: 'int', text: '007' }, '7'],
    [{ type: 'bool', value: true }, 'true'],
    [{ type: 'bool', value: false }, 'false'],
    [{ type: 'str', text: ' as is \n' }, ' as is \n'],
  ] satisfies [TextScalar, string][])('%o is %j', (value, text) => {
    expect(scalarText(value)).toBe(text);
  });

  test('there is none for a float that is no number', () => {
    expect(() => scalarText(float('x'))).toThrow(RangeError);
  });
});

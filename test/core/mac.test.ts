import { expect, test } from 'vitest';
import { MacBuilder, sameMac, sameScalar } from '../../src/core/mac.ts';
import type { Scalar } from '../../src/core/tree.ts';

/** `sops-format.md` §20.2. */
function macOf(values: readonly Scalar[], macOnlyEncrypted = false): string {
  const mac = new MacBuilder(macOnlyEncrypted);
  for (const value of values) mac.add(value);
  return mac.digest();
}

test('hashes values one after the other, without keys', () => {
  const values: readonly Scalar[] = [
    { type: 'str', text: 'x' },
    { type: 'int', text: '1' },
    { type: 'bool', value: true },
  ];
  expect(macOf(values)).toBe(
    'A6DCA40A3F6B42C54B81696486DC7E1C382DAC158960311F4CD363DC1D731ACA14AD55D4439DC2DF188B9BA6435A4CBE6F06BE1D91222B81D8B2C17D1DCB3D26',
  );
  expect(macOf([{ type: 'str', text: 'x1True' }])).toBe(macOf(values));
});

test('hashes nothing of null and of empty texts', () => {
  expect(macOf([{ type: 'null' }, { type: 'str', text: '' }])).toBe(
    'CF83E1357EEFB8BDF1542850D66D8007D620E4050B5715DC83F4A921D36CE9CE47D0D13C5D85F2B0FF8318D2877EEC2F63B931BD47417A81A538327AF927DA3E',
  );
});

test('begins with a constant where it covers encrypted values only', () => {
  expect(macOf([{ type: 'str', text: 'x' }], true)).toBe(
    'F2FCD883120AC9CC76A0079910AFF53A3F3A4AFB78C110FB8C8B361E38777DE722FABB66A132749D5C71138D4B1E3BFDF7CAD284A785AF59ABA5109BDDD799A0',
  );
});

test('hashes numbers and times by what they are, not by their notation', () => {
  expect(macOf([{ type: 'float', text: '1.10' }])).toBe(macOf([{ type: 'float', text: '1.1' }]));
  expect(macOf([{ type: 'float', text: '1e3' }])).toBe(macOf([{ type: 'str', text: '1000' }]));
  expect(macOf([{ type: 'int', text: '+07' }])).toBe(macOf([{ type: 'int', text: '7' }]));
  expect(macOf([{ type: 'time', text: '2024-01-01T00:00:00.50+00:00' }])).toBe(macOf([{ type: 'str', text: '2024-01-01T00:00:00.5Z' }]));
});

test('is the same for values of any size', () => {
  const large = 'x'.repeat(200_000);
  expect(macOf([{ type: 'str', text: `${large}yz` }])).toBe(
    macOf([
      { type: 'str', text: 'x' },
      { type: 'str', text: large.slice(1) },
      { type: 'str', text: 'y' },
      { type: 'str', text: 'z' },
    ]),
  );
});

test('is compared as a text', () => {
  expect(sameMac('AB', 'AB')).toBe(true);
  expect(sameMac('AB', 'ab')).toBe(false);
  expect(sameMac('AB', 'ABC')).toBe(false);
});

test('knows equal values by type and meaning', () => {
  expect(sameScalar({ type: 'int', text: '5' }, { type: 'float', text: '5' })).toBe(false);
  expect(sameScalar({ type: 'float', text: '5.0' }, { type: 'float', text: '5' })).toBe(true);
});

import { describe, expect, test } from 'vitest';

import { checkVersion, formatVersion, isOlder, raiseVersion } from '../../src/core/version.ts';
import { problemOf } from '../helpers/problem.ts';

describe('the version of a file', () => {
  test.each([
    '3.7.0',
    'v3.7.0',
    '0.0.0',
    '2.0.9',
    '9.9.9',
    '99.0.0',
    '3.7.0-rc.1',
    '3.7.0+b',
    '3.7.0-a-b.0+c.01',
    '1.13',
    '1.',
    '1.x',
    formatVersion,
  ])('may be %s', (version) => {
    expect(problemOf(() => checkVersion(version, 'app.yaml'))).toBeNull();
  });

  test.each([
    '',
    '3.7',
    '3',
    '1',
    'abc',
    '0.8',
    '11.0',
    'v1.2',
    'V3.7.0',
    ' 3.7.0',
    '3.7.0 ',
    '=3.7.0',
    '03.7.0',
    '3.7.0.1',
    '3.7.0-',
    '3.7.0-01',
    '3.7.0-a..b',
    '3.7.0+',
    '18446744073709551616.0.0',
  ])('may not be %j', (version) => {
    expect(problemOf(() => checkVersion(version, 'app.yaml'))).toEqual({ code: 'bad-version', file: 'app.yaml' });
  });
});

describe('raising the version', () => {
  test.each([
    ['3.7.0', '3.13.3', '3.13.3'],
    ['3.13.2', '3.13.3', '3.13.3'],
    ['v3.7.0', '3.13.3', '3.13.3'],
    ['1.13', '3.13.3', '3.13.3'],
    ['1.x', '3.13.3', '3.13.3'],
    ['2.0.9', '3.13.3', '3.13.3'],
    ['3.13.3-rc.1', '3.13.3', '3.13.3'],
    ['3.13.3', '3.13.3', '3.13.3'],
    ['v3.13.3', '3.13.3', 'v3.13.3'],
    ['3.13.3+x', '3.13.3', '3.13.3+x'],
    ['3.13.10', '3.13.3', '3.13.10'],
    ['9.9.9', '3.13.3', '9.9.9'],
    ['', '3.13.3', '3.13.3'],
  ])('of %j by a program of %s gives %s', (old, own, raised) => {
    expect(raiseVersion(old, own)).toBe(raised);
  });
});

test('versions stand in the order of semantic versioning', () => {
  const ascending = [
    'none',
    '1.13',
    '2.0.9',
    '3.2.11',
    '3.3.0-1',
    '3.3.0-2',
    '3.3.0-10',
    '3.3.0--',
    '3.3.0-a',
    '3.3.0-a.1',
    '3.3.0-b',
    '3.3.0',
    '3.3.1',
    '3.10.0',
    '18446744073709551615.0.0',
  ];
  for (const [at, version] of ascending.entries()) {
    for (const [than, other] of ascending.entries()) expect([version, other, isOlder(version, other)]).toEqual([version, other, at < than]);
  }
});

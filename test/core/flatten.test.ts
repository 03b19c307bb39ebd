import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { flatten, unflatten } from '../../src/core/flatten.ts';
import type { Plain } from '../helpers/meta.ts';
import { toJson, toMap } from '../helpers/meta.ts';
import { problemOf } from '../helpers/problem.ts';

const refused = (reason: string): unknown => ({ code: 'bad-metadata', file: 'app.env', reason });

describe('a flat block', () => {
  test('has a name for each leaf, in the order of the block', () => {
    const block = toMap({
      age: [
        { enc: 'one\n', recipient: 'age1a' },
        { enc: 'two\n', recipient: 'age1b' },
      ],
      key_groups: [{ pgp: [{ fp: 'AA' }], age: [], hc_vault: [] }],
      kms: [{ arn: 'arn', aws_profile: '', context: { foo: 'bar', Environment: 'prod' } }],
      mac_only_encrypted: true,
      nothing: null,
      shamir_threshold: 2,
    });
    expect(flatten(block, 'app.env')).toEqual([
      ['age__list_0__map_enc', 'one\n'],
      ['age__list_0__map_recipient', 'age1a'],
      ['age__list_1__map_enc', 'two\n'],
      ['age__list_1__map_recipient', 'age1b'],
      ['key_groups__list_0__map_pgp__list_0__map_fp', 'AA'],
      ['kms__list_0__map_arn', 'arn'],
      ['kms__list_0__map_aws_profile', ''],
      ['kms__list_0__map_context__map_foo', 'bar'],
      ['kms__list_0__map_context__map_Environment', 'prod'],
      ['mac_only_encrypted', 'true'],
      ['shamir_threshold', '2'],
    ]);
  });

  test('has the tenth entry of a list after the ninth', () => {
    const names = flatten(toMap({ age: Array.from({ length: 12 }, (_, at) => ({ recipient: `r${at}` })) }), 'app.env').map(
      ([name]) => name,
    );
    expect(names.slice(8)).toEqual([8, 9, 10, 11].map((at) => `age__list_${at}__map_recipient`));
  });

  test.each<[string, Record<string, Plain>, string]>([
    [
      'a name with a separator in it',
      { context: { a__map_b: 'x' } },
      'a name with __map_ or __list_ in it cannot be written in this format: context__map_a__map_b',
    ],
    [
      'a name that makes a separator with the next',
      { k__map: { b: 'x' } },
      'a name with __map_ or __list_ in it cannot be written in this format: k__map__map_b',
    ],
    ['an empty entry of a list', { l: [{ a: 'x' }, { b: [] }] }, 'a list with an empty entry cannot be written in this format: l'],
    ['a null in a list', { l: [null] }, 'a list with an empty entry cannot be written in this format: l'],
  ])('cannot hold %s', (_, block, reason) => {
    expect(problemOf(() => flatten(toMap(block), 'app.env'))).toEqual(refused(reason));
  });
});

describe('flat names', () => {
  const unflattened = (...names: string[]): string =>
    toJson(
      unflatten(
        names.map((name, at) => [name, String(at)]),
        'app.env',
      ),
    );

  test('are read in any order', () => {
    expect(unflattened('b__list_1__map_x', 'a', 'b__list_0__map_y', 'c__map_d__map_e')).toBe(
      '{"b":[{"y":"2"},{"x":"0"}],"a":"1","c":{"d":{"e":"3"}}}',
    );
  });

  test.each([
    ['l__list_x', '{"l":["0"]}'],
    ['l__list_', '{"l":["0"]}'],
    ['l__list_0x', '{"l":["0"]}'],
    ['l__list_00', '{"l":["0"]}'],
    ['l__list_+0', '{"l":["0"]}'],
    ['l__list_0__list_0', '{"l":[["0"]]}'],
    ['', '{"":"0"}'],
    ['__map_a', '{"":{"a":"0"}}'],
    ['a__map_', '{"a":{"":"0"}}'],
    ['a___map_b', '{"a_":{"b":"0"}}'],
    ['a__Map_b__LIST_0', '{"a__Map_b__LIST_0":"0"}'],
  ])('are read as sops does: %s', (name, block) => {
    expect(unflattened(name)).toBe(block);
  });

  test.each([
    ['a name that is there twice', ['a', 'a'], 'a is there twice'],
    ['a deep name that is there twice', ['a__map_b', 'a__map_b'], 'a__map_b is there twice'],
    ['a position that is there twice', ['l__list_0', 'l__list_00'], 'l__list_00 is there twice'],
    ['a text that is also a map', ['a', 'a__map_b'], 'a__map_b stands where another field holds something else'],
    ['a map that is also a text', ['a__map_b', 'a'], 'a stands where another field holds something else'],
    ['a list that is also a map', ['a__list_0', 'a__map_b'], 'a__map_b stands where another field holds something else'],
    ['a list that does not begin at 0', ['l__list_1'], 'the list l has a gap'],
    ['a list with a gap', ['l__list_0', 'm__map_l__list_0', 'm__map_l__list_2'], 'the list l has a gap'],
    ['a negative position', ['l__list_-1'], 'the list l has a gap'],
    ['a position that no list has', ['l__list_99999999999999999999'], 'the list l has a gap'],
  ])('refuse %s', (_, names, reason) => {
    expect(problemOf(() => unflattened(...names))).toEqual(refused(reason));
  });

  test('may nest a hundred levels, not more', () => {
    expect(problemOf(() => unflattened(`a${'__map_b'.repeat(100)}`))).toBeNull();
    expect(problemOf(() => unflattened(`a${'__map_b'.repeat(101)}`))).toEqual({ code: 'too-deep', file: 'app.env', limit: 100 });
  });
});

test('unflatten reads what flatten writes, and flatten refuses only names with a separator', () => {
  const plainName = fc.string({ unit: fc.constantFrom('a', 'B', '_', 'map', '0', '.') }).filter((text) => !text.includes('__map'));
  const name = fc.oneof({ weight: 20, arbitrary: plainName }, { weight: 1, arbitrary: fc.constantFrom('a__map', '__map_', '__map__') });
  const { block } = fc.letrec<{ value: Plain; block: Record<string, Plain> }>((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.array(tie('value'), { minLength: 1, maxLength: 12 }), tie('block')),
    block: fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 4 }),
  }));
  fc.assert(
    fc.property(block, (plain) => {
      const problem = problemOf(() => flatten(toMap(plain), 'app.env'));
      fc.pre(problem === null || !JSON.stringify(plain).includes('__map'));
      const leaves = flatten(toMap(plain), 'app.env');
      expect(toJson(unflatten(leaves, 'app.env'))).toBe(toJson(toMap(plain)));
      expect(unflatten([...leaves].reverse(), 'app.env')).toEqual(toMap(plain));
    }),
    { numRuns: 500 },
  );
});

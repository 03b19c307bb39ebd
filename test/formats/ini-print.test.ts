import { expect, test } from 'vitest';

import { SecError } from '../../src/core/problem.ts';
import type { Tree } from '../../src/core/tree.ts';
import { ini } from '../../src/formats/ini.ts';
import { comment, leaf, list, map, str, treeOf } from '../helpers/nodes.ts';
import { problemOf } from '../helpers/problem.ts';

const options = { file: 'x.ini', indent: null };
const print = (tree: Tree): string => ini.print(tree, null, options);

test('prints as sops does, and quotes what sops would not', () => {
  const tree = treeOf({
    s: {
      ...map({}),
      items: [
        comment(' about s'),
        ...map({ a: leaf({ type: 'int', text: '017' }), bb: str('x y '), e: str('') }).items,
        comment('one\n# two'),
        comment('three'),
        ...map({
          t: str('a"""\nb'),
          f: leaf({ type: 'float', text: '1.5e10' }),
          g: leaf({ type: 'float', text: '1.0' }),
          o: leaf({ type: 'bool', value: true }),
          d: leaf({ type: 'time', text: '2001-12-14T21:59:43.5Z' }),
          'k=1': str('"q"'),
          end: str('x\\'),
        }).items,
      ],
    },
    u: map({}),
  });

  expect(print(tree)).toBe(
    [
      '; about s',
      '[s]',
      'a     = 17',
      'bb    = "x y "',
      '; one',
      '# two',
      '; three',
      'e     = ',
      't     = `a"""',
      'b`',
      'f     = 1.5E+10',
      'g     = 1.0',
      'o     = true',
      'd     = 2001-12-14T21:59:43Z',
      '`k=1` = `"q"`',
      'end   = "x\\"',
      '',
      '[u]',
      '',
    ].join('\n'),
  );
});

test('prints no header for the first section if that is DEFAULT, and nothing if it is empty', () => {
  expect(print(treeOf({ DEFAULT: map({ a: str('1') }), s: map({}) }))).toBe('a = 1\n\n[s]\n');
  expect(print(treeOf({ DEFAULT: map({}), s: map({}) }))).toBe('[s]\n');
  expect(print(treeOf({ s: map({}), DEFAULT: map({ a: str('1') }) }))).toBe('[s]\n\n[DEFAULT]\na = 1\n');
  expect(print(treeOf({ default: map({ a: str('1') }) }))).toBe('[default]\na = 1\n');
});

test('refuses to print what has no sections', () => {
  expect(problemOf(() => print(treeOf({ a: str('1') })))).toMatchObject({ reason: 'a is no section: it holds a single value' });
  expect(problemOf(() => print(treeOf({ a: map({ b: map({}) }) })))).toMatchObject({
    reason: 'b holds a map, and there is no such thing in a section',
  });
});

test('prints single values as JSON, and texts as they are', () => {
  const printed = [
    str('é\n'),
    leaf({ type: 'bytes', bytes: Buffer.from([0xff]) }),
    leaf({ type: 'int', text: '5' }),
    leaf({ type: 'null' }),
    list(str('<'), list(), map({ a: leaf({ type: 'bool', value: true }) })),
  ].map((value) => Buffer.from(ini.printValue(value, options)).toString('latin1'));

  expect(printed).toEqual(['\u00c3\u00a9\n', '\u00ff', '5', 'null', String.raw`["\u003c",[],{"a":true}]`]);
  expect(() => ini.printValue(leaf({ type: 'float', text: 'NaN' }), options)).toThrow(SecError);
});

import { describe, expect, test } from 'vitest';

import type { Path } from '../../src/core/path.ts';
import { containerAt, valueAt, withValueAt } from '../../src/core/tree-path.ts';
import type { Branch, Comment, Node } from '../../src/core/tree.ts';
import { meaning } from '../helpers/fake-seal.ts';
import { comment, list, map, str } from '../helpers/nodes.ts';

const tree = map({ a: map({ b: str('x') }), l: list(comment(' c'), str('y'), comment(' d'), map({ k: str('z') })) });
const twice: Branch = { kind: 'map', place: null, items: [...map({ a: str('1') }).items, ...map({ a: str('2') }).items] };
const sections: Branch = { kind: 'map', place: null, items: [...map({ s: map({}) }).items, ...map({ s: map({ k: str('x') }) }).items] };
const changedSections: Branch = { ...sections, items: [...map({ s: map({}) }).items, ...map({ s: map({ k: str('new') }) }).items] };

describe('a value is found', () => {
  test.each([
    ['below keys', tree, ['a', 'b'], 'x'],
    ['in a list, whose comments do not count', tree, ['l', 1, 'k'], 'z'],
    ['of equal keys the first, as sops does', twice, ['a'], '1'],
    ['of equal keys the first that leads on', sections, ['s', 'k'], 'x'],
  ] satisfies [string, Branch, Path, string][])('%s', (...[, root, path, text]) => {
    expect(valueAt(root, path)).toEqual(str(text));
  });

  test.each([
    ['below a single value', ['a', 'b', 'c']],
    ['behind the end of a list', ['l', 2]],
    ['by a key in a list', ['l', 'k']],
    ['by a position in a map', [0]],
    ['that is not there', ['x', 'y']],
  ] satisfies [string, Path][])('nowhere %s', (_, path) => {
    expect(valueAt(tree, path)).toBeNull();
  });
});

test('a path ends in a map or a list, whether or not its last step is there', () => {
  const full = map({ k: str('x') });
  expect(containerAt(sections, ['s', 'k'])).toEqual(full);
  expect(containerAt(sections, ['s', 'new'])).toEqual(map({}));
  expect(containerAt(tree, ['l', 9])).toEqual(valueAt(tree, ['l']));
  expect(containerAt(tree, ['a', 'b', 'c'])).toBeNull();
  expect(containerAt(tree, [])).toBeNull();
});

describe('a tree with one change', () => {
  const say = (root: Branch): unknown => meaning({ documents: [root] });
  const inList = (...items: readonly (Node | Comment)[]): unknown => say(map({ a: map({ b: str('x') }), l: list(...items) }));

  test.each([
    ['replaces a value', tree, ['l', 0], 'new', inList(comment(' c'), str('new'), comment(' d'), map({ k: str('z') }))],
    ['adds to a list', tree, ['l', 2], 'new', inList(comment(' c'), str('y'), comment(' d'), map({ k: str('z') }), str('new'))],
    ['adds a key', map({ a: map({}) }), ['a', 'b'], 'new', say(map({ a: map({ b: str('new') }) }))],
    ['takes an item out', tree, ['l', 0], undefined, inList(comment(' c'), comment(' d'), map({ k: str('z') }))],
    ['takes a key out', tree, ['l', 1, 'k'], undefined, inList(comment(' c'), str('y'), comment(' d'), map({}))],
    ['changes the first of equal keys that leads on', sections, ['s', 'k'], 'new', say(changedSections)],
    ['takes out the first of equal keys', twice, ['a'], undefined, say(map({ a: str('2') }))],
  ] satisfies [string, Branch, Path, string | undefined, unknown][])('%s', (...[, root, path, value, wanted]) => {
    expect(say(withValueAt(root, path, value === undefined ? null : str(value)))).toEqual(wanted);
  });

  test('needs a path that leads somewhere', () => {
    expect(() => withValueAt(tree, [], str('x'))).toThrow('the path is empty');
    expect(() => withValueAt(tree, ['a', 'b', 'c'], str('x'))).toThrow('the path leads through a single value');
  });
});

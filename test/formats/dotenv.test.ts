import { describe, expect, test } from 'vitest';

import { applySplices } from '../../src/core/tree.ts';
import type { Node, Place, Scalar } from '../../src/core/tree.ts';
import { dotenv } from '../../src/formats/dotenv.ts';
import type { DotenvSource } from '../../src/formats/dotenv-read.ts';
import { comment, leaf, list, map, str, treeOf } from '../helpers/nodes.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string): DotenvSource => dotenv.read(Buffer.from(text), 'x.env');
const options = { file: 'x.env', indent: null };
const nowhere: Place = { start: 0, end: 0, style: 'line' };

describe('opening a value', () => {
  test.each([
    [{ type: 'str', text: 'a\nb "c" ü' }, 'a\\nb "c" ü'],
    [{ type: 'bytes', bytes: Buffer.from([0xff, 0x0a]) }, '\u00ff\\n'],
    [{ type: 'int', text: '+7' }, '7'],
    [{ type: 'float', text: '1.10' }, '1.1'],
    [{ type: 'float', text: '1e6' }, '1E+06'],
    [{ type: 'bool', value: true }, 'true'],
    [{ type: 'time', text: '2024-01-01T00:00:00.5Z' }, '2024-01-01T00:00:00Z'],
  ] satisfies [Scalar, string][])('%o gives %j', (value, text) => {
    const chars = dotenv.openLeaf(nowhere, value);
    const decoded = value.type === 'bytes' ? chars : Buffer.from(dotenv.encode(chars)).toString();
    expect(decoded).toBe(text);
  });

  test('refuses null', () => {
    expect(problemOf(() => dotenv.openLeaf(nowhere, { type: 'null' }))).toEqual({
      code: 'cannot-write',
      file: '',
      format: 'dotenv',
      reason: 'there is no null in this format',
    });
  });

  test('gives a comment the marker on each of its lines', () => {
    expect(dotenv.openComment(comment(''), ' a\n b')).toBe('# a\n# b');
  });
});

describe('put and drop', () => {
  const put = (text: string, key: string, value: Node = str('new')): string => applySplices(text, dotenv.put(read(text), [key], value));
  const drop = (text: string, key: string): string => applySplices(text, dotenv.drop(read(text), [key]));

  test('replace the value of the first of equal keys', () => {
    expect(put('# c\nA="old"\n\nA=2\n', 'A')).toBe('# c\nA=new\n\nA=2\n');
  });

  test.each([
    ['', 'A=new\n'],
    ['B=1\n', 'B=1\nA=new\n'],
    ['B=1', 'B=1\nA=new'],
    ['B=1\r\nC=2\r\n', 'B=1\r\nC=2\r\nA=new\r\n'],
    ['B=1\r\nC=2', 'B=1\r\nC=2\r\nA=new'],
  ])('add to %j as its lines end', (text, after) => {
    expect(put(text, 'A')).toBe(after);
  });

  test('write a line break as \\n', () => {
    expect(put('A=1\n', 'A', str('x\ny'))).toBe('A=x\\ny\n');
  });

  test.each([
    ['A=1\nB=2\nC=3\n', 'B', 'A=1\nC=3\n'],
    ['A=1\nB=2', 'B', 'A=1'],
    ['A=1\r\nB=2', 'B', 'A=1'],
    ['A=1', 'A', ''],
    ['A="x\ny"\nB=1\n', 'A', 'B=1\n'],
    ['A=1\nA=2\n', 'A', 'A=2\n'],
  ])('drop from %j the line of %s', (text, key, after) => {
    expect(drop(text, key)).toBe(after);
  });

  const reasonOf = (run: () => unknown): string => {
    const problem = problemOf(run);
    return problem?.code === 'cannot-write' ? problem.reason : `not refused: ${problem?.code}`;
  };

  test.each([
    ['a map', 'A', map({ x: str('secret') }), 'A holds a map, and there is no such thing in this format'],
    ['a list', 'A', list(str('secret')), 'A holds a list, and there is no such thing in this format'],
    ['null', 'A', leaf({ type: 'null' }), 'A holds null, and there is no such thing in this format'],
    ['an equals sign in a key', 'a=b', str('secret'), 'a key cannot hold an equals sign or a line break: "a=b"'],
    ['a line break in a key', 'a\nb', str('secret'), 'a key cannot hold an equals sign or a line break: "a\\nb"'],
    ['a key like a comment', '#a', str('secret'), 'a key cannot start like a comment: #a'],
    ['a key of the metadata', 'sops_a', str('secret'), 'keys that start with sops_ are reserved: sops_a'],
    ['a CR that would become a line end', 'B', str('secret\r'), 'quotes or line ends of the text would change their meaning'],
  ])('refuse %s, without the value', (_, key, value, reason) => {
    expect(reasonOf(() => put('B=1\n', key, value))).toBe(reason);
  });

  test('refuse the same when a tree is printed', () => {
    expect(reasonOf(() => dotenv.print(treeOf({ A: map({ x: str('secret') }) }), null, options))).toBe(
      'A holds a map, and there is no such thing in this format',
    );
    expect(reasonOf(() => dotenv.print(treeOf({ sops_a: str('secret') }), null, options))).toBe(
      'keys that start with sops_ are reserved: sops_a',
    );
  });

  test('refuse a path of more than one key', () => {
    expect(reasonOf(() => dotenv.put(read('A=1\n'), ['A', 'b'], str('x')))).toBe('it has one level of keys, and no lists');
    expect(reasonOf(() => dotenv.put(read('A=1\n'), [0], str('x')))).toBe('it has one level of keys, and no lists');
  });
});

describe('printing', () => {
  test('is as sops prints', () => {
    const tree = treeOf({ A: str('x\ny'), B: leaf({ type: 'float', text: '1.0' }), é: str('ü') });
    const [document] = tree.documents;
    const withComment = { documents: [{ kind: 'map', place: null, items: [comment(' c'), ...(document?.items ?? [])] } as const] };
    expect(Buffer.from(dotenv.encode(dotenv.print(withComment, null, options))).toString()).toBe('# c\nA=x\\ny\nB=1.0\né=ü\n');
  });

  test('of one value takes texts only', () => {
    expect(Buffer.from(dotenv.printValue(str('x\ny'), options)).toString()).toBe('x\ny');
    expect(problemOf(() => dotenv.printValue(leaf({ type: 'int', text: '1' }), options))).toEqual({
      code: 'cannot-write',
      file: 'x.env',
      format: 'dotenv',
      reason: 'only a text can be printed on its own in this format',
    });
  });
});

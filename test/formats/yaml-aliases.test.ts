import { expect, test } from 'vitest';

import { yaml } from '../../src/formats/yaml/yaml.ts';
import { maxDepth, maxReferenced } from '../../src/formats/limits.ts';
import { problemOf } from '../helpers/problem.ts';
import { quickSec } from '../helpers/quick-sec.ts';
import { alice } from '../helpers/sec.ts';

const read = (text: string): unknown => yaml.read(Buffer.from(text), 'f.yaml');

test('refuses references to references that stand for too much', () => {
  const lines = Array.from({ length: 40 }, (_, at) => `a${at + 1}: &a${at + 1} {p: *a${at}, q: *a${at}}`);
  expect(problemOf(() => read(['a0: &a0 {k: x}', ...lines, ''].join('\n')))).toEqual({
    code: 'too-large',
    file: 'f.yaml',
    what: 'values that aliases stand for',
    limit: maxReferenced,
  });
});

test('counts the depth of what a reference stands for', () => {
  const nested = (levels: number, inner: string): string => '['.repeat(levels) + inner + ']'.repeat(levels);
  const text = (levels: number): string => `a: &x ${nested(300, '1')}\nb: ${nested(levels - 300, '*x')}\n`;
  expect(problemOf(() => read(text(maxDepth)))).toEqual({ code: 'too-deep', file: 'f.yaml', limit: maxDepth });
  expect(read(text(maxDepth - 2))).toMatchObject({ metadata: null });
});

test('a value in the clear is written out where its anchor gets sealed, and comes back as an alias', async () => {
  const sec = quickSec();
  const plain = 'a: &n1 "x\\ty"\n_y: *n1\nb: &n2 5\n_z: *n2\n_c: &n3 z\n_d: *n3\n';
  const sealed = await sec(['encrypt', '--age', alice.recipient, '--unencrypted-regex', '^_', 'x.yaml'], plain);
  expect(sealed.out.split('\n').filter((line) => line.startsWith('_'))).toEqual(['_y: "x\ty"', '_z: 5', '_c: &n3 z', '_d: *n3']);
  expect((await sec(['decrypt', 'x.yaml'], sealed.out)).out).toBe(plain);
});

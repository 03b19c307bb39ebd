import { expect, test } from 'vitest';

import { yaml } from '../../src/formats/yaml/yaml.ts';
import { maxDepth, maxReferenced } from '../../src/formats/limits.ts';
import { problemOf } from '../helpers/problem.ts';

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

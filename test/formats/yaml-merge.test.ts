import { describe, expect, test } from 'vitest';

import { yaml } from '../../src/formats/yaml/yaml.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string) => yaml.read(Buffer.from(text), 'f.yaml');
const print = (json: string): string => yaml.print(read(json).tree, null, { file: 'f.yaml', indent: null });

describe('a merge key', () => {
  test.each(['<<: x\n', '<<: [x]\n', '<<:\n', '!!merge <<: 1\n', 'a: {<<: x}\n', '? <<\n: x\n', 'a: &x [1]\nb: {<<: *x}\n'])(
    'takes maps only, or sops could not open the file: %j',
    (text) => {
      const problem = problemOf(() => read(text));
      expect(problem).toMatchObject({
        code: 'malformed',
        reason: 'the merge key << takes a map or a list of maps: quote it to make it a text',
      });
    },
  );

  test.each(['<<: {a: 1}\n', '<<: []\n', 'a: &x {k: 1}\nb: {<<: [*x, {z: 1}]}\n', '"<<": x\n', '!!str <<: x\n', 'a: 1\n---\n<<: x\n'])(
    'may stand here: %j',
    (text) => {
      expect(problemOf(() => read(text))).toBe(null);
    },
  );

  test('is printed as one only where it can be one', () => {
    expect(print('{"<<": {"a": 1}, "b": {"<<": [{"a": 1}]}}')).toBe('!!merge <<:\n    a: 1\nb:\n    !!merge <<:\n        - a: 1\n');
    expect(print('{"<<": "x", "b": {"<<": ["x"]}}')).toBe('"<<": x\nb:\n    "<<":\n        - x\n');
  });
});

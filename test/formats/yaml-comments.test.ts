import { expect, test } from 'vitest';

import { everywhere, mapTree } from '../../src/core/walk.ts';
import { yaml } from '../../src/formats/yaml/yaml.ts';
import { commentPlaces } from '../helpers/comment-places.ts';

/** `sops-format.md` §4.4. */
test.each(commentPlaces)('a comment %s', (_, text, paths) => {
  expect(pathsOf(text)).toEqual(paths);
});

test('a comment is inline where it stands behind a single value', () => {
  const text = '# a\nb: x # c\nd: # e\n  f: | # g\n    x\nh: {i: y} # j\nl:\n  - z # m\n  - # n\n    o: p\n';
  expect(inlineOf(text)).toEqual({ ' a': false, ' c': true, ' e': false, ' g': true, ' j': false, ' m': true, ' n': false });
});

function pathsOf(text: string): Readonly<Record<string, string>> {
  const paths: Record<string, string> = {};
  mapTree(yaml.read(Buffer.from(text), 'x.yaml').tree, everywhere(true), {
    leaf: (leaf) => leaf,
    comment: (comment, { aad }) => {
      paths[comment.text] = aad;
      return comment;
    },
  });
  return paths;
}

function inlineOf(text: string): Readonly<Record<string, boolean>> {
  const inline: Record<string, boolean> = {};
  mapTree(yaml.read(Buffer.from(text), 'x.yaml').tree, everywhere(true), {
    leaf: (leaf) => leaf,
    comment: (comment) => {
      inline[comment.text] = comment.inline;
      return comment;
    },
  });
  return inline;
}

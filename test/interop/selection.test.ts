import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import { compileSelector, selectorKinds } from '../../src/core/selection.ts';
import { allIds, clearIds, commented, mark, toYaml } from '../helpers/commented.ts';
import { need } from '../helpers/need.ts';
import { sopsFolder } from '../helpers/sops-folder.ts';

describe.skipIf(!need('age-keygen', 'sops-3.13.3'))('beside the real sops', () => {
  const { folder, recipient, encrypt } = sopsFolder();
  afterAll(() => folder.remove());

  test.each(selectorKinds)('selects as sops does: %s', async (kind) => {
    // No encrypted comment matches it by chance: sops would stop.
    const text = kind.endsWith('suffix') ? '_x' : '_x|_y_';
    const { root } = await compileSelector({ kind, text }, 'app.yaml');
    const documents = fc.sample(commented(['a', 'b', 'a_x', '_y_', '_x'], ['n', '_x', '_y']), { numRuns: 40, seed: 1 });
    for (const document of documents) {
      const yaml = toYaml(document);
      const enc = encrypt('tree.yaml', yaml, { age: recipient, [kind]: text });
      const data = enc.slice(0, enc.indexOf('\nsops:\n'));
      const clear = allIds(document).filter((id) => data.includes(mark(id)));
      expect([yaml, clear]).toEqual([yaml, clearIds(document, root)]);
    }
  });
});

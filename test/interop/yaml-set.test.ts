import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parsePath } from '../../src/core/path.ts';
import { yaml } from '../../src/formats/yaml/yaml.ts';
import { parseJsonValue } from '../../src/secret-value.ts';
import { otherLines } from '../helpers/interop-lines.ts';
import { OurSide } from '../helpers/interop-side.ts';
import { SopsSide } from '../helpers/interop-sops-side.ts';
import { interopWorld, releases } from '../helpers/interop-world.ts';
import type { InteropWorld, Rule } from '../helpers/interop-world.ts';
import { need } from '../helpers/need.ts';

/** One value set in a file that sops has written: everything else stays as sops wrote it. */

const rule: Rule = { key: 'age', selector: null, macOnlyEncrypted: false };

describe.skipIf(!need('gpg', ...releases))('set in a file of sops touches nothing but the value', () => {
  let world: InteropWorld;
  beforeAll(() => {
    world = interopWorld();
  });
  afterAll(() => world.remove());

  test.each([
    ['a comment in a list', 'a: x\nl:\n  # c\n  - y\n', 'a'],
    ['a comment that ends a list of lists', 'a: x\nl:\n  - [1]\n  # c\nb: y\n', 'a'],
    ['a comment alone in a list', 'a: x\nl: [] # c\n', 'a'],
    ['a comment behind a map in a list', 'a: x\nl:\n  - b: y # c\n  - z\n', 'a'],
    ['blank lines that end a text block', 'a: x\nb: |+\n  y\n\nc: z\n', 'a'],
    ['a float in all its digits', 'a: x\nb: 1e30\n', 'a'],
  ])('%s', async (_, text, path) => {
    const config = world.config(rule);
    const ours = await OurSide.start(world, yaml, config);
    for (const release of releases) {
      const { out } = await new SopsSide(world, 'yaml', release).encrypt(Buffer.from(text), config);
      const steps = parsePath(path, 'set');
      const changed = ours.set(await ours.open(out), steps, await parseJsonValue(Buffer.from('"new"')));
      if (changed === null) throw new Error('nothing was set');
      expect(otherLines(yaml, out, changed, { path: steps, hints: false, comments: false })).toEqual([]);
    }
  });
});

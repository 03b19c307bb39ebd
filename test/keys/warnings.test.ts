import { expect, test } from 'vitest';
import { gatherWarnings } from '../../src/keys/warnings.ts';
import { keyWorld } from '../helpers/key-world.ts';

test('holds warnings back, shows each once, and knows all of a command', () => {
  const world = keyWorld();
  const first = gatherWarnings(world);
  first.world.warn('one');
  expect(world.warnings).toEqual([]);

  first.show();
  const second = gatherWarnings(world);
  second.world.warn('two');
  second.show();
  second.show();
  expect(world.warnings).toEqual(['one', 'two']);
  expect(second.all()).toEqual(['one', 'two']);
  expect(gatherWarnings(keyWorld()).all()).toEqual([]);
});

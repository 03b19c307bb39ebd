import type { KeyWorld } from './key.ts';
import { remembered } from './key.ts';

/** Warnings about places of keys, held back until it is clear where they belong: a line of their own, or the report of a failure. */
export interface Warnings {
  /** The world whose warnings are held back. */
  readonly world: KeyWorld;
  /** Those of this command so far, shown or not. */
  all(): readonly string[];
  /** Shows those that were not shown yet. */
  show(): void;
}

/** Places are read once in a command, so their warnings are kept for all of its files. */
export function gatherWarnings(world: KeyWorld): Warnings {
  const known = remembered(world, 'warnings', (): { text: string; shown: boolean }[] => []);
  return {
    world: { ...world, warn: (text) => void known.push({ text, shown: false }) },
    all: () => known.map(({ text }) => text),
    show: () => {
      for (const warning of known) {
        if (!warning.shown) world.warn(warning.text);
        warning.shown = true;
      }
    },
  };
}

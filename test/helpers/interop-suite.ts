import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { selectorKinds } from '../../src/core/selection.ts';
import { loadFormat } from '../../src/formats/index.ts';
import { exchange } from './interop-exchange.ts';
import type { Change } from './interop-exchange.ts';
import { OurSide } from './interop-side.ts';
import { Tally } from './interop-tally.ts';
import { documentsOf, valuesOf } from './interop-texts.ts';
import type { Exchanged } from './interop-texts.ts';
import { interopWorld, releases } from './interop-world.ts';
import type { InteropWorld, Rule } from './interop-world.ts';
import { need } from './need.ts';

/** The documents of a seed are always the same, and those of each rule are others. Another: `FC_SEED=2 npm run interop`. */
const seed = 1000 * Number(process.env['FC_SEED'] ?? '1');
/** Documents of each rule: fourteen rules with age, so that a format has 504. */
const documents = Number(process.env['INTEROP_DOCUMENTS'] ?? '36');
/** So long after the first failure it is told, with what is smallest by then. */
const longestShrinking = Number(process.env['INTEROP_SHRINKING'] ?? '240') * 1000;
const pgpDocuments = Math.ceil(documents / 3);

const selectors: readonly Rule['selector'][] = [
  null,
  ...selectorKinds.map((kind) => ({ kind, text: kind.endsWith('suffix') ? '_x' : '_x|_y' })),
];
export const rules: readonly Rule[] = [
  ...selectors.flatMap((selector): Rule[] => [false, true].map((macOnlyEncrypted) => ({ key: 'age', selector, macOnlyEncrypted }))),
  ...[false, true].map((macOnlyEncrypted): Rule => ({ key: 'pgp', selector: null, macOnlyEncrypted })),
];

/** Sops and we read each other's files of a format. */
export function describeInterop(name: Exchanged): void {
  describe.skipIf(!need('gpg', 'sops-3.12.2', 'sops-3.13.3'))(`${name}: sops and we read each other`, () => {
    let world: InteropWorld;
    beforeAll(() => {
      world = interopWorld();
    });
    afterAll(() => world.remove());

    test.for(rules.map((rule, at) => [optionOf(rule), rule, seed + at] as const))('%s', async ([option, rule, seed], { task }) => {
      const tally = new Tally(name, option);
      task.meta.interop = tally.row;
      const config = world.config(rule);
      const bench = { world, rule, config, tally, releases, ours: await OurSide.start(world, await loadFormat(name), config) };
      const change = fc.record({ pick: fc.nat(), json: valuesOf[name] });
      let failure = '';
      let failedAt: number | null = null;
      const property = fc.asyncProperty(documentsOf(name, rule), change, async (bytes, change) => {
        if (failedAt !== null && Date.now() - failedAt > longestShrinking) return;
        try {
          await exchange(bench, bytes, change);
        } catch (error) {
          tally.close();
          failedAt ??= Date.now();
          // Each one that fails is smaller than the one before.
          failure = failureOf(bytes, change, error);
          throw error;
        }
      });
      const numRuns = rule.key === 'pgp' ? pgpDocuments : documents;
      await fc.check(property, { seed, numRuns });
      expect(failure && `seed ${seed}: ${failure}`).toBe('');
      expect(tally.row.counts).not.toEqual({});
    });
  });
}

export function optionOf({ key, selector, macOnlyEncrypted }: Rule): string {
  return [key, selector?.kind ?? 'no selector', ...(macOnlyEncrypted ? ['mac_only_encrypted'] : [])].join(', ');
}

/** The document as it is, since a counterexample in escapes is hard to read, and in escapes, since white space cannot be seen. */
function failureOf(bytes: Uint8Array, change: Change, error: unknown): string {
  const text = Buffer.from(bytes).toString();
  const reason = error instanceof Error ? (error.stack ?? '') : String(error);
  return [`change ${JSON.stringify(change)}`, text, JSON.stringify(text), reason].join('\n');
}

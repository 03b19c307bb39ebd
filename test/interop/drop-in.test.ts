import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startDropIn, type DropIn, type DropInCase, type Seen } from '../helpers/drop-in.ts';
import { need } from '../helpers/need.ts';
import { callers } from './drop-in/callers.ts';
import { changing } from './drop-in/changing.ts';
import { encrypting } from './drop-in/encrypting.ts';
import { invocation } from './drop-in/invocation.ts';
import { opening } from './drop-in/opening.ts';
import { quirks } from './drop-in/quirks.ts';

const suites = { callers, invocation, encrypting, opening, changing, quirks };

/** What is compared of a case. */
function compared({ lines, files }: Seen, { err, except }: DropInCase, given: readonly string[]): object {
  const leaves = (what: 'status' | 'out' | 'files'): boolean => except?.what.includes(what) ?? false;
  return {
    lines: lines.map((line, at) => ({
      line: given[at],
      ...(leaves('status') ? {} : { status: line.status }),
      ...(leaves('out') ? {} : { out: line.out }),
      ...(err ? { err: line.err } : {}),
    })),
    ...(leaves('files') ? {} : { files }),
  };
}

describe.skipIf(!need('sops-3.13.3', 'gpg'))('the same line for the real sops and for us under its name', () => {
  let dropIn: DropIn;
  const tally = { passed: 0, failed: 0 };
  beforeAll(() => {
    dropIn = startDropIn();
  });
  afterAll(() => {
    dropIn.remove();
    console.info(`drop-in: ${tally.passed} cases passed, ${tally.failed} failed`);
  });

  describe.each(Object.entries(suites))('%s', (_, cases) => {
    test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
      const [theirs, ours] = [dropIn.run('theirs', one), dropIn.run('ours', one)];
      tally.failed += 1;
      expect(compared(ours, one, one.lines)).toEqual(compared(theirs, one, one.lines));
      tally.failed -= 1;
      tally.passed += 1;
    });
  });
});

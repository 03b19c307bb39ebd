import { describe, expect, test } from 'vitest';

import type { Case, Cases } from './case.ts';
import { openTool } from './tool.ts';
import type { ToolName } from './tool.ts';

/** Does each case with each program. */
export function describeCases(title: string, cases: Cases, tools: readonly ToolName[]): void {
  describe.each(tools)(`${title}, %s`, (name) => {
    test.each(Object.entries(cases).map(([id, one]) => [id, one.about, one] as const))('%s %s', async (_id, _about, one) => {
      expect(await one.observe(openTool(name))).toEqual(expectedOf(one, name));
    });
  });
}

function expectedOf({ sops, before, sec }: Case, name: ToolName): unknown {
  if (name === 'sec') return sec === undefined ? sops : sec.outcome;
  return before?.release === name ? before.outcome : sops;
}

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { after, canary, expectKept, plain, privateFolders, script, terminal, traces, type, world } from '../helpers/edit-world.ts';
import { need } from '../helpers/need.ts';
import type { World } from '../helpers/sec.ts';
import { expectLine } from '../helpers/tmux.ts';

describe.skipIf(!need('tmux'))('a person whose editor opens a window, and has ended already,', () => {
  /** An editor that hands the file to a window and ends at once; the window saves on demand. */
  function windowed(where: World): { readonly editor: string; readonly save: () => Promise<void> } {
    const go = join(where.root, 'go');
    const later = `while ! [ -e ${go} ]; do sleep 0.05; done; echo 'b: ${canary}-2' >> "$1"; rm ${go}`;
    return {
      editor: script(where, `(${later}) > /dev/null 2>&1 &`),
      save: async () => {
        writeFileSync(go, '');
        await expect.poll(() => existsSync(go), { timeout: 20_000 }).toBe(false);
      },
    };
  }

  /** A window in which the text was saved, while sec asks whether to go on. */
  async function saved(): Promise<{ readonly where: Awaited<ReturnType<typeof world>>; readonly screen: ReturnType<typeof terminal> }> {
    const where = await world();
    const { editor, save } = windowed(where);
    const screen = terminal(where, editor);
    type(screen, 'edit');
    await expectLine(screen, /Go on when you have saved/);
    await save();
    return { where, screen };
  }

  test('saves there, and goes on', async () => {
    const { where, screen } = await saved();
    screen.press('Enter');
    await expectLine(screen, 'status 0');

    expect(await plain(where)).toBe(after);
    expect([traces(where), privateFolders(where)]).toEqual([[], []]);
  });

  test('saves there, and closes the terminal', async () => {
    const { where, screen } = await saved();
    screen.hangUp();

    await expectKept(where, after);
  });

  test('saves there, and interrupts sec', async () => {
    const { where, screen } = await saved();
    screen.press('C-c');
    await expectLine(screen, /^status (130|201)$/);

    await expectKept(where, after);
  });
});

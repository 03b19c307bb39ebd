import { expect, test } from 'vitest';
import type { Terminal } from '../../src/context.ts';
import { askPassphrase } from '../../src/keys/ask.ts';
import { fakeTerminal } from '../helpers/fake-terminal.ts';
import { keyWorld } from '../helpers/key-world.ts';

const accept = (passphrase: string): Promise<string | null> => Promise.resolve(passphrase === 'right' ? 'opened' : null);

test('asks one question at a time', async () => {
  let open = 0;
  let most = 0;
  const terminal: Terminal = {
    ...fakeTerminal(),
    secret: async () => {
      most = Math.max(most, ++open);
      await new Promise((done) => setImmediate(done));
      open--;
      return 'right';
    },
  };
  const world = keyWorld({ terminal });
  const answers = await Promise.all(['a', 'b', 'c'].map((what) => askPassphrase(world, what, accept)));

  expect(answers).toEqual(['opened', 'opened', 'opened']);
  expect(most).toBe(1);
});

test('a question that was ended ends what asked it, and not the next', async () => {
  const asked: string[] = [];
  const secret = (question: string): Promise<string> => {
    asked.push(question);
    return asked.length === 1 ? Promise.reject(new Error('ended')) : Promise.resolve('right');
  };
  const world = keyWorld({ terminal: { ...fakeTerminal(), secret } });
  const [first, second] = await Promise.allSettled(['a', 'b'].map((what) => askPassphrase(world, what, accept)));

  expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
  expect(asked).toEqual(['passphrase of a', 'passphrase of b']);
});

test('gives nothing without a terminal, and after three wrong answers', async () => {
  expect(await askPassphrase(keyWorld(), 'a', accept)).toBeNull();
  const terminal = fakeTerminal('1', '2', '3', 'right');
  expect(await askPassphrase(keyWorld({ terminal }), 'a', accept)).toBeNull();
  const again = 'that was not it, once more: passphrase of a';
  expect(terminal.asked).toEqual(['passphrase of a', again, again]);
});

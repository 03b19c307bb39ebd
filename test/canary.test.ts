import { describe, expect, test } from 'vitest';

import { commands, fileTroubles, otherTroubles, plain, statuses } from './canary.commands.ts';
import { inputs } from './canary.inputs.ts';
import { runWithCanary } from './helpers/canary-world.ts';
import { alice, sec } from './helpers/sec.ts';

const keys = { '~/.config/sops/age/keys.txt': `${alice.identity}\n` };

describe('what is refused', () => {
  test.each(inputs)('%s', async (_, { args, files, options = {}, status }) => {
    const result = await runWithCanary(args, { ...keys, ...files }, options);

    expect({ ...result, err: result.err === '' ? 'silent' : 'says why' }).toEqual({ status, seen: [], err: 'says why' });
  });
});

describe.each(Object.keys(plain))('a sealed %s', (name) => {
  let sealed: string;
  // The helper looks after its folder at the end of a test, and there is none yet.
  test('is sealed', async () => {
    const { status, out } = await sec(['encrypt', '--age', alice.recipient, name], { [name]: plain[name] ?? '' });
    sealed = out;

    expect(status).toBe(0);
  });

  // Keys and the machine are the same for all formats.
  describe.each(name === 'f.yaml' ? [...fileTroubles, ...otherTroubles] : fileTroubles)('with %s', (what, trouble) => {
    test.each(commands)('%s', async (title, command) => {
      const { args, files = {}, ...options } = command(name);
      const world = trouble(sealed, name);
      const result = await runWithCanary(
        args,
        { ...keys, [name]: sealed, ...files, ...world.files },
        { ...options, ...world.options, env: { ...options.env, ...world.options?.env } },
      );

      const isKnown = name === 'f.yaml' && title === 'decrypt';
      expect({ seen: result.seen, isDefect: result.err.includes('internal error'), status: isKnown ? result.status : null }).toEqual({
        seen: [],
        isDefect: false,
        status: isKnown ? statuses[what] : null,
      });
    });
  });
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Terminal } from '../../src/context.ts';
import type { StoredKey } from '../../src/core/metadata.ts';
import { age } from '../../src/keys/age.ts';
import { encodeBech32 } from '../../src/keys/bech32.ts';
import { failed } from '../../src/keys/key.ts';
import { unlockDataKey } from '../../src/keys/unlock.ts';
import { fakeTerminal } from '../helpers/fake-terminal.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { need, programPath, type Program } from '../helpers/need.ts';
import { problemOfAsync } from '../helpers/problem.ts';
import { alice } from '../helpers/sec.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { toyIdentity, type ToyMood, toyPlugin, toyRecipient } from '../helpers/toy-plugin.ts';

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);

function worldWith(path: string, terminal: Terminal | null = null, identity = toyIdentity) {
  const told: string[] = [];
  const world = keyWorld({ env: { PATH: path, SEC_AGE_KEY: identity }, terminal });
  return { ...world, told, notify: (text: string) => void told.push(text) };
}

async function locked(recipient = toyRecipient): Promise<StoredKey> {
  return age().parse(recipient).wrap(dataKey, '', worldWith(toyPlugin().path));
}

function open(stored: StoredKey, world: ReturnType<typeof worldWith>) {
  return age().read(stored, 'a.yaml').unwrap(stored, world);
}

describe('a plugin', () => {
  test.each<ToyMood>(['works', 'is strange'])('that %s locks and opens', async (mood) => {
    const { path, log } = toyPlugin(mood);
    const stored = await age().parse(toyRecipient).wrap(dataKey, '', worldWith(path));

    expect(await open(stored, worldWith(path))).toEqual({ opened: true, dataKey });
    expect(readFileSync(log, 'utf8')).toBe('--age-plugin=recipient-v1\n--age-plugin=identity-v1\n');
  });

  test('has its say at once, and cannot move the cursor', async () => {
    const world = worldWith(toyPlugin('speaks').path);
    expect((await open(await locked(), world)).opened).toBe(true);
    expect(world.told).toEqual(['age-plugin-toy: touch the  [31mtoy']);
  });

  test('gets an answer for all files of a command, and another one where that was wrong', async () => {
    const stored = await locked();
    const terminal = fakeTerminal('1234');
    const world = worldWith(toyPlugin('asks').path, terminal);
    expect([(await open(stored, world)).opened, (await open(stored, world)).opened]).toEqual([true, true]);
    expect(terminal.asked).toEqual(['age-plugin-toy: PIN of the toy']);

    const again = fakeTerminal('0000', '1234');
    expect((await open(stored, worldWith(toyPlugin('asks twice').path, again))).opened).toBe(true);
    expect(again.asked.length).toBe(2);
  });

  test.each([
    [true, true],
    [false, false],
  ])('may ask for a choice: %s', async (answer, opens) => {
    const asked: unknown[] = [];
    const choose: Terminal['choose'] = (question, choices) => {
      asked.push(question, ...choices.map(({ name }) => name));
      const choice = choices[answer ? 0 : 1];
      return choice === undefined ? Promise.reject(new Error('no such choice')) : Promise.resolve(choice.value);
    };
    const { opened } = await open(await locked(), worldWith(toyPlugin('confirms').path, { ...fakeTerminal(), choose }));
    expect({ opened, asked }).toEqual({ opened: opens, asked: ['age-plugin-toy: use the toy?', 'go on', 'stop'] });
  });

  test.each<readonly [ToyMood, ReturnType<typeof failed>]>([
    ['fails', failed('denied', 'age-plugin-toy: the toy is broken')],
    ['ends', failed('denied', 'age-plugin-toy: it ended without a word')],
    ['has no key', failed('wrong-key', 'age-plugin-toy has no key for it')],
    ['asks', failed('denied', 'age-plugin-toy: the PIN was wrong')],
    ['confirms', failed('denied', 'age-plugin-toy: you said no')],
  ])('that %s with nobody at a terminal opens nothing, and says why', async (mood, failure) => {
    expect(await open(await locked(), worldWith(toyPlugin(mood).path))).toEqual(failure);
  });

  test('that is not there is named', async () => {
    expect(await open(await locked(), worldWith('/nonexistent'))).toEqual(
      failed('no-key', 'age-plugin-toy, which your identity needs, is not on PATH', 'install age-plugin-toy'),
    );
    expect(await problemOfAsync(() => age().parse(toyRecipient).wrap(dataKey, '', worldWith('/nonexistent')))).toEqual({
      code: 'wrap-failed',
      label: toyRecipient,
      reason: 'it needs the program age-plugin-toy, which is not on PATH',
      hint: 'install age-plugin-toy',
    });
  });

  test('that fails locks nothing', async () => {
    expect(
      await problemOfAsync(() =>
        age()
          .parse(toyRecipient)
          .wrap(dataKey, '', worldWith(toyPlugin('fails').path)),
      ),
    ).toEqual({
      code: 'wrap-failed',
      label: toyRecipient,
      reason: 'age-plugin-toy fails: the toy is broken',
      hint: null,
    });
  });

  test('without an identity for it is named by what the file wants', async () => {
    expect(await open(await locked(), worldWith(toyPlugin().path, null, alice.identity))).toEqual(
      failed('no-key', 'no identity of age-plugin-toy for it'),
    );
  });

  test('is not run for what age opens itself, nor before what opens in silence', async () => {
    const { path, log } = toyPlugin();
    const world = worldWith(path, null, `${toyIdentity} ${alice.identity}`);
    const forAlice = await locked(alice.recipient);
    const groups = [{ keys: [await locked(), forAlice], stored: new Map() }];
    const { openedBy } = await unlockDataKey({ groups, threshold: 0 }, world, { file: 'a.yaml', order: null });
    expect(openedBy.map(({ label }) => label)).toEqual([alice.recipient]);

    expect((await open(forAlice, worldWith(path))).opened).toBe(false);
    expect(readFileSync(log, 'utf8')).toBe('');
  });
});

test('a recipient cannot make a path of the name of a program', () => {
  expect(() => age().parse(encodeBech32('age1/../x', new Uint8Array(4)))).toThrow('bad-recipient');
});

describe.each<Program>(['age', 'age-1.3.1'])('%s', (program) => {
  test.skipIf(!need(program))('opens what our plugin client locks, and locks what it opens', async () => {
    const { path } = toyPlugin();
    const folder = tempFolder();
    onTestFinished(folder.remove);
    const keyFile = folder.write('key', `${toyIdentity}\n`);
    const run = (args: readonly string[], input: string | Uint8Array) =>
      spawnSync(programPath(program), [...args], { env: { PATH: path, HOME: folder.path }, input });
    const ours = String((await locked()).fields.get('enc'));
    const theirs = run(['-e', '-a', '-r', toyRecipient], dataKey).stdout.toString();
    const stored = { kind: 'age', fields: new Map(Object.entries({ enc: theirs, recipient: toyRecipient })) };

    expect(run(['-d', '-i', keyFile], ours).stdout).toEqual(Buffer.from(dataKey));
    expect((await open(stored, worldWith(path))).opened).toBe(true);
  });
});

describe.skipIf(!need('age-1.3.1', 'age-plugin-batchpass-1.3.1'))('age-plugin-batchpass', () => {
  test('opens for us what it locked for age', async () => {
    const identity = encodeBech32('AGE-PLUGIN-BATCHPASS-', new Uint8Array());
    const path = `${programPath('age-plugin-batchpass-1.3.1').replace(/\/[^/]+$/, '')}:${process.env['PATH'] ?? ''}`;
    const env = { PATH: path, HOME: '/nonexistent', AGE_PASSPHRASE: 'correct horse', AGE_PASSPHRASE_WORK_FACTOR: '10' };
    const { stdout, stderr } = spawnSync(programPath('age-1.3.1'), ['-e', '-a', '-j', 'batchpass'], { env, input: dataKey });
    const stored = { kind: 'age', fields: new Map(Object.entries({ enc: stdout.toString(), recipient: 'age1batchpass' })) };
    const world = (passphrase: string) => keyWorld({ env: { ...env, AGE_PASSPHRASE: passphrase, SEC_AGE_KEY: identity } });

    expect(stderr.toString()).toBe('');
    expect(await age().read(stored, 'a').unwrap(stored, world('correct horse'))).toMatchObject({ opened: true });
    expect(await age().read(stored, 'a').unwrap(stored, world('wrong horse'))).toMatchObject({
      opened: false,
      failure: { reason: 'denied' },
    });
  });
});

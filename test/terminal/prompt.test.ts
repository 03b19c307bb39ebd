import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bundle } from '../helpers/bundle.ts';
import { need } from '../helpers/need.ts';
import { expectLine, openScreen, type Screen } from '../helpers/tmux.ts';

const folder = mkdtempSync(join(tmpdir(), 'sec-prompt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Asks the question that its argument names, and shows the answer. */
const asker = bundle(`
  import { nodeContext } from './src/node-context.ts';
  const context = nodeContext();
  const questions = {
    secret: (terminal) => terminal.secret('Passphrase'),
    confirm: (terminal) => terminal.confirm('Go on?', false),
    choose: (terminal) => terminal.choose('Which?', [{ value: 'a', name: 'first' }, { value: 'b', name: 'second' }]),
    two: async (terminal) => [await terminal.secret('One'), await terminal.secret('Two')],
  };
  await context.out('pid ' + process.pid + '\\n');
  try {
    const answer = context.terminal === null ? 'nobody' : await questions[process.argv[2]](context.terminal);
    await context.out('answer ' + JSON.stringify(answer) + '\\n');
  } catch (error) {
    await context.out('problem ' + JSON.stringify(error.problem ?? String(error)) + '\\n');
  }
`);

async function open(command: string): Promise<Screen> {
  const screen = openScreen(folder, { ASK: `${process.execPath} ${await asker}` });
  screen.type(command);
  screen.press('Enter');
  return screen;
}

describe.skipIf(!need('tmux'))('in a terminal', () => {
  test('a secret is not shown while it is typed', async () => {
    const screen = await open('clear; $ASK secret');
    await expectLine(screen, /Passphrase/);
    screen.type('hunter2 ü');
    screen.press('C-t');
    screen.press('Enter');
    await expectLine(screen, 'answer "hunter2 ü"');
    expect(
      screen
        .lines()
        .filter((line) => !line.startsWith('answer'))
        .join('\n'),
    ).not.toMatch(/hunter2|\*\*/);
  });

  test('questions are asked and answered though input and output are pipes', async () => {
    const screen = await open('clear; echo piped | $ASK secret 2>/dev/null | tr a-z A-Z');
    await expectLine(screen, /Passphrase/);
    screen.type('typed');
    screen.press('Enter');
    await expectLine(screen, 'ANSWER "TYPED"');
  });

  test('questions follow one another', async () => {
    const screen = await open('clear; $ASK two');
    await expectLine(screen, /One/);
    screen.type('1');
    screen.press('Enter');
    await expectLine(screen, /Two/);
    screen.type('2');
    screen.press('Enter');
    await expectLine(screen, 'answer ["1","2"]');
  });

  test.each([
    ['y', 'true'],
    ['n', 'false'],
    ['', 'false'],
  ])('a yes or no is answered by "%s"', async (key, answer) => {
    const screen = await open('clear; $ASK confirm');
    await expectLine(screen, /Go on\?/);
    screen.type(key);
    screen.press('Enter');
    await expectLine(screen, `answer ${answer}`);
  });

  test('one of several is chosen', async () => {
    const screen = await open('clear; $ASK choose');
    await expectLine(screen, /second/);
    screen.press('Down');
    screen.press('Enter');
    await expectLine(screen, 'answer "b"');
  });

  // A shell that a person types into would put the terminal right by itself.
  const withState = `clear; sh -c '$ASK secret; stty -a' | grep -Ew 'pid|problem|echo'`;

  test('Ctrl-C ends the question, and the terminal echoes again', async () => {
    const screen = await open(withState);
    await expectLine(screen, /Passphrase/);
    screen.press('C-c');
    await expectLine(screen, 'problem {"code":"interrupted"}');
    await expectLine(screen, / echo /);
  });

  test('a signal that ends us leaves a terminal that echoes', async () => {
    const screen = await open(withState);
    await expectLine(screen, /Passphrase/);
    process.kill(Number(/^pid (\d+)/m.exec(screen.lines().join('\n'))?.[1]), 'SIGTERM');
    await expectLine(screen, / echo /);
  });

  test('nobody is asked in CI', async () => {
    const screen = await open('clear; CI=true $ASK secret');
    await expectLine(screen, 'answer "nobody"');
  });
});

import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { Terminal } from '../../src/context.ts';
import { SecError } from '../../src/core/problem.ts';
import { fakeTerminal } from '../helpers/fake-terminal.ts';
import { alice, sec } from '../helpers/sec.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

test.each([
  [['--network', 'udp'], 'sec: no network is called udp: there are tcp and unix\n'],
  [['--address', 'localhost'], 'sec: localhost is no address: it is HOST:PORT, such as 127.0.0.1:5000\n'],
  [['--address', '127.0.0.1:70000'], 'sec: 127.0.0.1:70000 is no address: it is HOST:PORT, such as 127.0.0.1:5000\n'],
  [['--prompt'], 'sec: there is no terminal to ask at\nhint: run it in a terminal, or without --prompt\n'],
])('%j is refused', async (args, err) => {
  expect(await sec(['keyservice', ...args])).toMatchObject({ status: 1, out: '', err });
});

test('an address that others reach gets a warning', async () => {
  const { status, err } = await sec(['keyservice', '--address', '203.0.113.1:5000']);

  expect({ status, err }).toEqual({
    status: 1,
    err: [
      'sec: whoever reaches 203.0.113.1:5000 can use your keys: key services have neither passwords nor encryption',
      'sec: cannot listen on 203.0.113.1:5000: it is no address of this machine',
      '',
    ].join('\n'),
  });
});

test('with --prompt each use of a key is allowed or refused, and Ctrl-C ends the service', async () => {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  const socket = folder.at('socket');
  const locked = (await sec(['encrypt', '--age', alice.recipient, 'a.yaml'], { 'a.yaml': 'a: b\n' })).out;
  const person = answers(true, false);
  const service = sec(
    ['keyservice', '--network', 'unix', '--address', socket, '--prompt', '--verbose'],
    {},
    {
      env: { SEC_AGE_KEY: alice.identity },
      terminal: person,
    },
  );
  await expect.poll(() => existsSync(socket)).toBe(true);
  const decrypt = () => sec(['decrypt', '--keyservice', `unix://${socket}`, 'a.yaml'], { 'a.yaml': locked });

  expect(await decrypt()).toMatchObject({ status: 0, out: 'a: b\n', err: '' });
  expect(await decrypt()).toMatchObject({ status: 128, out: '' });
  expect(await decrypt()).toMatchObject({ status: 128, out: '' });
  const { status, out, err } = await service;
  expect({ status, out, err, asked: person.asked }).toEqual({
    status: 0,
    out: '',
    err: [
      `sec: listening on ${socket}`,
      `sec: decrypt for ${alice.recipient}: done`,
      `sec: decrypt for ${alice.recipient}: the request was refused`,
      `sec: decrypt for ${alice.recipient}: the request was refused`,
      '',
    ].join('\n'),
    asked: Array(3).fill(`A program wants to decrypt a data key by your age key ${alice.recipient}. Allow it?`),
  });
  expect(existsSync(socket)).toBe(false);
});

/** Gives these answers, then ends the question. */
function answers(...given: readonly boolean[]): Terminal & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const confirm = (question: string): Promise<boolean> => {
    const answer = given[asked.length];
    asked.push(question);
    return answer === undefined ? Promise.reject(new SecError({ code: 'interrupted' })) : Promise.resolve(answer);
  };
  return { ...fakeTerminal(), asked, confirm };
}

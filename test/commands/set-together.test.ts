import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import type { Context } from '../../src/context.ts';
import { main } from '../../src/main.ts';
import { alice, contextOf, makeWorld, sec } from '../helpers/sec.ts';

/** Several who change one file at once. */

const env = { SOPS_AGE_KEY: alice.identity };
const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

interface Shared {
  /** Runs a command on the file. */
  run(args: readonly string[]): Promise<number>;
  text(): string;
  readonly errors: string[];
}

/** A folder with one sealed file, in which nobody waits. */
async function shared(plain: string, change: (context: Context) => Context = (context) => context): Promise<Shared> {
  const sealed = await sec(['encrypt', '-i', '--age', alice.recipient, 'x.yaml'], { 'x.yaml': plain });
  const world = makeWorld({ 'x.yaml': sealed.files['x.yaml'] ?? '' }, { env });
  const errors: string[] = [];
  return {
    errors,
    text: () => readFileSync(join(world.work, 'x.yaml'), 'utf8'),
    run: async (args) => {
      const written = { out: [], err: '' };
      const context = contextOf(world, {}, written);
      const status = await main(args, change({ ...context, network: { ...context.network, pause: () => Promise.resolve() } }));
      errors.push(written.err);
      return status;
    },
  };
}

async function opened(text: string): Promise<string> {
  return (await sec(['decrypt', 'x.yaml'], { 'x.yaml': text }, { env })).out;
}

test('eight values that are set at once are all there', async () => {
  const { run, text, errors } = await shared(keys.map((key) => `${key}: old\n`).join(''));
  const ended = await Promise.all(keys.map((key) => run(['set', 'x.yaml', key, '"new"'])));

  expect({ ended, said: errors.join('') }).toEqual({ ended: keys.map(() => 0), said: '' });
  expect(await opened(text())).toBe(keys.map((key) => `${key}: new\n`).join(''));
});

test('of eight values that are taken out at once none is left', async () => {
  const { run, text } = await shared(`${keys.map((key) => `${key}: old\n`).join('')}z: stays\n`);
  expect(await Promise.all(keys.map((key) => run(['unset', 'x.yaml', key])))).toEqual(keys.map(() => 0));
  expect(await opened(text())).toBe('z: stays\n');
});

test('a file that never stays the same is given up', async () => {
  let writes = 0;
  const write = (): Promise<never> => {
    writes += 1;
    return Promise.reject(Object.assign(new Error('changed'), { code: 'ECHANGED' }));
  };
  const { run, errors } = await shared('a: old\n', (context) => ({ ...context, files: { ...context.files, write } }));

  expect(await run(['set', 'x.yaml', 'a', '"new"'])).toBe(3);
  expect({ writes, said: errors.join('').split('\n')[0] }).toEqual({
    writes: 20,
    said: 'sec: x.yaml was changed by someone else meanwhile, so nothing was written',
  });
});

test('a value is asked for once, whatever happens to the file meanwhile', async () => {
  let writes = 0;
  let questions = 0;
  const { run, text } = await shared('a: old\n', (context) => ({
    ...context,
    readInput: () => {
      questions += 1;
      return Promise.resolve(Buffer.from('new'));
    },
    files: {
      ...context.files,
      write: async (path, bytes, options) => {
        writes += 1;
        if (writes === 1) throw Object.assign(new Error('changed'), { code: 'ECHANGED' });
        await context.files.write(path, bytes, options);
      },
    },
  }));

  expect(await run(['set', 'x.yaml', 'a', '--stdin'])).toBe(0);
  expect({ writes, questions, plain: await opened(text()) }).toEqual({ writes: 2, questions: 1, plain: 'a: new\n' });
});

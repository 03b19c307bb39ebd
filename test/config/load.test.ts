import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConfigWorld } from '../../src/config/find.ts';
import { loadConfig } from '../../src/config/read.ts';
import { problemOfAsync } from '../helpers/problem.ts';
import { parseYaml } from './parse-yaml.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sec-config-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('loads nothing where there is no configuration', async () => {
  expect(await loadConfig(world({}), { flag: null, target: 'secrets.yaml' }, parseYaml)).toBeNull();
});

test('loads the configuration that is asked for', async () => {
  await writeFile(join(folder, 'my.yaml'), 'creation_rules: [{ unknown: x }]');
  const config = await loadConfig(world({ 'my.yaml': null }), { flag: 'my.yaml', target: null }, parseYaml);

  expect({ file: config?.file, name: config?.name, folder: config?.folder, rules: config?.rules.length }).toEqual({
    file: join(folder, 'my.yaml'),
    name: 'my.yaml',
    folder,
    rules: 1,
  });
});

test.each([
  ['missing', 'there is no such file'],
  ['folder', 'it is a folder'],
  ['latin1', 'it is not UTF-8'],
])('names a configuration that cannot be read: %s', async (name, reason) => {
  await mkdir(join(folder, 'folder'));
  await writeFile(join(folder, 'latin1'), Uint8Array.of(0x61, 0xe9));

  expect(await problemOfAsync(() => loadConfig(world({}), { flag: name, target: null }, parseYaml))).toEqual({
    code: 'bad-config',
    file: name,
    reason,
  });
});

test('names a configuration that its owner keeps closed', async () => {
  const closed = Object.assign(new Error('closed'), { code: 'EACCES' });

  expect(await problemOfAsync(() => loadConfig(world({ closed }), { flag: 'closed', target: null }, parseYaml))).toEqual({
    code: 'bad-config',
    file: 'closed',
    reason: 'it may not be read by you',
  });
});

/** The test's folder as working directory. Files with an error fail with it. */
function world(errors: Readonly<Record<string, Error | null>>): ConfigWorld {
  return {
    env: {},
    cwd: folder,
    files: {
      read: async (path) => {
        const error = errors[path.slice(folder.length + 1)] ?? null;
        if (error !== null) throw error;
        return readFile(path);
      },
      stat: async () => null,
      list: refuse,
      write: refuse,
      create: refuse,
      privateFolder: refuse,
      remove: refuse,
    },
    warn: () => undefined,
  };
}

async function refuse(): Promise<never> {
  throw new Error('loading a configuration only reads');
}

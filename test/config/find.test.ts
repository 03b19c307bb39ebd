import { describe, expect, test } from 'vitest';
import type { FileStat } from '../../src/context.ts';
import { findConfig, type ConfigWorld } from '../../src/config/find.ts';

describe('findConfig', () => {
  test('takes the nearest .secretsrc.yaml above the target', async () => {
    const found = await find(['/p/.secretsrc.yaml', '/p/a/.secretsrc.yaml'], { target: '/p/a/b/secrets.yaml', cwd: '/q' });

    expect(found).toEqual({ file: '/p/a/.secretsrc.yaml', name: '../p/a/.secretsrc.yaml', dialect: 'sec', warnings: [] });
  });

  test('then looks above the working directory', async () => {
    const found = await find(['/q/.secretsrc.yaml'], { target: '/p/secrets.yaml', cwd: '/q/r' });

    expect(found).toEqual({ file: '/q/.secretsrc.yaml', name: '../.secretsrc.yaml', dialect: 'sec', warnings: [] });
  });

  test('takes .secretsrc.yaml above the working directory before .sops.yaml beside the target', async () => {
    const found = await find(['/q/.secretsrc.yaml', '/p/.sops.yaml'], { target: '/p/secrets.yaml', cwd: '/q' });

    expect(found).toEqual({ file: '/q/.secretsrc.yaml', name: '.secretsrc.yaml', dialect: 'sec', warnings: [] });
  });

  test('takes .sops.yaml, beside the target first', async () => {
    const found = await find(['/q/.sops.yaml', '/q/p/.sops.yaml'], { target: 'p/secrets.yaml', cwd: '/q' });

    expect(found).toEqual({ file: '/q/p/.sops.yaml', name: 'p/.sops.yaml', dialect: 'sops', warnings: [] });
  });

  test('looks above the working directory where there is no target', async () => {
    const found = await find(['/.sops.yaml', '/p/.secretsrc.yaml'], { cwd: '/q' });

    expect(found).toEqual({ file: '/.sops.yaml', name: '../.sops.yaml', dialect: 'sops', warnings: [] });
  });

  test('finds nothing where there is nothing', async () => {
    expect(await find([], { target: '/p/secrets.yaml', cwd: '/q' })).toEqual({ warnings: [] });
  });

  test.each([
    ['the flag', { flag: 'flag.yaml', env: { SEC_CONFIG: 'sec.yaml', SOPS_CONFIG: 'sops.yaml' } }, 'flag.yaml'],
    ['SEC_CONFIG', { env: { SEC_CONFIG: 'sec.yaml', SOPS_CONFIG: 'sops.yaml' } }, 'sec.yaml'],
    ['SOPS_CONFIG', { env: { SEC_CONFIG: '', SOPS_CONFIG: 'sops.yaml' } }, 'sops.yaml'],
  ])('takes what %s asks for, whatever is nearer', async (_, search, name) => {
    const found = await find(['/q/.secretsrc.yaml'], { ...search, cwd: '/q' });

    expect(found).toEqual({ file: `/q/${name}`, name, dialect: 'sops', warnings: [] });
  });

  test('searches where the flag is empty, even if a variable asks for a file', async () => {
    const found = await find(['/q/.secretsrc.yaml'], { flag: '', env: { SOPS_CONFIG: 'sops.yaml' }, cwd: '/q' });

    expect(found).toEqual({ file: '/q/.secretsrc.yaml', name: '.secretsrc.yaml', dialect: 'sec', warnings: [] });
  });

  test('holds a file that bears our name to our rules, wherever it is', async () => {
    const found = await find([], { flag: '../x/.secretsrc.yaml', cwd: '/q' });

    expect(found).toEqual({ file: '/x/.secretsrc.yaml', name: '../x/.secretsrc.yaml', dialect: 'sec', warnings: [] });
  });

  test('warns once of a name that ends in .yml', async () => {
    const found = await find(['/p/q/.sops.yml', '/p/.sops.yml', '/.sops.yaml'], { cwd: '/p/q' });

    expect(found).toEqual({
      file: '/.sops.yaml',
      name: '../../.sops.yaml',
      dialect: 'sops',
      warnings: ['.sops.yml is not read: a configuration is called .sops.yaml'],
    });
  });

  test('does not warn of a .yml beside the file that is used, nor above it', async () => {
    const found = await find(['/p/.secretsrc.yaml', '/p/.secretsrc.yml', '/.secretsrc.yml', '/p/.sops.yml'], { cwd: '/p' });

    expect(found).toEqual({ file: '/p/.secretsrc.yaml', name: '.secretsrc.yaml', dialect: 'sec', warnings: [] });
  });
});

interface Case {
  readonly cwd: string;
  readonly target?: string;
  readonly flag?: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function find(files: readonly string[], { cwd, target, flag, env }: Case): Promise<object> {
  const warnings: string[] = [];
  const world = {
    env: env ?? {},
    cwd,
    files: { ...noFiles, stat: async (path) => (files.includes(path) ? aFile : null) },
    warn: (text) => void warnings.push(text),
  } satisfies ConfigWorld;
  const found = await findConfig(world, { flag: flag ?? null, target: target ?? null });
  return { ...found, warnings };
}

const aFile: FileStat = { kind: 'file', size: 0, mode: 0o644 };

const noFiles = {
  read: refuse,
  list: refuse,
  write: refuse,
  create: refuse,
  privateFolder: refuse,
  remove: refuse,
};

function refuse(): Promise<never> {
  return Promise.reject(new Error('looking for a configuration reads no file'));
}

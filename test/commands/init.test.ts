import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { declareInit } from '../../src/commands/init.ts';
import { loadConfig } from '../../src/config/read.ts';
import { findRule } from '../../src/config/rule.ts';
import type { Context } from '../../src/context.ts';
import { main } from '../../src/main.ts';
import { nodeFiles } from '../../src/node-files.ts';
import { parseYaml } from '../config/parse-yaml.ts';
import { tempFolder, type TempFolder } from '../helpers/temp-folder.ts';

let folder: TempFolder;

beforeEach(() => {
  folder = tempFolder();
  folder.write('project/.keep', '');
});

afterEach(() => folder.remove());

const recipient = 'age154qathdx7hn9lvnzjhxenh497qny20w3qedl3kl6mxq6aay5jyasfdpffk';

describe('sec init', () => {
  test('makes a key and a configuration', async () => {
    const { status, out, err } = await init([]);
    const made = /public key: (age1\w+)/.exec(read('home/.config/sops/age/keys.txt'))?.[1] ?? '';

    expect({ status, out, err }).toEqual({
      status: 0,
      out: [
        `made a key for you: ${folder.at('home/.config/sops/age/keys.txt')}`,
        'keep a copy of it in a safe place: without it nobody opens what is locked for you alone',
        'made .secretsrc.yaml: files like secrets.yaml and .env are locked for you',
        `your recipient: ${made}`,
        'next: sec edit secrets.yaml',
        '',
      ].join('\n'),
      err: '',
    });
    expect(read('home/.config/sops/age/keys.txt')).toMatch(
      /^# created: 2026-01-02T03:04:05Z\n# public key: age1[0-9a-z]{58}\nAGE-SECRET-KEY-1[0-9A-Z]{58}\n$/,
    );
    expect(statSync(folder.at('home/.config/sops/age/keys.txt')).mode & 0o777).toBe(0o600);
    expect(read('project/.secretsrc.yaml')).toBe(
      [
        '# Which files sec encrypts, and for whom.',
        'creation_rules:',
        '  # secrets.yaml, prod.secrets.json, secrets/db.ini, .env, prod.env and the like',
        "  - path_regex: '(^|[./])secrets?([./].*)?\\.(ya?ml|json|ini)$|\\.env$'",
        '    age: [alice]',
        '',
        'people:',
        `  alice: { age: ${made} }`,
        '',
      ].join('\n'),
    );
  });

  test('does nothing the second time', async () => {
    await init([]);
    const before = { key: read('home/.config/sops/age/keys.txt'), config: read('project/.secretsrc.yaml') };
    const made = /public key: (age1\w+)/.exec(before.key)?.[1] ?? '';

    expect(await init([])).toEqual({
      status: 0,
      out: [
        'nothing to do: you have a key, and .secretsrc.yaml holds here',
        `your recipient: ${made}`,
        'next: sec edit secrets.yaml',
        '',
      ].join('\n'),
      err: '',
    });
    expect({ key: read('home/.config/sops/age/keys.txt'), config: read('project/.secretsrc.yaml') }).toEqual(before);
  });

  test('says to a program what it did', async () => {
    const { out } = await init(['--json']);
    const made = /public key: (age1\w+)/.exec(read('home/.config/sops/age/keys.txt'))?.[1] ?? '';

    expect(JSON.parse(out)).toEqual({
      recipient: made,
      key: { file: folder.at('home/.config/sops/age/keys.txt'), made: true },
      config: { file: '.secretsrc.yaml', made: true, namesYou: true },
    });
    expect(JSON.parse((await init(['--json'])).out)).toEqual({
      recipient: made,
      key: { file: null, made: false },
      config: { file: '.secretsrc.yaml', made: false, namesYou: true },
    });
  });

  test('uses a key that is there, and makes no second one', async () => {
    await init([]);
    const key = read('home/.config/sops/age/keys.txt');
    const made = /public key: (age1\w+)/.exec(key)?.[1] ?? '';
    const inVariable = await init(['--json'], { SOPS_AGE_KEY: key, HOME: folder.at('elsewhere') }, 'elsewhere');

    expect(JSON.parse(inVariable.out)).toMatchObject({ recipient: made, key: { file: null, made: false } });
    expect(() => statSync(folder.at('elsewhere/.config'))).toThrow('ENOENT');
  });

  test('does not overwrite a key file that it finds no key in', async () => {
    folder.write('home/.config/sops/age/keys.txt', 'age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\n');

    expect(await init([])).toEqual({
      status: 1,
      out: '',
      err: [
        `sec: ${folder.at('home/.config/sops/age/keys.txt')} is there, but holds no key that can be read without a passphrase`,
        'hint: name the recipient that you want to use: sec init --age RECIPIENT',
        '',
      ].join('\n'),
    });
    expect(read('home/.config/sops/age/keys.txt')).toBe('age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\n');
    expect(() => statSync(folder.at('project/.secretsrc.yaml'))).toThrow('ENOENT');
  });

  test('locks for a recipient that is named, and makes no key', async () => {
    const { status, out } = await init(['--age', recipient]);

    expect({ status, out }).toEqual({
      status: 0,
      out: [
        'made .secretsrc.yaml: files like secrets.yaml and .env are locked for you',
        `your recipient: ${recipient}`,
        'next: sec edit secrets.yaml',
        '',
      ].join('\n'),
    });
    expect(() => statSync(folder.at('home'))).toThrow('ENOENT');
    expect(read('project/.secretsrc.yaml')).toContain(`alice: { age: ${recipient} }`);
  });

  test.each([
    ['project/.secretsrc.yaml', '.secretsrc.yaml'],
    ['.secretsrc.yaml', '../.secretsrc.yaml'],
    ['project/.sops.yaml', '.sops.yaml'],
  ])('leaves the rules that hold here as they are: %s', async (path, shown) => {
    folder.write(path, 'creation_rules: []\n');

    expect(await init(['--age', recipient])).toEqual({
      status: 0,
      out: [
        `nothing was made: you have a key, and ${shown} holds here`,
        `your recipient: ${recipient}`,
        `next: add your recipient to ${shown}, and have the files locked for you by someone who can read them`,
        '',
      ].join('\n'),
      err: '',
    });
    expect(read(path)).toBe('creation_rules: []\n');
  });

  test('makes rules of this folder where it is asked to', async () => {
    folder.write('.secretsrc.yaml', 'creation_rules: []\n');
    const { out } = await init(['--age', recipient, '--here', '--json']);

    expect(JSON.parse(out)).toMatchObject({ config: { file: '.secretsrc.yaml', made: true } });
    expect(read('.secretsrc.yaml')).toBe('creation_rules: []\n');
  });

  test('does not overwrite the rules of this folder, whatever it is asked', async () => {
    folder.write('project/.secretsrc.yaml', 'broken: [');
    const { out } = await init(['--age', recipient, '--here', '--json']);

    expect(JSON.parse(out)).toMatchObject({ config: { file: '.secretsrc.yaml', made: false, namesYou: false } });
    expect(read('project/.secretsrc.yaml')).toBe('broken: [');
  });

  test('does not look at a configuration that a variable asks for', async () => {
    folder.write('other.yaml', 'creation_rules: []\n');
    const { out } = await init(['--age', recipient, '--json'], { SEC_CONFIG: '../other.yaml' });

    expect(JSON.parse(out)).toMatchObject({ config: { file: '.secretsrc.yaml', made: true } });
  });

  test('names a folder that it may not write to', async () => {
    folder.write('home/.config/sops', 'a file');

    expect(await init([])).toEqual({
      status: 3,
      out: '',
      err: `sec: ${folder.at('home/.config/sops/age/keys.txt')} cannot be written: a part of its path is no folder\n`,
    });
  });

  test('refuses a recipient that is none', async () => {
    const { status, err } = await init(['--age', 'AGE-SECRET-KEY-1QQQQ']);

    expect(status).toBe(1);
    expect(err).not.toContain('1QQQQ');
  });

  test.each(['n', 'Yes', 'null', 'deadbeef01', 'age1x', 'two words', 'a:b', ''])('calls a user named %j me', async (user) => {
    await init(['--age', recipient], { USER: user });

    expect((await rulesFor('secrets.yaml'))?.groups).toEqual([[{ kind: 'age', text: recipient }]]);
    expect(read('project/.secretsrc.yaml')).toContain(`me: { age: ${recipient} }`);
  });
});

describe('the first rule', () => {
  test.each([
    'secrets.yaml',
    'secret.yml',
    'prod.secrets.json',
    'secrets.prod.yaml',
    'deploy/secrets/db.ini',
    'secrets/a/b.yaml',
    '.env',
    'prod.env',
    'app/.env',
  ])('is for %s', async (path) => {
    await init(['--age', recipient]);

    expect((await rulesFor(path))?.groups).toEqual([[{ kind: 'age', text: recipient }]]);
  });

  test.each([
    'config.yaml',
    'mysecrets.yaml',
    'secrets.md',
    'secretsrc.yaml',
    '.secretsrc.yaml',
    '.env.example',
    'secrets/README.md',
    'environment',
  ])('is not for %s', async (path) => {
    await init(['--age', recipient]);

    expect(await rulesFor(path)).toBeNull();
  });
});

function read(path: string): string {
  return readFileSync(folder.at(path), 'utf8');
}

async function rulesFor(path: string): ReturnType<typeof findRule> {
  const world = { env: {}, cwd: folder.at('project'), files: nodeFiles({}, folder.at('project')), warn: () => undefined };
  const config = await loadConfig(world, { flag: null, target: null }, parseYaml);
  return config === null ? null : findRule(config, join(folder.at('project'), path));
}

interface Result {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function init(args: readonly string[], env: Readonly<Record<string, string>> = {}, home = 'home'): Promise<Result> {
  const result = { out: '', err: '' };
  const cwd = folder.at('project');
  const context = {
    env: { USER: 'alice', ...env },
    cwd,
    home: folder.at(home),
    platform: 'linux',
    hostname: 'host',
    files: nodeFiles({}, cwd),
    programs: { run: refuse, talk: refuse, find: refuse, become: refuse },
    system: { offer: refuse, leave: refuse, actAs: refuse, accountName: refuse, caller: refuse, append: refuse, readEnd: refuse },
    network: { request: refuse, agents: refuse, end: refuse, pause: refuse, serve: refuse },
    out: async (bytes) => void (result.out += Buffer.from(bytes).toString('utf8')),
    err: (text) => void (result.err += `${text}\n`),
    readInput: refuse,
    calledAs: 'sec' as const,
    terminal: null,
    stdoutIsTerminal: false,
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    random: () => {
      throw new Error('a key has its own randomness');
    },
  } satisfies Context;
  const entry = { name: 'init', summary: '', load: async () => declareInit };
  const status = await main(['init', ...args], context, [entry]);
  return { status, ...result };
}

async function refuse(): Promise<never> {
  throw new Error('init runs no program and asks nobody');
}

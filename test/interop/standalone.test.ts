import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { need, programPath } from '../helpers/need.ts';
import { alice, makeWorld } from '../helpers/sec.ts';

/** The executable that needs no Node, from the outside: what differs from the npm package is the engine that runs it. */

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'dist', 'standalone', `sec-${process.platform}-${process.arch}`);
const plain = {
  yaml: 'a: b # c\nlist:\n    - 1.50\n    - {d: "é\\n"}\n',
  json: '{"a": [1, null, "b"]}\n',
  env: 'A=b\n# c\n',
  ini: '[a]\nb = c\n',
};

interface Ran {
  readonly status: number | string | null;
  readonly out: string;
  readonly err: string;
}

/** A folder with Alice's key, and the program in it. */
function setUp(files: Readonly<Record<string, string | Uint8Array>>): {
  run(...args: readonly string[]): Ran;
  read(name: string): string;
  work: string;
} {
  const { work, env } = makeWorld({ ...files, '~/.config/sops/age/keys.txt': `${alice.identity}\n` });
  return {
    work,
    read: (name) => readFileSync(join(work, name), 'utf8'),
    run: (...args) => {
      const { status, signal, stdout, stderr } = spawnSync(program, args, { cwd: work, env, encoding: 'utf8', input: '' });
      return { status: status ?? signal, out: stdout, err: stderr };
    },
  };
}

describe.skipIf(!need('bun-1.4.5', 'sops-3.13.3', 'age-1.3.1'))('the standalone executable', () => {
  beforeAll(() => void execFileSync(process.execPath, [join(root, 'scripts', 'standalone.mjs')], { cwd: root }));

  test('says its version and its help', () => {
    const { run } = setUp({});

    expect(run('--version')).toEqual({ status: 0, out: 'sec 0.1.0\n', err: '' });
    expect(run('decrypt', '--help').out).toContain('Usage: sec decrypt [options] [file]');
    expect(run('decrpyt')).toEqual({ status: 1, out: '', err: "sec: unknown command 'decrpyt'\nhint: did you mean decrypt\n" });
  });

  test.each(Object.entries(plain))('gives back a text in %s byte for byte, and sops reads it', (suffix, text) => {
    const { run, read, work } = setUp({ [`a.${suffix}`]: text });

    expect(run('encrypt', '-i', '--age', alice.recipient, `a.${suffix}`)).toMatchObject({ status: 0, err: '' });
    expect(read(`a.${suffix}`)).not.toBe(text);
    expect(run('decrypt', `a.${suffix}`)).toEqual({ status: 0, out: text, err: '' });
    const options = { cwd: work, env: { SOPS_AGE_KEY: alice.identity, HOME: work } };
    execFileSync(programPath('sops-3.13.3'), ['--disable-version-check', 'decrypt', `a.${suffix}`], options);
  });

  test('reads, changes and takes out values', () => {
    const { run } = setUp({ 'a.yaml': plain.yaml });
    run('encrypt', '-i', '--age', alice.recipient, 'a.yaml');

    expect(run('set', 'a.yaml', 'a', '"new"')).toMatchObject({ status: 0, err: '' });
    expect(run('get', 'a.yaml', 'a').out).toBe('new');
    expect(run('unset', 'a.yaml', 'a')).toMatchObject({ status: 0, err: '' });
    expect(run('ls', 'a.yaml').out).toBe('list[0]\nlist[1].d\n');
  });

  test('runs a program with the values, and ends as it ends', () => {
    const { run } = setUp({ '.env': 'SECRET=it is\n' });
    run('encrypt', '-i', '--age', alice.recipient, '.env');

    expect(run('exec', '-f', '.env', '--', 'sh', '-c', 'echo "$SECRET" "$1"; exit 7', 'sh', 'a b')).toEqual({
      status: 7,
      out: 'it is a b\n',
      err: '',
    });
    expect(run('exec', '-f', '.env', '--', 'sh', '-c', 'kill -TERM $$').status).toBe('SIGTERM');
  });

  test('refuses what was changed, and shows none of it', () => {
    const { run, read, work } = setUp({ 'a.yaml': 'a: b\nc: d\n' });
    run('encrypt', '-i', '--age', alice.recipient, 'a.yaml');
    const [first = '', second = '', ...rest] = read('a.yaml').split('\n');
    const swapped = [second, first, ...rest].join('\n');
    const env = { SEC_AGE_KEY: alice.identity, HOME: work };
    const { status, stdout } = spawnSync(program, ['decrypt', '--filename-override', 'a.yaml'], {
      cwd: work,
      env,
      encoding: 'utf8',
      input: swapped,
    });

    expect({ status, stdout }).toEqual({ status: 51, stdout: '' });
  });

  test('takes neither variables nor code from the folder that it is called in', () => {
    const { run } = setUp({
      '.env': 'FOUND=by .env\n',
      'bunfig.toml': 'preload = ["./code.js"]\n',
      'code.js': 'console.log("ran by bunfig.toml");\n',
      'a.yaml': 'a: b\n',
    });
    run('encrypt', '-i', '--age', alice.recipient, 'a.yaml');

    expect(run('exec', '-f', 'a.yaml', '--', 'sh', '-c', 'echo "${FOUND:-nothing}"')).toEqual({ status: 0, out: 'nothing\n', err: '' });
  });

  test('is sops where it is called so', () => {
    const { work } = setUp({});
    symlinkSync(program, join(work, 'sops'));

    expect(spawnSync(join(work, 'sops'), ['--version'], { encoding: 'utf8' }).stdout).toMatch(/^sops \d/);
  });
});

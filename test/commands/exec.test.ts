import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alice, bob, sec, type FileTexts, type SecOptions, type SecResult } from '../helpers/sec.ts';

const keys = { SEC_AGE_KEY: alice.identity } as const;

/** Encrypts texts for Alice, each under its name. */
async function sealed(texts: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const result: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    const { status, out, err } = await sec(['encrypt', '--age', alice.recipient, name], { [name]: text });
    if (status !== 0) throw new Error(err);
    result[name] = out;
  }
  return result;
}

function exec(args: readonly string[], files: FileTexts, options: SecOptions = {}): Promise<SecResult> {
  return sec(['exec', ...args], files, { ...options, env: { ...keys, ...options.env } });
}

/** The secrets among the variables of the program, sorted. */
function variables({ out, err }: SecResult): readonly string[] {
  if (err !== '') throw new Error(err);
  const ours = /^(PATH|HOME|XDG_RUNTIME_DIR|SEC_AGE_KEY)=/;
  return out
    .split('\0')
    .filter((line) => line !== '' && !ours.test(line))
    .sort();
}

const print = ['--', 'env', '-0'] as const;

describe('names and values', () => {
  test('nested keys are joined in upper case', async () => {
    const files = await sealed({
      'app.yaml':
        'db:\n  password: p w\n  max-size: 3\nhosts: [a, {name: b}]\nversion: 1.10\non: true\nnone:\nempty: {}\nlines: |\n  a\n  b\n',
    });
    expect(variables(await exec(['-f', 'app.yaml', ...print], files))).toEqual([
      'DB_MAX_SIZE=3',
      'DB_PASSWORD=p w',
      'HOSTS_0=a',
      'HOSTS_1_NAME=b',
      'LINES=a\nb\n',
      'NONE=',
      'ON=true',
      'VERSION=1.10',
    ]);
  });

  test('JSON is as YAML, and .env keeps its names and is read as dotenv reads it', async () => {
    const files = await sealed({
      'a.json': '{"db": {"port": 5432}}\n',
      '.env': `Name="a # b" # c\nexport B=it's\nC='x\\ny'\nD="x\\ny"\nE=x\\ny\n`,
    });
    expect(variables(await exec(['-f', 'a.json', '-f', '.env', ...print], files))).toEqual(
      ["B=it's", 'C=x\\ny', 'DB_PORT=5432', 'D=x\ny', 'E=x\\ny', 'Name=a # b'].sort(),
    );
  });

  test('--prefix and --separator change the names', async () => {
    const files = await sealed({ 'a.yaml': 'db:\n  user: u\n' });
    expect(variables(await exec(['-f', 'a.yaml', '--prefix', 'app_', '--separator', '__', ...print], files))).toEqual(['app_DB__USER=u']);
  });

  test('the later file wins', async () => {
    const files = await sealed({ 'a.yaml': 'x: 1\ny: 1\n', 'b.yaml': 'x: 2\n' });
    expect(variables(await exec(['-f', 'a.yaml', '-f', 'b.yaml', ...print], files))).toEqual(['X=2', 'Y=1']);
  });

  test('--only passes what it names', async () => {
    const files = await sealed({ 'a.yaml': 'a: 1\nb: 2\nc: 3\n' });
    expect(variables(await exec(['-f', 'a.yaml', '--only', 'A, C', ...print], files))).toEqual(['A=1', 'C=3']);
    expect(variables(await exec(['-f', 'a.yaml', '--only', 'A', '--only', 'B', ...print], files))).toEqual(['A=1', 'B=2']);
  });
});

describe('the environment', () => {
  test('a secret wins over what is set, or with --keep-env loses', async () => {
    const files = await sealed({ 'a.yaml': 'a: new\nb: new\n' });
    const options = { env: { A: 'old' } };
    expect(variables(await exec(['-f', 'a.yaml', ...print], files, options))).toEqual(['A=new', 'B=new']);
    expect(variables(await exec(['-f', 'a.yaml', '--keep-env', ...print], files, options))).toEqual(['A=old', 'B=new']);
  });

  test('--pristine leaves nothing but the secrets', async () => {
    const files = await sealed({ 'a.yaml': 'a: 1\n' });
    expect((await exec(['-f', 'a.yaml', '--pristine', ...print], files)).out).toBe('A=1\0');
  });

  test('a PATH among the secrets does not decide which program is run', async () => {
    const files = await sealed({ 'a.yaml': 'path: /nowhere\n' });
    expect((await exec(['-f', 'a.yaml', '--', 'sh', '-c', 'echo "$PATH"'], files)).out).toBe('/nowhere\n');
  });
});

describe('the command', () => {
  test('gets its arguments as they are', async () => {
    const files = await sealed({ 'a.yaml': 'a: 1\n' });
    const args = ['--', '-f', '--only', '', ' x  y ', '$A', '*', "'", '"', '\\', 'ü🔑', 'a\nb', '--help', '-h'];
    const { out, err } = await exec(['-f', 'a.yaml', '--', 'printf', '%s\\0', ...args], files);
    expect({ args: out.split('\0').slice(0, -1), err }).toEqual({ args, err: '' });
  });

  test('may stand without dashes before it, and its options are its own', async () => {
    const files = await sealed({ 'a.yaml': 'a: 1\n' });
    expect((await exec(['-f', 'a.yaml', 'printf', '%s,', '--only', '-f', '--', 'x'], files)).out).toBe('--only,-f,--,x,');
  });

  test('gives its status', async () => {
    const files = await sealed({ 'a.yaml': 'a: 1\n' });
    expect(await exec(['-f', 'a.yaml', '--', 'sh', '-c', 'exit 42'], files)).toMatchObject({ status: 42, out: '', err: '' });
  });

  test.each([
    ['sec-no-such-program', 127, 'sec: sec-no-such-program: there is no such command\n'],
    ['./data', 126, 'sec: ./data cannot be run: permission denied\n'],
  ])('%s cannot be run', async (command, status, err) => {
    const files = await sealed({ 'a.yaml': 'a: 1\n' });
    expect(await exec(['-f', 'a.yaml', '--', command], { ...files, data: 'x' })).toMatchObject({ status, out: '', err });
  });
});

describe('without -f', () => {
  test('the files of the configuration are used, from where it lies', async () => {
    const files = await sealed({ 'a.yaml': 'a: 1\n', 'deep/b.yaml': 'b: 2\n', 'c.yaml': 'c: 3\n' });
    const config = { '.secretsrc.yaml': 'exec:\n  files: [a.yaml, deep/b.yaml]\n' };
    expect(variables(await exec([...print], { ...files, ...config }))).toEqual(['A=1', 'B=2']);
  });

  test('the one encrypted file in the folder is used', async () => {
    const files = await sealed({ 'secrets.yaml': 'a: 1\n' });
    const others = { 'plain.yaml': 'x: 1\n', 'data.json': '{}', notes: 'sops ENC[AES256_GCM,', 'deep/b.yaml': files['secrets.yaml'] ?? '' };
    const prepare = (folder: string): void => {
      symlinkSync('nowhere', join(folder, 'broken.yaml'));
      writeFileSync(join(folder, 'closed.yaml'), '');
      chmodSync(join(folder, 'closed.yaml'), 0);
    };
    expect(variables(await exec([...print], { ...files, ...others }, { prepare }))).toEqual(['A=1']);
  });

  test('none or several are not guessed at', async () => {
    const files = await sealed({ 'a.yaml': 'a: 1\n', '.env': 'B=1\n' });
    const [none, several] = [await exec([...print], {}), await exec([...print], files)];
    const told = ({ status, out, err }: SecResult): object => ({ status, out, err: err.replace(/in \/\S+?(?=[:\n])/, 'in FOLDER') });
    const hint = 'hint: name one, such as: sec exec -f secrets.yaml -- COMMAND, or list them under exec.files in .secretsrc.yaml\n';
    expect([told(none), told(several)]).toEqual([
      { status: 1, out: '', err: `sec: no encrypted file in FOLDER\n${hint}` },
      { status: 1, out: '', err: `sec: 2 encrypted files in FOLDER: .env, a.yaml\n${hint}` },
    ]);
  });
});

describe('is refused', () => {
  test.each([
    [['--pristine', '--keep-env'], 8, 'sec: --pristine and --keep-env exclude each other\n'],
    [['--prefix', 'a-'], 1, 'sec: --prefix and --separator take letters, digits and _ only\n'],
    [['--separator', '='], 1, 'sec: --prefix and --separator take letters, digits and _ only\n'],
    [['--only', 'NO'], 1, 'sec: --only: there is no variable NO\nhint: one of: A_B, C\n'],
    [['-f', 'missing.yaml'], 2, 'sec: missing.yaml: there is no such file\n'],
  ])('%j', async (flags, status, err) => {
    const files = await sealed({ 'a.yaml': 'a:\n  b: 1\nc: 2\n' });
    expect(await exec(['-f', 'a.yaml', ...flags, '--', 'echo', 'ran'], files)).toMatchObject({ status, out: '', err });
  });

  test.each([
    [
      'a_b: 1\na: {b: 2}\n',
      'sec: a.yaml: a_b and a.b would both be the variable A_B\nhint: give one of them another name, or tell them apart with: --separator __\n',
    ],
    ['"8080": x\n', 'sec: a.yaml: 8080 cannot be a variable: the name 8080 begins with a digit: try --prefix\n'],
    ['a: "x\\0y"\n', 'sec: a.yaml: a cannot be a variable: it holds a NUL byte\n'],
  ])('%j', async (text, err) => {
    const files = await sealed({ 'a.yaml': text });
    expect(await exec(['-f', 'a.yaml', '--', 'echo', 'ran'], files)).toMatchObject({ status: 1, out: '', err });
  });

  test('a file that no key opens, and nothing is run', async () => {
    const files = await sealed({ 'a.yaml': 'a: 1\n' });
    const { status, out, err } = await exec(['-f', 'a.yaml', '--', 'echo', 'ran'], files, { env: { SEC_AGE_KEY: bob.identity } });
    expect({ status, out, first: err.split('\n')[0] }).toEqual({ status: 128, out: '', first: 'sec: none of your keys opens a.yaml' });
  });
});

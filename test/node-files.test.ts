import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../src/node-files.ts';
import { bundle } from './helpers/bundle.ts';
import { need } from './helpers/need.ts';
import { run } from './helpers/run.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'sec-files-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder = root;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const files = (env: NodeJS.ProcessEnv = {}): ReturnType<typeof nodeFiles> => nodeFiles(env, folder);
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'another error';
  }
}

describe('write', () => {
  test('replaces the content, keeps the mode, and leaves nothing beside', async () => {
    writeFileSync(join(folder, 'a'), 'old');
    chmodSync(join(folder, 'a'), 0o640);
    const before = statSync(join(folder, 'a')).ino;
    await files().write('a', bytes('new'));
    expect({ text: text('a'), mode: mode(join(folder, 'a')), all: readdirSync(folder) }).toEqual({ text: 'new', mode: '640', all: ['a'] });
    expect(statSync(join(folder, 'a')).ino).not.toBe(before);
  });

  test.skipIf(process.getuid?.() !== 0)('keeps the owner and the group (needs root)', async () => {
    writeFileSync(join(folder, 'a'), 'old', { mode: 0o640 });
    chownSync(join(folder, 'a'), 12_345, 23_456);
    await files().write('a', bytes('new'));
    const { uid, gid } = statSync(join(folder, 'a'));
    expect([text('a'), uid, gid, mode(join(folder, 'a'))]).toEqual(['new', 12_345, 23_456, '640']);
  });

  test('gives a new file the mode that is asked for', async () => {
    await files().write('a', bytes('x'), { mode: 0o600 });
    await files().write('b', bytes('y'));
    writeFileSync(join(folder, 'c'), 'as any program makes it');
    expect([mode(join(folder, 'a')), mode(join(folder, 'b'))]).toEqual(['600', mode(join(folder, 'c'))]);
  });

  test('writes through links, each from where it stands', async () => {
    mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
    writeFileSync(join(folder, 'deep', 'real'), 'old');
    symlinkSync('../real', join(folder, 'deep', 'er', 'second'));
    symlinkSync(join('deep', 'er', 'second'), join(folder, 'first'));
    await files().write('first', bytes('new'));
    expect([text('deep/real'), lstatSync(join(folder, 'first')).isSymbolicLink(), readdirSync(join(folder, 'deep'))]).toEqual([
      'new',
      true,
      ['er', 'real'],
    ]);
  });

  test('makes the file that a link waits for', async () => {
    symlinkSync('target', join(folder, 'link'));
    await files().write('link', bytes('x'));
    expect([text('target'), lstatSync(join(folder, 'link')).isSymbolicLink()]).toEqual(['x', true]);
  });

  test.each([
    ['links in a circle', 'ELOOP', () => symlinkSync('a', join(folder, 'a'))],
    ['a folder', 'EISDIR', () => mkdirSync(join(folder, 'a'))],
  ])('refuses %s', async (_, code, prepare) => {
    prepare();
    expect(await codeOf(files().write('a', bytes('x')))).toBe(code);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('refuses a folder that is missing', async () => {
    expect(await codeOf(files().write('no/a', bytes('x')))).toBe('ENOENT');
  });

  test('writes into a device', async () => {
    await files().write('/dev/null', bytes('x'));
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('writes where the file is as expected', async () => {
    writeFileSync(join(folder, 'a'), 'old');
    await files().write('a', bytes('new'), { expected: bytes('old') });
    await files().write('b', bytes('new'), { expected: null });
    expect([text('a'), text('b'), readdirSync(folder)]).toEqual(['new', 'new', ['a', 'b']]);
  });

  test.each([
    ['other content', 'theirs', bytes('old')],
    ['a file where there was none', 'theirs', null],
  ] as const)('writes nothing over %s', async (_, theirs, expected) => {
    writeFileSync(join(folder, 'a'), theirs);
    expect(await codeOf(files().write('a', bytes('new'), { expected }))).toBe('ECHANGED');
    expect([text('a'), readdirSync(folder)]).toEqual(['theirs', ['a']]);
  });

  test('writes nothing where the file has gone', async () => {
    expect(await codeOf(files().write('a', bytes('new'), { expected: bytes('old') }))).toBe('ECHANGED');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('create', () => {
  test('makes the file and its folders for the owner alone', async () => {
    await files().create('x/y/key', bytes('k'), 0o600);
    expect([text('x/y/key'), mode(join(folder, 'x')), mode(join(folder, 'x/y')), mode(join(folder, 'x/y/key'))]).toEqual([
      'k',
      '700',
      '700',
      '600',
    ]);
    expect(readdirSync(join(folder, 'x/y'))).toEqual(['key']);
  });

  test('never overwrites, not even a link that leads nowhere', async () => {
    writeFileSync(join(folder, 'a'), 'theirs');
    symlinkSync('nowhere', join(folder, 'b'));
    expect([await codeOf(files().create('a', bytes('x'), 0o600)), await codeOf(files().create('b', bytes('x'), 0o600))]).toEqual([
      'EEXIST',
      'EEXIST',
    ]);
    expect([text('a'), readdirSync(folder)]).toEqual(['theirs', ['a', 'b']]);
  });
});

describe('stat and list', () => {
  test('tell what is there', async () => {
    writeFileSync(join(folder, 'b'), '123', { mode: 0o600 });
    mkdirSync(join(folder, 'a'), 0o700);
    symlinkSync('b', join(folder, 'c'));
    expect(await files().list('.')).toEqual(['a', 'b', 'c']);
    expect(await files().stat('c')).toEqual({ kind: 'file', size: 3, mode: 0o600 });
    expect(await files().stat('a')).toMatchObject({ kind: 'folder', mode: 0o700 });
    expect(await files().stat('/dev/null')).toMatchObject({ kind: 'other' });
    expect([await files().stat('no'), await files().stat('b/no')]).toEqual([null, null]);
  });
});

describe('a private folder', () => {
  test('is for us alone, and in memory where that is', async () => {
    const runtime = join(folder, 'runtime');
    mkdirSync(runtime, 0o700);
    const path = await files({ XDG_RUNTIME_DIR: runtime }).privateFolder();
    expect([path.startsWith(join(runtime, 'sec-')), mode(path)]).toEqual([true, '700']);
    await files().remove(path);
    expect(readdirSync(runtime)).toEqual([]);
  });

  test('is not in a runtime folder that others may enter', async () => {
    const runtime = join(folder, 'runtime');
    mkdirSync(runtime);
    chmodSync(runtime, 0o755);
    const path = await files({ XDG_RUNTIME_DIR: runtime }).privateFolder();
    expect(readdirSync(runtime)).toEqual([]);
    await files().remove(path);
  });
});

describe('remove', () => {
  test('overwrites what it removes', async () => {
    writeFileSync(join(folder, 'a'), 'secret');
    const open = openSync(join(folder, 'a'), 'r');
    await files().remove('a');
    expect([readFileSync(open), readdirSync(folder)]).toEqual([Buffer.alloc(6), []]);
    closeSync(open);
  });

  test('leaves what other names and links lead to', async () => {
    mkdirSync(join(folder, 'd'));
    writeFileSync(join(folder, 'kept'), 'kept');
    writeFileSync(join(folder, 'target'), 'target');
    linkSync(join(folder, 'kept'), join(folder, 'd', 'second'));
    symlinkSync('../target', join(folder, 'd', 'link'));
    await files().remove('d');
    expect([text('kept'), text('target'), readdirSync(folder)]).toEqual(['kept', 'target', ['kept', 'target']]);
  });

  test('takes what is missing for removed', async () => {
    expect(await codeOf(files().remove('no'))).toBe('none');
  });
});

describe('where the disk is full', () => {
  /** The shell's limit on the size of files stands for a full disk: a write fails in the middle. */
  const writer = bundle(`
    import { nodeFiles } from './src/node-files.ts';
    const [how, path] = process.argv.slice(2);
    const files = nodeFiles(process.env, process.cwd());
    const bytes = new Uint8Array(100_000).fill(97);
    process.on('SIGXFSZ', () => undefined);
    try {
      await (how === 'create' ? files.create(path, bytes, 0o600) : files.write(path, bytes));
      console.log('written');
    } catch (error) {
      console.log(error.code);
    }
  `);

  test('the old file stays as it was, and nothing is left beside', async () => {
    writeFileSync(join(folder, 'a'), 'old');
    const { out } = await run('bash', ['-c', `ulimit -f 20; "${process.execPath}" "${await writer}" write a`], { cwd: folder });
    expect({ out, text: text('a'), all: readdirSync(folder) }).toEqual({ out: 'EFBIG\n', text: 'old', all: ['a'] });
  });

  test('no file is created', async () => {
    const { out } = await run('bash', ['-c', `ulimit -f 20; "${process.execPath}" "${await writer}" create a`], { cwd: folder });
    expect({ out, all: readdirSync(folder) }).toEqual({ out: 'EFBIG\n', all: [] });
  });

  const canMount = need('unshare') && spawnSync('sh', ['-c', 'unshare --map-root-user --mount true']).status === 0;

  test.skipIf(!canMount)('a disk of 64 KB says so (needs a user namespace)', async () => {
    const script = `mount -t tmpfs -o size=64k none "$0" && cd "$0" && printf old > a && "${process.execPath}" "${await writer}" write a && cat a && ls -A`;
    const { out, err } = await run('unshare', ['--map-root-user', '--mount', 'sh', '-c', script, folder]);
    expect({ out, err }).toEqual({ out: 'ENOSPC\nolda\n', err: '' });
  });
});

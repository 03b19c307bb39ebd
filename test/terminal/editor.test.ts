import { describe, expect, test } from 'vitest';
import type { Finished, Program } from '../../src/context.ts';
import { SecError } from '../../src/core/problem.ts';
import { chooseEditor, runEditor, type EditorWorld } from '../../src/terminal/editor.ts';
import { problemOfAsync } from '../helpers/problem.ts';

interface FakeWorld extends EditorWorld {
  readonly ran: readonly Program[];
}

interface FakeOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly installed?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** What other programs print. */
  readonly prints?: string;
  readonly end?: Partial<Finished> | Error;
}

function world({ env = {}, installed = [], files = {}, prints = '', end = {} }: FakeOptions = {}): FakeWorld {
  const ran: Program[] = [];
  const unused = async (): Promise<never> => {
    throw new Error('not for an editor');
  };
  return {
    ran,
    env,
    home: '/home/alice',
    stdoutIsTerminal: true,
    files: {
      read: async (path) => {
        const text = files[path];
        if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
        return Buffer.from(text);
      },
      stat: unused,
      list: unused,
      write: unused,
      create: unused,
      privateFolder: unused,
      remove: unused,
    },
    programs: {
      find: async (name) => (installed.includes(name) ? `/usr/bin/${name.replace(/.*\//, '')}` : null),
      talk: unused,
      become: unused,
      run: async (program) => {
        ran.push(program);
        if (end instanceof Error) throw end;
        return { status: 0, signal: null, stdout: Buffer.from(prints), stderr: new Uint8Array(), ...end };
      },
    },
  };
}

/** The command line that an editor is run with. */
async function commandOf(options: FakeOptions): Promise<Pick<Program, 'file' | 'args' | 'env' | 'streams'> | undefined> {
  const fake = world(options);
  await runEditor(await chooseEditor(fake), '/run/sec-1/a.yaml', fake);
  return fake.ran.at(-1);
}

async function argumentsOf(editor: string, options: FakeOptions = {}): Promise<readonly string[] | undefined> {
  return (await commandOf({ ...options, env: { ...options.env, EDITOR: editor } }))?.args;
}

describe('the editor', () => {
  test.each([
    [{ SEC_EDITOR: 'one', SOPS_EDITOR: 'two', EDITOR: 'three', VISUAL: 'four' }, 'one'],
    [{ SOPS_EDITOR: 'two', EDITOR: 'three', VISUAL: 'four' }, 'two'],
    [{ SEC_EDITOR: '', SOPS_EDITOR: ' ', EDITOR: 'three', VISUAL: 'four' }, 'three'],
    [{ VISUAL: 'four' }, 'four'],
  ])('is that of the first variable: %j', async (env, file) => {
    expect((await chooseEditor(world({ env, installed: ['vim'] }))).file).toBe(file);
  });

  test.each([
    [['vi', 'nano', 'vim'], 'vim'],
    [['vi', 'nano'], 'nano'],
    [['vi'], 'vi'],
  ])('is the first that is installed where no variable names one: %j', async (installed, file) => {
    expect((await chooseEditor(world({ installed }))).file).toBe(file);
  });

  test('is missing where none is named and none installed', async () => {
    expect(await problemOfAsync(() => chooseEditor(world()))).toEqual({ code: 'editor-missing' });
    expect(await problemOfAsync(() => chooseEditor(world({ env: { EDITOR: '# none' }, installed: ['vim'] })))).toEqual({
      code: 'editor-missing',
    });
  });

  test('is a command with arguments, split as a shell would', async () => {
    const { name, file, args } = await chooseEditor(world({ env: { EDITOR: `"/opt/my editors/x" -a 'b c' # mine` } }));
    expect({ name, file, args }).toEqual({ name: 'x', file: '/opt/my editors/x', args: ['-a', 'b c'] });
  });

  test('may not be a command that ends within quotes', async () => {
    expect(await problemOfAsync(() => chooseEditor(world({ env: { SOPS_EDITOR: 'vim "' } })))).toEqual({
      code: 'usage',
      message: 'the variable SOPS_EDITOR has a quote that is not closed',
    });
  });
});

describe('an editor', () => {
  test('that we do not know is run as it is, on our terminal', async () => {
    const env = { EDITOR: '/opt/x -a', PATH: '/bin' };
    expect(await commandOf({ env })).toEqual({ file: '/opt/x', args: ['-a', '/run/sec-1/a.yaml'], env, streams: 'inherit' });
  });

  test.each(['vim', '/usr/bin/vim.tiny', 'nvim'])('%s writes no swap, undo, backup or history file', async (editor) => {
    const command = await commandOf({ env: { EDITOR: `${editor} -R` } });
    const silence = 'silent! set noswapfile noundofile nobackup nowritebackup viminfo= nofixendofline';
    expect(command?.args.slice(0, 5)).toEqual(['-n', '-i', 'NONE', '--cmd', silence]);
    expect(command?.args.slice(-4)).toEqual(['-c', silence, '-R', '/run/sec-1/a.yaml']);
    expect(command?.env).toEqual({ EDITOR: `${editor} -R`, TMPDIR: '/run/sec-1' });
  });

  test.each([
    ['vi', '/usr/bin/vim.basic', '-n'],
    ['/usr/bin/editor', '/bin/nano', '--nonewlines'],
    ['my-own', '/opt/bin/nvim', '-n'],
    ['my-own', '/opt/bin/my-own-1.0', '/run/sec-1/a.yaml'],
    ['vi', '/usr/bin/busybox', '/run/sec-1/a.yaml'],
  ])('called %s is what it is a link to: %s', async (editor, target, first) => {
    const fake = world({ env: { EDITOR: editor }, installed: [editor], prints: `${target}\n` });
    await runEditor(await chooseEditor(fake), '/run/sec-1/a.yaml', fake);
    expect(fake.ran.map(({ file, args }) => [file, args[0]])).toEqual([
      ['readlink', '-f'],
      [editor, first],
    ]);
  });

  test('that is the old vi has its files in our folder', async () => {
    expect((await commandOf({ env: { EDITOR: 'vi' } }))?.env).toEqual({
      EDITOR: 'vi',
      TMPDIR: '/run/sec-1',
      NEXINIT: 'set recdir=/run/sec-1 directory=/run/sec-1',
    });
  });

  test('is run where links cannot be followed', async () => {
    const missing = Object.assign(new Error('x'), { code: 'ENOENT' });
    const fake = world({ env: { EDITOR: 'x' }, installed: ['x'], end: missing });
    expect(await runEditor(await chooseEditor(fake), '/run/sec-1/a.yaml', fake)).toBe('ENOENT');
  });

  test.each(['/etc/nanorc', '/home/alice/.nanorc', '/home/alice/.config/nano/nanorc'])(
    'nano does not read settings that would leave a copy: %s',
    async (path) => {
      const files = { [path]: '# mine\n  set tabsize 4\n  set historylog\n' };
      expect(await argumentsOf('nano', { files })).toEqual(['--ignorercfiles', '--nonewlines', '/run/sec-1/a.yaml']);
    },
  );

  test('nano reads settings that leave nothing', async () => {
    const files = { '/home/alice/.nanorc': '# set backup\nset tabsize 4\nunset historylog\n' };
    expect(await argumentsOf('nano', { files })).toEqual(['--nonewlines', '/run/sec-1/a.yaml']);
    expect(await argumentsOf('nano', { env: { XDG_CONFIG_HOME: '/c' }, files: { '/c/nano/nanorc': 'set backup\n' } })).toEqual([
      '--ignorercfiles',
      '--nonewlines',
      '/run/sec-1/a.yaml',
    ]);
  });

  test.each([
    ['code', ['--wait', '--new-window', '--user-data-dir', '/run/sec-1/profile']],
    ['code -w', ['--new-window', '--user-data-dir', '/run/sec-1/profile', '-w']],
    ['cursor --wait', ['--new-window', '--user-data-dir', '/run/sec-1/profile', '--wait']],
    ['subl', ['--wait', '--new-window']],
    ['gedit', ['--wait']],
    ['kate --block', ['--block']],
    ['/usr/bin/open -nW -a TextEdit', ['-nW', '-a', 'TextEdit']],
  ])('with windows is told to wait, once: %s', async (editor, args) => {
    expect(await argumentsOf(editor)).toEqual([...args, '/run/sec-1/a.yaml']);
  });

  test.each([
    [{ status: 0 }, null],
    [{ status: 3 }, 'status 3'],
    [{ status: null, signal: 'SIGKILL' }, 'ended by SIGKILL'],
    [Object.assign(new Error('x'), { code: 'EACCES' }), 'EACCES'],
  ])('says how it failed: %j', async (end, failure) => {
    const fake = world({ env: { EDITOR: 'x' }, end });
    expect(await runEditor(await chooseEditor(fake), '/run/sec-1/a.yaml', fake)).toBe(failure);
  });

  test('that fails by a defect of ours has not failed', async () => {
    const fake = world({ env: { EDITOR: 'x' }, end: new SecError({ code: 'interrupted' }) });
    expect(await problemOfAsync(async () => runEditor(await chooseEditor(fake), '/a', fake))).toEqual({ code: 'interrupted' });
  });
});

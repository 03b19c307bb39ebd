import { basename } from 'node:path';
import type { Files } from '../context.ts';

/**
 * What editors have to be told so that a secret leaves no trace: no swap, undo, backup or history file outside of the folder of the
 * edited file, no line break added at the end, and no return before the person is done. What an editor writes beside the file is fine:
 * the whole folder is ours, and goes away.
 */
export interface Habits {
  /** The names of the program. */
  readonly names: readonly string[];
  /** Arguments before a person's own. The folder is that of the edited file. */
  readonly quiet?: (folder: string) => readonly string[];
  /** The argument that makes it wait, and its other spellings. */
  readonly wait?: readonly [string, ...(readonly string[])];
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
  /** Files with settings that no argument takes back, and the argument that leaves them unread. */
  readonly settings?: { readonly files: (world: SettingsWorld) => readonly string[]; readonly risky: RegExp; readonly ignore: string };
}

export interface SettingsWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly files: Pick<Files, 'read'>;
}

/** How an editor of this name behaves; `null` for one that we do not know. `vi` is what it is a link to. */
export function habitsOf(name: string): Habits | null {
  return known.find(({ names }) => names.includes(name)) ?? null;
}

/** Both before and after the settings of the person, which would win over the one and come too late for the other. */
const vimSilence = 'silent! set noswapfile noundofile nobackup nowritebackup viminfo= nofixendofline';

/**
 * Without a swap file, vim would lose what was not saved when its terminal goes away, and it is too late for it to write then. So each
 * change goes into a file beside, with the line ends of the text, in which `rescueNames` are looked for.
 */
const vimRescue = (folder: string): string =>
  `silent! autocmd TextChanged,TextChangedI,InsertLeave */${basename(folder)}/* ` +
  `silent! call writefile(split(join(getline(1, '$') + (&eol ? [''] : []), &ff ==# 'dos' ? "\\r\\n" : "\\n"), "\\n", 1), expand('%:p') . '.save', 'bS')`;

const temporaryFolder = (folder: string): Readonly<Record<string, string>> => ({ TMPDIR: folder });

const vim: Omit<Habits, 'names'> = {
  quiet: (folder) => ['-n', '-i', 'NONE', '--cmd', vimSilence, '--cmd', vimRescue(folder), '-c', vimSilence],
  env: temporaryFolder,
};

const emacsSilence = `(progn
  (setq make-backup-files nil create-lockfiles nil auto-save-list-file-prefix nil auto-save-file-name-transforms nil)
  (setq require-final-newline nil mode-require-final-newline nil undo-tree-auto-save-history nil)
  (dolist (mode '(recentf-mode savehist-mode save-place-mode desktop-save-mode undo-fu-session-global-mode global-undo-tree-mode))
    (when (and (boundp mode) (symbol-value mode)) (funcall mode -1))))`;

const microSilence = ['backup', 'permbackup', 'savecursor', 'savehistory', 'saveundo', 'eofnewline'].flatMap((name) => [
  `-${name}`,
  'false',
]);

/** What was typed is in its local history and its backups otherwise: a profile of its own is the only way to have neither. */
const codeSilence = (folder: string): readonly string[] => ['--new-window', '--user-data-dir', `${folder}/profile`];

/** Under these names, it is whatever is installed: a link to vim counts as vim, and this is harmless to any other. */
export const oldVi: Habits = {
  names: ['nvi', 'nex', 'vi', 'ex', 'view'],
  env: (folder) => ({ TMPDIR: folder, NEXINIT: `set recdir=${folder} directory=${folder}` }),
};

const known: readonly Habits[] = [
  { names: ['vim', 'vim.basic', 'vim.tiny', 'vim.nox', 'vim.gtk3', 'vimx', 'nvim', 'vimdiff'], ...vim },
  { names: ['gvim', 'mvim', 'neovide', 'nvim-qt'], ...vim, wait: ['-f', '--nofork', '--no-fork'] },
  oldVi,
  {
    names: ['nano', 'rnano'],
    quiet: () => ['--nonewlines'],
    env: temporaryFolder,
    settings: {
      files: ({ env, home }) => ['/etc/nanorc', `${home}/.nanorc`, `${env['XDG_CONFIG_HOME'] ?? `${home}/.config`}/nano/nanorc`],
      risky: /^\s*set\s+(?:backup|backupdir|historylog|positionlog)\b/m,
      ignore: '--ignorercfiles',
    },
  },
  { names: ['emacs', 'emacs-nox', 'emacs-gtk'], quiet: () => ['--eval', emacsSilence] },
  { names: ['micro'], quiet: () => microSilence },
  { names: ['joe', 'jmacs', 'jpico', 'jstar'], quiet: () => ['-nobackups', '-nodeadjoe'] },
  { names: ['mg'], quiet: () => ['-n'] },
  { names: ['hx', 'helix', 'kak', 'ed', 'mcedit', 'zile'] },
  { names: ['code', 'code-insiders', 'codium', 'vscodium', 'cursor', 'windsurf'], quiet: codeSilence, wait: ['--wait', '-w'] },
  { names: ['subl', 'sublime_text'], quiet: () => ['--new-window'], wait: ['--wait', '-w'] },
  { names: ['zed', 'zeditor', 'atom', 'mate', 'bbedit', 'gedit', 'xed', 'lapce'], wait: ['--wait', '-w'] },
  { names: ['idea', 'pycharm', 'webstorm', 'goland', 'phpstorm', 'rubymine', 'clion', 'rider'], wait: ['--wait'] },
  { names: ['kate'], wait: ['--block', '-b'] },
  { names: ['gnome-text-editor'], wait: ['--standalone', '-s'] },
  { names: ['geany'], wait: ['--new-instance', '-i'] },
  { names: ['mousepad'], wait: ['--disable-server'] },
  { names: ['open'], wait: ['-W', '--wait-apps', '-nW', '-Wn'] },
];

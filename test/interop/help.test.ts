import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { need, programPath } from '../helpers/need.ts';
import { builtSec } from '../helpers/sec.ts';
import { tempFolder, type TempFolder } from '../helpers/temp-folder.ts';

/** The words of a help are each program's own. What it is about is not: commands, flags, their short names, whether they take a value, variables. */
interface Help {
  readonly status: number | null;
  readonly err: string;
  readonly begins: string;
  readonly parts: readonly string[];
  /** What stands to the left, with variables from the right. */
  readonly rows: readonly string[];
}

const single = ['encrypt', 'decrypt', 'edit', 'rotate', 'set', 'unset', 'updatekeys', 'exec-env', 'exec-file', 'publish', 'keyservice'];
const lines = [
  '--help',
  '-h',
  'help',
  'h',
  'help help',
  '--help decrypt',
  ...[...single, 'filestatus', 'groups', 'completion'].flatMap((name) => [`${name} --help`, `help ${name}`]),
  'decrypt -h e.yaml',
  'decrypt e.yaml --help',
  'groups',
  'completion',
  'groups add --help',
  'groups delete --help',
  'groups add -h',
  'help groups add',
  'groups help add',
  'groups h delete',
  'completion bash --help',
  'completion zsh -h',
  'help completion zsh',
  'help nope',
  'groups help nope',
  'groups nope',
  '--nope',
  'decrypt --nope',
  'groups --nope',
  'groups add --nope',
  'completion bash --nope',
];

/** Beyond sops. */
const additions = ['fish', 'powershell'];

describe.skipIf(!need('sops-3.13.3'))('help, of the real sops and of us under its name', () => {
  let folder: TempFolder;
  beforeAll(() => {
    folder = tempFolder();
    for (const [side, target] of [
      ['theirs', programPath('sops-3.13.3')],
      ['ours', builtSec()],
    ] as const) {
      mkdirSync(folder.at(side));
      symlinkSync(target, folder.at(`${side}/sops`));
    }
  });
  afterAll(() => folder.remove());

  function help(side: 'theirs' | 'ours', line: string): Help {
    const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: folder.path, SOPS_DISABLE_VERSION_CHECK: 'true' };
    const { status, stdout, stderr } = spawnSync(folder.at(`${side}/sops`), line.split(' '), { cwd: folder.path, env, encoding: 'utf8' });
    const [begins = ''] = stdout.split('\n');
    return { status, err: stderr.replace(/time="[^"]*"/, 'time="T"'), begins, parts: partsOf(stdout), rows: rowsOf(stdout) };
  }

  test.each(lines)('is about the same: sops %s', (line) => {
    const [theirs, ours] = [help('theirs', line), help('ours', line)];

    expect(ours).toEqual(theirs);
  });

  test('is read at all', () => {
    expect(help('theirs', '--help').rows.length).toBeGreaterThan(60);
    expect(help('theirs', 'decrypt --help').rows).toContain('--in-place, -i');
    expect(help('ours', 'decrypt --help').rows).toContain('--decryption-order value [$SOPS_DECRYPTION_ORDER]');
  });
});

/** The lists that a help has. */
function partsOf(text: string): readonly string[] {
  return [...text.matchAll(/^([A-Z ]+):$/gm)].map(([, title = '']) => title).filter((title) => /COMMANDS|OPTIONS|NAME|USAGE/.test(title));
}

/** The rows of the lists of commands and flags, in any order. */
function rowsOf(text: string): readonly string[] {
  const lists = text.split(/^(?=[A-Z ]+:$)/m).filter((part) => /^(?:COMMANDS|(?:GLOBAL )?OPTIONS):/.test(part));
  return lists
    .flatMap((list) => [...list.matchAll(/^ {3}(\S.*?) {2,}(.*)$/gm)])
    .map(([, left = '', right = '']) => `${left} ${/\[\$\w+\]/.exec(right)?.[0] ?? ''}`.trim())
    .filter((row) => !additions.includes(row))
    .toSorted();
}

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

import { commands } from '../../src/commands/index.ts';
import { need } from '../helpers/need.ts';
import { builtSec, sec } from '../helpers/sec.ts';

async function asked(line: string, env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const as = env['SEC_AS'] === 'sops' ? 'sops' : 'sec';
  const { status, out, err } = await sec([...line.split(' ').filter(Boolean), '--generate-bash-completion'], {}, { env, as });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return out.split('\n').filter(Boolean);
}

describe('what may follow', () => {
  test('is a command at first, with its summary where the shell shows it', async () => {
    expect(await asked('')).toEqual([...commands.map(({ name }) => name), 'help']);
    expect((await asked('', { _CLI_ZSH_AUTOCOMPLETE_HACK: '1' }))[1]).toBe('encrypt:encrypt the values of a file');
  });

  test('are the options that are not there yet', async () => {
    expect(await asked('decrypt --ex')).toEqual(['--extract']);
    expect(await asked('decrypt --extract=x --ex')).toEqual([]);
    expect(await asked('edit -')).toContain('-a');
    expect(await asked('edit --')).toContain('--age');
    expect(await asked('edit --')).not.toContain('-a');
    expect(await asked('groups delete --f')).toEqual(['--file']);
  });

  test('are the flags of sops where there is no command', async () => {
    expect(await asked('--ext')).toEqual(['--extract']);
  });

  test('is a command of a group', async () => {
    expect(await asked('groups')).toEqual(['add', 'delete']);
  });

  test('are the formats behind an option that takes one', async () => {
    expect(await asked('decrypt --input-type')).toEqual(['--input-type', 'yaml', 'json', 'dotenv', 'ini', 'binary']);
  });

  test('under the name of sops is what sops has', async () => {
    const named = async (line: string): Promise<readonly string[]> => asked(line, { SEC_AS: 'sops' });
    expect(await named('')).toEqual(
      ['completion', 'exec-env', 'exec-file', 'publish', 'keyservice', 'filestatus', 'groups', 'updatekeys', 'decrypt', 'encrypt'].concat([
        'rotate',
        'edit',
        'set',
        'unset',
        'help',
        'h',
      ]),
    );
    expect(await named('groups')).toEqual(['add', 'delete', 'help', 'h']);
    expect(await named('help')).toEqual([]);
    expect(await named('decrypt --in')).toEqual(['--in-place', '--input-type']);
    expect(await named('keyservice --n')).toEqual(['--network', '--net']);
    expect(await named('decrypt --as')).toEqual([]);
  });

  test('is nothing of ours for a file, or behind two dashes', async () => {
    expect(await asked('decrypt')).toEqual([]);
    expect(await asked('exec -- rm -')).toEqual([]);
  });
});

/** A folder with the built program as `sec` and as `sops`. */
function programs(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sec-completion-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['sec', 'sops']) {
    writeFileSync(join(folder, name), `#!/bin/sh\nSEC_AS=${name} exec '${process.execPath}' '${builtSec()}' "$@"\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

function shell(file: string, args: readonly string[]): readonly string[] {
  const folder = programs();
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: folder, TERM: 'dumb' };
  return execFileSync(file, args, { env, cwd: folder, encoding: 'utf8' }).split('\n').filter(Boolean);
}

describe('the script', () => {
  test('is for the name by which we were called', async () => {
    const { out } = await sec(['completion', 'bash'], {}, { as: 'sops' });
    expect(out).toContain('\ncomplete -o bashdefault -o default -F _sops_complete sops\n');
  });

  test.skipIf(!need('bash'))('completes in bash', () => {
    const script = `source <(NAME completion bash)
      COMP_WORDS=(NAME decrypt --out) COMP_CWORD=2; _NAME_complete; printf '%s\\n' "\${COMPREPLY[@]}"
      COMP_WORDS=(NAME dec) COMP_CWORD=1; _NAME_complete; printf '%s\\n' "\${COMPREPLY[@]}"
      COMP_WORDS=(NAME decrypt --input-type j) COMP_CWORD=3; _NAME_complete; printf '%s\\n' "\${COMPREPLY[@]}"`;
    for (const name of ['sec', 'sops'])
      expect(shell('bash', ['--norc', '-c', script.replaceAll('NAME', name)]).toSorted()).toEqual([
        '--output',
        '--output-type',
        'decrypt',
        'json',
      ]);
  });

  test.skipIf(!need('zsh'))('completes in zsh', () => {
    const script = `autoload -Uz compinit; compinit -u -d ./dump; source <(sec completion zsh)
      _describe() { print -l -- \${found[@]} }; _files() { print files }
      words=(sec decrypt --ex) CURRENT=3; _sec; words=(sec decrypt '') CURRENT=3; _sec`;
    expect(shell('zsh', ['-f', '-c', script])).toEqual(['--extract:print only this value', 'files']);
  });

  test.skipIf(!need('fish'))('completes in fish', () => {
    expect(
      shell('fish', ['--no-config', '-c', "sec completion fish | source; complete -C 'sec decrypt --ex'; complete -C 'sec fil'"]),
    ).toEqual(['--extract\tprint only this value', 'filestatus\tsay as JSON whether a file is encrypted; needs no key']);
  });
});

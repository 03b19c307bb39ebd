import { describe, expect, onTestFinished, test } from 'vitest';
import { findToken, type FoundToken } from '../../src/keys/vault-token.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { tempFolder, type TempFolder } from '../helpers/temp-folder.ts';

function home(): TempFolder {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  return folder;
}

function found(folder: TempFolder, env: Readonly<Record<string, string>> = {}): Promise<FoundToken> {
  return findToken(keyWorld({ env, home: folder.path }));
}

test('the variable of Vault comes before that of OpenBao, and both before the file', async () => {
  const folder = home();
  const file = folder.write('.vault-token', ' in the file\n');

  expect(await found(folder, { VAULT_TOKEN: 'v', BAO_TOKEN: 'b' })).toEqual({ from: 'the token of VAULT_TOKEN', value: 'v' });
  expect(await found(folder, { VAULT_TOKEN: '', BAO_TOKEN: 'b\n' })).toEqual({ from: 'the token of BAO_TOKEN', value: 'b' });
  expect(await found(folder)).toEqual({ from: `the token in ${file}`, value: 'in the file' });
});

test.each([
  ['there is none', (folder: TempFolder) => folder.at('.vault-token')],
  ['it is empty', (folder: TempFolder) => folder.write('.vault-token', '\n')],
  ['it is a folder', (folder: TempFolder) => folder.write('.vault-token/x', '')],
])('a file counts for nothing where %s', async (_, prepare) => {
  const folder = home();
  prepare(folder);

  expect(await found(folder)).toEqual({ from: null, why: `neither in VAULT_TOKEN nor in ${folder.at('.vault-token')}` });
});

describe('a token helper', () => {
  const asked = async (
    script: string,
    line = (helper: string) => `token_helper = "${helper}"`,
  ): Promise<{ token: FoundToken; helper: string }> => {
    const folder = home();
    const helper = folder.write('helper', `#!/bin/sh\n${script}\n`, 0o700);
    const config = folder.write('config.hcl', `# mine\n${line(helper)}\n`);
    folder.write('.vault-token', 'in the file');
    return { token: await found(folder, { VAULT_CONFIG_PATH: config }), helper };
  };

  test('is asked in place of the file', async () => {
    const { token, helper } = await asked('echo "token for $1"');

    expect(token).toEqual({ from: `the token of ${helper}`, value: 'token for get' });
  });

  test('may stand below the home folder', async () => {
    const { token } = await asked('echo yes', () => 'token_helper="~/helper"');

    expect(token).toMatchObject({ value: 'yes' });
  });

  test.each([
    ['echo hvs.secret; echo hvs.secret >&2; exit 3', 'ended with the status 3'],
    ['kill -9 $$', 'ended with a signal'],
    ['', 'has none'],
  ])('that gives none ends the search, and what it said stays hidden: %s', async (script, why) => {
    const { token, helper } = await asked(script);

    expect(token).toEqual({ from: null, why: `the token helper ${helper} ${why}` });
  });

  test('that is not there ends the search', async () => {
    const { token } = await asked('', () => 'token_helper = "/nowhere/helper"');

    expect(token).toEqual({ from: null, why: 'the token helper /nowhere/helper cannot be run (ENOENT)' });
  });
});

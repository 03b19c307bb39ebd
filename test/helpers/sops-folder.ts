import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { programPath } from './need.ts';
import { tempFolder } from './temp-folder.ts';
import type { TempFolder } from './temp-folder.ts';

export type Sops = 'sops-3.12.2' | 'sops-3.13.3';

/** A folder in which the real sops works with an age key of its own, and with nothing of the tester's. */
export interface SopsFolder {
  readonly folder: TempFolder;
  readonly recipient: string;
  readonly identity: string;
  sops(version: Sops, args: readonly string[]): { readonly status: number | null; readonly out: string; readonly err: string };
  /** What sops 3.13.3 makes of a plain text under a creation rule. @throws where it fails */
  encrypt(name: string, text: string, rule: object): string;
}

export function sopsFolder(): SopsFolder {
  const folder = tempFolder();
  const keyFile = folder.at('key.txt');
  spawnSync(programPath('age-keygen'), ['-o', keyFile]);
  const recipient = spawnSync(programPath('age-keygen'), ['-y', keyFile], { encoding: 'utf8' }).stdout.trim();
  const identity = /^AGE-SECRET-KEY-.*$/m.exec(readFileSync(keyFile, 'utf8'))?.[0] ?? '';

  const sops: SopsFolder['sops'] = (version, args) => {
    const env = { HOME: folder.path, SOPS_AGE_KEY_FILE: keyFile };
    const options = { cwd: folder.path, env, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(programPath(version), ['--disable-version-check', ...args], options);
    return { status, out: stdout, err: stderr };
  };

  const encrypt: SopsFolder['encrypt'] = (name, text, rule) => {
    folder.write(name, text);
    folder.write('config.json', JSON.stringify({ creation_rules: [rule] }));
    const { status, out, err } = sops('sops-3.13.3', ['--config', 'config.json', 'encrypt', name]);
    if (status !== 0 || err !== '') throw new Error(`sops ended with ${status}: ${err}`);
    return out;
  };

  return { folder, recipient, identity, sops, encrypt };
}

import { execFile } from 'node:child_process';
import type { AccessKey } from './moto.ts';
import { programPath } from './need.ts';
import { builtSec } from './sec.ts';
import type { Sops } from './sops-folder.ts';
import { tempFolder, type TempFolder } from './temp-folder.ts';

type Variables = Readonly<Record<string, string>> | AccessKey;

export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** A folder in which the built `sec` and the real sops work on the same files, with the same servers and nothing of the tester's. */
export interface PeerFolder extends TempFolder {
  sec(args: readonly string[], env?: Variables): Promise<Ended>;
  sops(release: Sops, args: readonly string[], env?: Variables): Promise<Ended>;
}

/** @param env how the servers are reached, and as whom */
export function peerFolder(env: Variables): PeerFolder {
  const folder = tempFolder();
  const inFolder = (file: string, args: readonly string[], more: Variables): Promise<Ended> =>
    new Promise((done, fail) => {
      const all = { PATH: process.env['PATH'] ?? '', HOME: folder.path, ...env, ...more };
      execFile(file, [...args], { cwd: folder.path, env: all }, (error, out, err) => {
        if (error !== null && typeof error.code !== 'number') fail(new Error(`${file} did not run`, { cause: error }));
        else done({ status: error === null ? 0 : Number(error.code), out, err });
      });
    });
  return {
    ...folder,
    sec: (args, more = {}) => inFolder(process.execPath, [builtSec(), ...args], more),
    sops: (release, args, more = {}) => inFolder(programPath(release), ['--disable-version-check', ...args], more),
  };
}

// What is measured side by side: bare Node, sec as npm installs it, sec as a standalone executable, and the real sops.

import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const distorting = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_COMPILE_CACHE'];

/** The programs that are there, by name; each is the beginning of a command line. `script` is sec as npm installs it. */
export function findPrograms(script, root) {
  const executable = join(root, 'dist', 'standalone', `sec-${process.platform}-${process.arch}`);
  const sops = findSops();
  return {
    node: [process.execPath, '-e', '0'],
    sec: [process.execPath, script],
    ...(isExecutable(executable) ? { standalone: [executable] } : {}),
    ...(sops === null ? {} : { sops: [sops, '--disable-version-check'] }),
  };
}

/** An environment without what slows one side down, and with a home of its own. */
export function cleanEnvironment(home, more) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:SOPS_|SEC_|AWS_|NODE_)/.test(name)));
  for (const name of distorting) delete env[name];
  return { ...env, HOME: home, XDG_CONFIG_HOME: join(home, '.config'), ...more };
}

export function versionsOf(programs) {
  const sops =
    programs.sops === undefined ? null : spawnSync(programs.sops[0], ['--version', '--disable-version-check'], { encoding: 'utf8' });
  return { node: process.version, sops: sops?.stdout.trim() ?? null, platform: `${process.platform}-${process.arch}` };
}

function findSops() {
  const cache = process.env['SEC_PEERS'] ?? join(homedir(), '.cache', 'sec-peers');
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = [process.env['SEC_BENCH_SOPS'], join(cache, 'sops-3.12.2', 'sops'), ...folders.map((folder) => join(folder, 'sops'))];
  return places.find((place) => place !== undefined && isExecutable(place)) ?? null;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';

/** What looking for a configuration takes of the outside world. */
export interface ConfigWorld extends Pick<Context, 'env' | 'cwd' | 'files'>, Partial<Pick<Context, 'calledAs'>> {
  /** One line to standard error. */
  warn(text: string): void;
}

/** A configuration file that was found, or asked for. */
export interface ConfigPlace {
  /** Absolute path. */
  readonly file: string;
  /** The path for messages: as it was asked for, else from the working directory. */
  readonly name: string;
  /** `sec` refuses keys that it does not know; `sops` passes over them, and over our additions, as sops does. */
  readonly dialect: 'sec' | 'sops';
}

/** Where to look. */
export interface Search {
  /** The path of `--config`, `null` where it was not given. An empty one asks for the search, as in sops. */
  readonly flag: string | null;
  /** The file that will be read or written, by its path or the name that stands for it; `null` where there is none. */
  readonly target: string | null;
}

/**
 * Finds the configuration (`design.md` §5): the one that is asked for; else the nearest `.secretsrc.yaml` from the target's folder
 * upward, then from the working directory upward; else `.sops.yaml` in the same places. One that is asked for need not exist. By the name
 * of sops, it is the `.sops.yaml` of the working directory and above alone.
 */
export async function findConfig(world: ConfigWorld, search: Search): Promise<ConfigPlace | null> {
  const asked = search.flag ?? (world.env['SEC_CONFIG'] || world.env['SOPS_CONFIG'] || '');
  if (asked !== '') return { file: resolve(world.cwd, asked), name: asked, dialect: dialectOf(asked) };
  const { configOfFolderOnly } = mannersOf(world.calledAs);
  const folders = placesToLook(world.cwd, configOfFolderOnly ? null : search.target);
  const ours = configOfFolderOnly ? null : await nearest(world, folders, '.secretsrc.yaml');
  const file = ours ?? (await nearest(world, folders, '.sops.yaml'));
  return file === null ? null : { file, name: relative(world.cwd, file), dialect: dialectOf(file) };
}

/** Only a file that bears our name is held to our rules: whoever asks for another may have written it for sops. */
function dialectOf(file: string): 'sec' | 'sops' {
  return /^\.?secretsrc\./.test(basename(file)) ? 'sec' : 'sops';
}

function placesToLook(cwd: string, target: string | null): string[] {
  const starts = target === null ? [cwd] : [dirname(resolve(cwd, target)), cwd];
  return [...new Set(starts.flatMap(upward))];
}

function upward(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upward(parent)];
}

/** A neighbour with the other spelling of the extension is never used. It gets a warning, lest its rules be missed. */
async function nearest(world: ConfigWorld, folders: readonly string[], name: string): Promise<string | null> {
  const ignored: string[] = [];
  let found: string | null = null;
  for (const folder of folders) {
    const file = join(folder, name);
    if ((await world.files.stat(file)) !== null) {
      found = file;
      break;
    }
    const other = file.replace(/\.yaml$/, '.yml');
    if ((await world.files.stat(other)) !== null) ignored.push(relative(world.cwd, other));
  }
  if (ignored[0] !== undefined) world.warn(`${ignored[0]} is not read: a configuration is called ${name}`);
  return found;
}

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import type { Context } from '../../src/context.ts';
import type { SelectorKind } from '../../src/core/selection.ts';
import { nodeFiles } from '../../src/node-files.ts';
import { nodeNetwork } from '../../src/node-network.ts';
import { nodePrograms } from '../../src/node-programs.ts';
import { nodeSystem } from '../../src/node-system.ts';
import { gpgHome } from './gpg-home.ts';
import { programPath } from './need.ts';
import type { Sops } from './sops-folder.ts';
import { alice } from './sec.ts';
import { tempFolder } from './temp-folder.ts';
import type { TempFolder } from './temp-folder.ts';

export const releases: readonly Sops[] = ['sops-3.12.2', 'sops-3.13.3'];

/** For whom and how the files of a test are sealed: one creation rule, read by sops and by us. */
export interface Rule {
  readonly key: 'age' | 'pgp';
  /** `null`: the rule names none, so that the default holds. */
  readonly selector: { readonly kind: SelectorKind; readonly text: string } | null;
  readonly macOnlyEncrypted: boolean;
}

export interface Ended {
  readonly status: number;
  readonly out: Buffer;
  readonly err: string;
}

/** A folder in which the real sops and we work on the same files with the same keys. */
export interface InteropWorld {
  readonly folder: TempFolder;
  /** Our side of it. */
  readonly context: Context;
  sops(release: Sops, args: readonly string[]): Promise<Ended>;
  /** Writes the configuration of a rule and gives its name. */
  config(rule: Rule): string;
  remove(): void;
}

export function interopWorld(): InteropWorld {
  const folder = tempFolder();
  const gpg = gpgHome();
  const fingerprint = gpg.makeKey('interop', ['future-default', 'default', 'never']);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder.path,
    GNUPGHOME: gpg.path,
    SOPS_AGE_KEY_FILE: folder.write('key.txt', `${alice.identity}\n`),
  };
  const slots = new Slots(4);
  const recipients = { age: alice.recipient, pgp: fingerprint };
  return {
    folder,
    context: contextIn(folder.path, env),
    sops: (release, args) => slots.take(() => run(programPath(release), ['--disable-version-check', ...args], { cwd: folder.path, env })),
    config: ({ key, selector, macOnlyEncrypted }) => {
      const rule = {
        [key]: recipients[key],
        ...(selector === null ? {} : { [selector.kind]: selector.text }),
        ...(macOnlyEncrypted ? { mac_only_encrypted: true } : {}),
      };
      const name = 'config.json';
      folder.write(name, JSON.stringify({ creation_rules: [rule] }));
      return name;
    },
    remove: () => {
      gpg.remove();
      folder.remove();
    },
  };
}

/** All of the real world but its terminal and its output. */
function contextIn(cwd: string, env: Readonly<Record<string, string>>): Context {
  return {
    calledAs: 'sec',
    env,
    cwd,
    home: cwd,
    platform: process.platform,
    hostname: hostname(),
    files: nodeFiles(env, cwd),
    programs: nodePrograms(env, cwd),
    system: nodeSystem(cwd),
    network: nodeNetwork(),
    out: () => Promise.reject(new Error('nothing is printed here')),
    err: () => undefined,
    readInput: () => Promise.reject(new Error('there is no standard input here')),
    terminal: null,
    stdoutIsTerminal: false,
    now: () => new Date(),
    random: (length) => randomBytes(length),
  };
}

function run(file: string, args: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): Promise<Ended> {
  return new Promise((done, fail) => {
    execFile(file, [...args], { ...options, encoding: 'buffer', maxBuffer: 1 << 28 }, (error, out, err) => {
      if (error !== null && typeof error.code !== 'number') fail(new Error(`${file} did not end`, { cause: error }));
      else done({ status: error === null ? 0 : Number(error.code), out, err: err.toString() });
    });
  });
}

/** No more than so many at once. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(free: number) {
    this.#free = free;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((next) => this.#waiting.push(next));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

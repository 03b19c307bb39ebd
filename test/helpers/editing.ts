import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Context, Program } from '../../src/context.ts';
import { main } from '../../src/main.ts';
import { alice, contextOf, makeWorld, type SecOptions } from './sec.ts';

/** Stands in every text that is typed, and may stand in no file that is not sealed and in no output. */
export const canary = 'CANARY-5f2d1c';

export interface EditingOptions extends Pick<SecOptions, 'env' | 'terminal'> {
  /** Stands in front of the real world: a disk that is full. */
  readonly change?: (context: Context) => Context;
}

export interface Edited {
  readonly status: number;
  /** All that was shown, with `KEPT` for the path of a text that is kept. */
  readonly said: string;
}

/** A folder in which files are edited by scripts. Alice's key is at hand. */
export interface Editing {
  /** The full path of a name beside the folders `work`, `home` and `runtime`. */
  at(name: string): string;
  /** Writes a file of the folder `work`, and gives its full path. */
  write(name: string, content: string): string;
  /** The content of a file there; `null` where there is none. */
  read(name: string): string | null;
  /** Path of an editor: a shell script that gets the file as its last argument. */
  editor(script: string): string;
  /** Runs `sec edit` with an editor, and looks for what it left in the clear. */
  edit(args: readonly string[], script: string, options?: EditingOptions): Promise<Edited>;
  /** The editors that were run. */
  readonly started: readonly Program[];
  /** Seals a text into a file for alice. */
  seal(name: string, text: string): Promise<void>;
  plain(name: string): Promise<string>;
  /** The paths of the texts that are kept. */
  kept(): readonly string[];
  keptText(path: string): Promise<string>;
  readonly env: Readonly<Record<string, string>>;
}

export function makeEditing(): Editing {
  const world = makeWorld({}, { env: { SOPS_AGE_KEY: alice.identity } });
  const at = (name: string): string => join(world.root, name);
  const recovery = at('home/.local/state/sec/recovery');
  const started: Program[] = [];
  const sec = async (args: readonly string[], { change = (context) => context, env, terminal }: EditingOptions = {}): Promise<Edited> => {
    const written = { out: [] as Uint8Array[], err: '' };
    const options = terminal === undefined ? {} : { terminal };
    const context = contextOf({ ...world, env: { ...world.env, ...env } }, options, written);
    const status = await main(args, change({ ...context, programs: noting(context.programs, started) }));
    return { status, said: `${Buffer.concat(written.out).toString()}${written.err}` };
  };
  const wellDone = async (...args: readonly string[]): Promise<string> => {
    const { status, said } = await sec(args);
    expect({ args, status }).toEqual({ args, status: 0 });
    return said;
  };
  let editors = 0;
  const editing: Editing = {
    at,
    write: (name, content) => {
      writeFileSync(join(world.work, name), content, { mode: 0o600 });
      return join(world.work, name);
    },
    read: (name) => (existsSync(join(world.work, name)) ? readFileSync(join(world.work, name), 'utf8') : null),
    editor: (script) => {
      editors += 1;
      const path = at(`editor-${editors}`);
      writeFileSync(path, `#!/bin/sh\n${script}\n`);
      chmodSync(path, 0o700);
      return path;
    },
    edit: async (args, script, options = {}) => {
      const before = editing.kept();
      const { status, said } = await sec(['edit', ...args], { ...options, env: { EDITOR: editing.editor(script), ...options.env } });
      const fresh = editing.kept().filter((path) => !before.includes(path));
      const inTheClear = filesIn(world.root).filter((path) => !/\/editor-\d+$/.test(path) && readFileSync(path).includes(canary));
      expect({ shown: said.includes(canary), inTheClear, privateFolders: readdirSync(at('runtime')) }).toEqual({
        shown: false,
        inTheClear: [],
        privateFolders: [],
      });
      return { status, said: [...before, ...fresh].reduce((text, path) => text.replaceAll(path, 'KEPT'), said) };
    },
    started,
    seal: async (name, text) => {
      editing.write(name, text);
      await wellDone('encrypt', '-i', '--age', alice.recipient, name);
    },
    plain: (name) => wellDone('decrypt', name),
    kept: () => (existsSync(recovery) ? readdirSync(recovery).map((name) => join(recovery, name)) : []),
    keptText: (path) => wellDone('get', path, 'text'),
    env: world.env,
  };
  return editing;
}

function noting(programs: Context['programs'], started: Program[]): Context['programs'] {
  return {
    ...programs,
    run: (program) => {
      if (program.streams === 'inherit') started.push(program);
      return programs.run(program);
    },
  };
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

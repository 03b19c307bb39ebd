import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as rules from './helpers/architecture.ts';
import { importsOf, type Source } from './helpers/source.ts';

const root = join(import.meta.dirname, '..');

/** Every source of the project. */
const house: readonly Source[] = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .sort()
  .map((name) => ({ path: ['src', ...name.split(sep)].join('/'), text: readFileSync(join(root, 'src', name), 'utf8') }));

/** Made-up sources, by their paths. */
function madeUp(files: Readonly<Record<string, string>>): readonly Source[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

/** What each rule says of a house that breaks it, one case a way to break it. */
const broken: Readonly<
  Record<keyof typeof rules, readonly (readonly [files: Readonly<Record<string, string>>, said: readonly string[]])[]>
> = {
  importDirections: [
    [{ 'src/core/a.ts': "import { b } from '../formats/b.ts';" }, ['src/core/a.ts: core may not import src/formats/b.ts']],
    [{ 'src/formats/yaml/a.ts': "import { b } from '../../keys/b.ts';" }, ['src/formats/yaml/a.ts: formats may not import src/keys/b.ts']],
    [{ 'src/keys/a.ts': "import type { B } from '../config/b.ts';" }, ['src/keys/a.ts: keys may not import types of src/config/b.ts']],
    [{ 'src/config/a.ts': "export { b } from '../terminal/b.ts';" }, ['src/config/a.ts: config may not import src/terminal/b.ts']],
    [
      { 'src/terminal/a.ts': "const b = await import('../commands/b.ts');" },
      ['src/terminal/a.ts: terminal may not import src/commands/b.ts'],
    ],
    [
      { 'src/secret-file.ts': "import { b } from './terminal/b.ts';" },
      ['src/secret-file.ts: secret-file may not import src/terminal/b.ts'],
    ],
    [{ 'src/git/a.ts': "import { b } from '../keys/b.ts';" }, ['src/git/a.ts: git may not import src/keys/b.ts']],
    [{ 'src/commands/a.ts': "import { b } from '../main.ts';" }, ['src/commands/a.ts: commands may not import src/main.ts']],
    [{ 'src/commands/a.ts': "import { b } from '../context.ts';" }, ['src/commands/a.ts: commands may not import src/context.ts']],
    [{ 'src/extras/a.ts': '' }, ['src/extras/a.ts: belongs to no room of test/helpers/architecture.ts']],
  ],
  commandsAreAlone: [
    [
      {
        'src/commands/index.ts': "import { a } from './a.ts';\nimport { b } from './b.ts';",
        'src/commands/a.ts': "import { b } from './b.ts';",
        'src/commands/b.ts': "import { flags } from './flags.ts';",
      },
      ['src/commands/a.ts: imports the command src/commands/b.ts'],
    ],
  ],
  packageHomes: [
    [{ 'src/commands/a.ts': "const { Key } = await import('openpgp');" }, ['src/commands/a.ts: imports openpgp, which lives elsewhere']],
    [
      { 'src/formats/a.ts': "import type { Key } from '@noble/curves/ed25519.js';" },
      ['src/formats/a.ts: imports @noble/curves, which lives elsewhere'],
    ],
    [{ 'src/core/a.ts': "import leftPad from 'left-pad';" }, ['src/core/a.ts: left-pad has no home in test/helpers/architecture.ts']],
    [{ 'src/core/a.ts': "import { join } from 'path';" }, ['src/core/a.ts: path has no home in test/helpers/architecture.ts']],
  ],
  heavyPackagesAreLazy: [
    [
      { 'src/keys/pgp.ts': "import {\n  readKey,\n} from 'openpgp';" },
      ["src/keys/pgp.ts: imports openpgp at its top: use await import('openpgp') where it is called"],
    ],
  ],
  startIsLight: [
    [
      {
        'src/cli.ts': "import { main } from './main.ts';",
        'src/main.ts': "import './formats/yaml.ts';\nawait import('./formats/json.ts');",
        'src/formats/yaml.ts': "import { Lexer } from 'yaml';",
        'src/formats/json.ts': "import { parseTree } from 'jsonc-parser';",
      },
      ['src/formats/yaml.ts: is loaded by every start, and loads yaml'],
    ],
  ],
  worldIsContext: [
    [
      { 'src/keys/a.ts': "import { readFile } from 'node:fs/promises';" },
      ["src/keys/a.ts: imports node:fs/promises: that is the context's"],
    ],
    [
      { 'src/keys/a.ts': "const { spawn } = await import('node:child_process');" },
      ["src/keys/a.ts: imports node:child_process: that is the context's"],
    ],
    [{ 'src/keys/a.ts': 'const home = process.env.HOME;' }, ["src/keys/a.ts: says process: that is the context's"]],
    [{ 'src/keys/a.ts': 'const text = `${process.pid}`;' }, ["src/keys/a.ts: says process: that is the context's"]],
    [{ 'src/core/a.ts': 'const now = new Date();' }, ["src/core/a.ts: says new Date(): that is the context's"]],
    [{ 'src/core/a.ts': "import { randomBytes } from 'node:crypto';" }, ["src/core/a.ts: says randomBytes: that is the context's"]],
  ],
  builtInsByName: [
    [{ 'src/keys/a.ts': "import crypto from 'node:crypto';" }, ['src/keys/a.ts: imports all of node:crypto: name what it needs']],
    [{ 'src/keys/a.ts': "import * as path from 'node:path';" }, ['src/keys/a.ts: imports all of node:path: name what it needs']],
    [{ 'src/core/a.ts': "import { join } from 'node:path';" }, ['src/core/a.ts: core may not import node:path']],
  ],
  importsNameFiles: [
    [{ 'src/core/a.ts': "import { b } from './b.js';" }, ['src/core/a.ts: imports src/core/b.js, which is no file of src/']],
    [{ 'src/core/a.ts': "import { b } from './b';", 'src/core/b.ts': '' }, ['src/core/a.ts: imports src/core/b, which is no file of src/']],
    [{ 'src/core/a.ts': 'await import(name);' }, ['src/core/a.ts: imports ?, which is no file of src/']],
  ],
  namesSayWhatFor: [
    [{ 'src/keys/utils/a.ts': '' }, ['src/keys/utils/a.ts: utils says nothing']],
    [{ 'src/core/helpers.ts': '' }, ['src/core/helpers.ts: helpers.ts says nothing']],
  ],
  filesFit: [[{ 'src/core/a.ts': 'x\n'.repeat(301), 'src/core/b.ts': 'x\n'.repeat(300) }, ['src/core/a.ts: 301 lines']]],
  noAny: [
    [{ 'src/core/a.ts': 'function a(b: any) {}' }, ['src/core/a.ts: any']],
    [{ 'src/core/a.ts': 'const a = b as any;' }, ['src/core/a.ts: any']],
    [{ 'src/core/a.ts': 'const a = new Map<string, any>();' }, ['src/core/a.ts: any']],
    [{ 'src/core/a.ts': '// @ts-expect-error\nconst a: number = "";' }, ['src/core/a.ts: a switched off compiler']],
  ],
};

/** What looks like a breach and is none. */
const innocent = madeUp({
  'src/core/a.ts': [
    "// import { b } from '../formats/b.ts'; of any kind, by the process",
    '/** One of the',
    "import { b } from '../keys/b.ts'; */",
    "import type { Context } from '../context.ts';",
    "import { createHash, type Hash } from 'node:crypto';",
    "const a = 'process.env, (x: any)' + `import('fs')` + /new Date()/;",
    'const later = new Date(0), child = this.process, given = { process: 1 };',
  ].join('\n'),
  'src/context.ts': '',
  'src/node-files.ts': "import { readFile } from 'node:fs/promises';\nprocess.on('exit', end);",
});

test('reads each kind of import', () => {
  const text = [
    "import { a,\n  type B } from './a.ts';",
    "import type { C } from '../keys/c.ts';",
    "import d, { e } from 'd';",
    "import * as f from 'node:path';",
    "import './g.ts';",
    "export { h } from './h.ts';",
    "export type * from './i.ts';",
    "  const { j } = await import('@j/j/k.js');",
    "type L = typeof import('l');",
    "const m = require('m');",
  ].join('\n');

  expect(importsOf({ path: 'src/core/x.ts', text }).map(({ kind, target }) => `${kind} ${target}`)).toEqual([
    'value src/core/a.ts',
    'type src/keys/c.ts',
    'value d',
    'value node:path',
    'value src/core/g.ts',
    'value src/core/h.ts',
    'type src/core/i.ts',
    'lazy @j/j/k.js',
    'type l',
    'value m',
  ]);
});

describe.each(Object.entries(rules))('%s', (name, rule) => {
  test('holds in src/', () => {
    expect(rule(house)).toEqual([]);
  });

  test('sees each way to break it', () => {
    const cases = broken[name as keyof typeof rules];
    expect(cases.map(([files]) => rule(madeUp(files)))).toEqual(cases.map(([, said]) => said));
  });

  test('takes nothing for a breach that is none', () => {
    expect(rule(innocent)).toEqual([]);
  });
});

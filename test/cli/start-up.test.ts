import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { describe, expect, test } from 'vitest';
import { alice, builtSec, makeWorld, sec } from '../helpers/sec.ts';

/** What a start loads, of the built program. It is what a start costs, and no clock tells it so exactly (`docs/speed.md`). */

/** Prints at the end what was loaded: modules of Node, and files. */
const reporter = `process.on('exit', () => {
  const files = Object.keys(require.cache);
  require('node:fs').writeSync(2, '\\n' + JSON.stringify({ modules: process.moduleLoadList, files }));
});`;

const report = z.object({ modules: z.array(z.string()), files: z.array(z.string()) });

interface Loaded {
  /** Modules of Node beyond those of an empty script. */
  readonly modules: readonly string[];
  /** Our files in the order in which they were loaded, by their paths in dist/cli. */
  readonly chunks: readonly string[];
  readonly out: string;
}

async function loadedBy(args: readonly string[], text = ''): Promise<Loaded> {
  const files = text === '' ? {} : await sealed(text);
  const { work, env } = makeWorld({ ...files, '~/.config/sops/age/keys.txt': `${alice.identity}\n` });
  const hook = join(work, 'reporter.cjs');
  const empty = join(work, 'empty.cjs');
  writeFileSync(hook, reporter);
  writeFileSync(empty, '');
  const run = (script: readonly string[]): { out: string; loaded: z.infer<typeof report> } => {
    const { stdout, stderr } = spawnSync(process.execPath, ['-r', hook, ...script], { cwd: work, env, encoding: 'utf8' });
    return { out: stdout, loaded: report.parse(JSON.parse(stderr.slice(stderr.lastIndexOf('\n')))) };
  };
  const bare = new Set(run([empty]).loaded.modules);
  const { out, loaded } = run([builtSec(), ...args]);
  return {
    modules: loaded.modules.filter((module) => !bare.has(module)).map((module) => module.replace(/^\w+ /, '')),
    chunks: loaded.files.flatMap((file) => /[\\/]dist[\\/]cli[\\/](.+)$/.exec(file)?.[1]?.replaceAll('\\', '/') ?? []),
    out,
  };
}

async function sealed(text: string): Promise<Readonly<Record<string, string>>> {
  const { out } = await sec(['encrypt', '--age', alice.recipient, 'a.yaml'], { 'a.yaml': text });
  return { 'a.yaml': out };
}

/** What brings a fifth of all that Node has, or talks to others. */
const heavy = /^(?:child_process|net|tls|http2?|https|dns|dgram|tty|readline|worker_threads|inspector|zlib|internal\/modules\/esm\/)/;

describe('a start', () => {
  test('loads nothing to print the version', async () => {
    const { modules, chunks, out } = await loadedBy(['--version']);

    expect({ modules, chunks, out }).toEqual({ modules: [], chunks: ['sec.cjs', 'start.cjs'], out: 'sec 0.1.0\n' });
  });

  test('loads only the reader of command lines to print help', async () => {
    const { modules, chunks } = await loadedBy(['--help']);

    expect(chunks).toEqual(['sec.cjs', 'start.cjs', 'packages/commander.cjs', 'rolldown-runtime.cjs']);
    expect(modules.filter((module) => /^(?:crypto|tls|http2?|https|dns|worker_threads)$/.test(module))).toEqual([]);
  });

  test('loads one file to open values with an age key: no package, no other kind of key, no prompt, no help', async () => {
    const { modules, chunks, out } = await loadedBy(['decrypt', 'a.yaml'], 'a: b # c\nd:\n    - 1\n');

    expect(out).toBe('a: b # c\nd:\n    - 1\n');
    expect(chunks).toEqual(['sec.cjs', 'start.cjs', 'open.cjs', 'rolldown-runtime.cjs']);
    expect(modules.filter((module) => heavy.test(module))).toEqual([]);
    // `crypto` with the streams that it stands on, and little else.
    expect(modules.length).toBeLessThanOrEqual(42);
  });

  test.each([[['get', 'a.yaml', 'a']], [['exec', '-f', 'a.yaml', '--', 'true']], [['ls', 'a.yaml']]])(
    'loads no package for %j',
    async (args) => {
      const { chunks } = await loadedBy(args, 'a: b\nd:\n    - 1\n');

      expect(chunks.filter((chunk) => chunk.startsWith('packages/'))).toEqual([]);
    },
  );

  test('loads the parser for a text that needs it', async () => {
    const { chunks, out } = await loadedBy(['decrypt', 'a.yaml'], 'a: {b: c}\n');

    expect(out).toBe('a: {b: c}\n');
    expect(chunks.filter((chunk) => chunk.startsWith('packages/'))).toEqual(['packages/yaml.cjs']);
  });
});

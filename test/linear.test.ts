import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bundle } from './helpers/bundle.ts';
import { alice, makeWorld, sec } from './helpers/sec.ts';

/** Twice the file is twice the work. Steps are counted, since a clock tells of the machine, too. */

/** Runs command lines in one process, and says how often a piece of our code ran in each: the first is there to load it. */
const counter = `
import { Session } from 'node:inspector/promises';

const session = new Session();
session.connect();
await session.post('Profiler.enable');
// Before anything of ours is compiled: loops are counted only in what is compiled for it. Each look begins to count anew.
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
const { main } = await import('./src/main.ts');
const { nodeContext } = await import('./src/node-context.ts');
const counts = [];
for (const line of JSON.parse(process.argv[2] ?? '[]')) {
  const status = await main(line, nodeContext());
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const ours = result.filter(({ url }) => url.startsWith('file:'));
  const ranges = ours.flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
  counts.push({ status, steps: ranges.reduce((sum, { count }) => sum + count, 0) });
}
process.stderr.write('\\n' + JSON.stringify(counts));
`;

/** What V8 forgets or optimizes, it no longer counts. */
const exactly = ['--no-flush-bytecode', '--no-opt'];

const counted = z.array(z.object({ status: z.literal(0), steps: z.number() }));

interface Kind {
  readonly name: string;
  readonly file: string;
  readonly text: (count: number) => string;
  /** Where one value stands. */
  readonly at: string;
}

const repeat = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

const kinds: readonly Kind[] = [
  { name: 'many keys of a map', file: 'a.yaml', text: (count) => repeat(count, (i) => `k${i}: v${i}\n`), at: 'k3' },
  { name: 'a long list', file: 'a.yaml', text: (count) => `a:\n${repeat(count, (i) => `    - v${i}\n`)}`, at: 'a[3]' },
  { name: 'many comments', file: 'a.yaml', text: (count) => repeat(count / 2, (i) => `# c\nk${i}: v # d\n`), at: 'k3' },
  {
    name: 'many sections',
    file: 'a.yaml',
    text: (count) => repeat(count / 4, (i) => `s${i}:\n    a: b\n    c: |\n        d\n        e\n`),
    at: 's3.a',
  },
  { name: 'many documents', file: 'a.yaml', text: (count) => `k: v\n${repeat(count / 20, () => '---\nk: v\n')}`, at: 'k' },
  { name: 'YAML that needs the parser', file: 'a.yaml', text: (count) => repeat(count, (i) => `k${i}: {a: b}\n`), at: 'k3.a' },
  { name: 'JSON', file: 'a.json', text: (count) => `{${repeat(count, (i) => `"k${i}": "v", `)}"end": 1}`, at: 'k3' },
  { name: 'dotenv', file: '.env', text: (count) => repeat(count, (i) => `k${i}=v\n`), at: 'k3' },
  { name: 'INI', file: 'a.ini', text: (count) => `[a]\n${repeat(count, (i) => `k${i} = v\n`)}`, at: 'a.k3' },
];

let program = '';
beforeAll(async () => {
  program = await bundle(counter);
});

/** Steps of a command for files of one size, of twice and of four times that. */
async function stepsOf({ file, text, at }: Kind, command: string): Promise<readonly number[]> {
  const sizes = [20, 200, 400, 800];
  const texts = sizes.map((size) => text(size));
  const sealed = await Promise.all(
    texts.map(async (plain) => (await sec(['encrypt', '--age', alice.recipient, file], { [file]: plain })).out),
  );
  const contents = command === 'encrypt' ? texts : sealed;
  const names = sizes.map((size) => `${size}/${file}`);
  const files = Object.fromEntries(names.map((name, index) => [name, contents[index] ?? '']));
  const { work, env } = makeWorld({ ...files, '~/.config/sops/age/keys.txt': `${alice.identity}\n` });
  const lines = names.map((name) => lineOf(command, name, at));
  const { stderr } = spawnSync(process.execPath, [...exactly, program, JSON.stringify(lines)], {
    cwd: work,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return counted.parse(JSON.parse(stderr.slice(stderr.lastIndexOf('\n')))).map(({ steps }) => steps);
}

function lineOf(command: string, name: string, at: string): readonly string[] {
  if (command === 'encrypt') return ['encrypt', '--age', alice.recipient, '--output', `${name}.out`, name];
  return command === 'set' ? ['set', name, at, '"new"'] : ['decrypt', '--output', `${name}.out`, name];
}

describe.each(kinds)('$name', (kind) => {
  test.each(['encrypt', 'decrypt', 'set'])('%s takes twice the steps for twice the size', async (command) => {
    const [, one = 0, two = 0, four = 0] = await stepsOf(kind, command);

    // Linear gives 2, quadratic 4; what is the same for any size is left out, and sorting takes a little more.
    expect((four - two) / (two - one)).toBeLessThan(2.6);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { childProgram, startChild } from '../helpers/child.ts';
import { alice } from '../helpers/sec.ts';

const program = await childProgram();
const levels = 100_000;
/** Longer than any process may run: `child.ts`. */
const timeout = 400_000;

/** A text, and what is said of it; `null` for one that comes back byte for byte. */
type Case = readonly [name: string, file: string, text: () => string, said: string | null];

const deep = (file: string): string => `${file} is nested more than 500 levels deep`;
const laughs = 'has more than 400000 values that aliases stand for';
const noAnchor = 'not valid YAML: an alias names no anchor before it, or one that it is part of';

const aliases: readonly Case[] = [
  ['lists of aliases', 'f.yaml', () => bomb('[x, x]', (at) => `[${`*a${at}, `.repeat(9)}]`), `f.yaml ${laughs}`],
  ['maps of aliases', 'f.yaml', () => bomb('{k: x}', (at) => `{p: *a${at}, q: *a${at}}`), `f.yaml ${laughs}`],
  ['merges of aliases', 'f.yaml', () => bomb('{k: x}', (at) => `{<<: [*a${at}, *a${at}]}`), `f.yaml ${laughs}`],
  ['an alias a level', 'f.yaml', () => bomb('[x]', (at) => `[*a${at}]`, 600), deep('f.yaml')],
  ['an alias of itself', 'f.yaml', () => 'a: &x {b: *x}\n', `f.yaml, line 1: ${noAnchor}`],
  ['an alias of what holds it', 'f.yaml', () => 'a: &x\n  - b:\n      - *x\n', `f.yaml, line 3: ${noAnchor}`],
  ['many anchors', 'f.yaml', () => lines(5000, (at) => `k${at}: &a${at} v`), null],
  ['many aliases', 'f.yaml', () => `a: &x v\n${lines(5000, (at) => `k${at}: *x`)}`, null],
];

const nested: readonly Case[] = [
  ['lists in brackets', 'f.yaml', () => `a: ${'['.repeat(levels)}${']'.repeat(levels)}\n`, deep('f.yaml')],
  ['lists in brackets that never end', 'f.yaml', () => `a: ${'['.repeat(levels)}\n`, deep('f.yaml')],
  ['maps in brackets', 'f.yaml', () => `${'{a: '.repeat(levels)}1${'}'.repeat(levels)}\n`, deep('f.yaml')],
  ['lists on one line', 'f.yaml', () => `a:\n${'- '.repeat(levels)}x\n`, deep('f.yaml')],
  ['keys of keys', 'f.yaml', () => `${'? '.repeat(levels)}x\n`, deep('f.yaml')],
  ['blocks', 'f.yaml', () => `${lines(3000, (at) => `${' '.repeat(at)}a:`).trimEnd()} 1\n`, deep('f.yaml')],
  ['blocks as deep as may be', 'f.yaml', () => `${lines(498, (at) => `${' '.repeat(at)}a:`).trimEnd()} 1\n`, null],
  ['JSON lists', 'f.json', () => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`, deep('f.json')],
  ['JSON lists that never end', 'f.json', () => `{"a":${'['.repeat(levels)}`, deep('f.json')],
  ['JSON maps', 'f.json', () => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`, deep('f.json')],
  ['JSON maps as deep as may be', 'f.json', () => `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`, null],
];

const many: readonly Case[] = [
  ['50,000 comments in YAML', 'f.yaml', () => `${lines(50_000, (at) => `# c${at}`)}a: 1\n`, null],
  ['5,000 comments behind values', 'f.yaml', () => lines(5000, (at) => `k${at}: v # c${at}`), null],
  ['20,000 comments in a list', 'f.yaml', () => `a:\n${lines(20_000, (at) => `  # c${at}`)}  - 1\n`, null],
  ['50,000 comments in .env', 'f.env', () => `${lines(50_000, (at) => `# c${at}`)}A=1\n`, null],
  ['50,000 comments in INI', 'f.ini', () => `[s]\n${lines(50_000, (at) => `; c${at}`)}k = v\n`, null],
  ['3,000 documents', 'f.yaml', () => lines(3000, (at) => `${at === 0 ? '' : '---\n'}a: ${at}`), null],
  ['a line with 10,000 values', 'f.yaml', () => `a: [${numbers(10_000)}]\n`, null],
  ['a JSON line with 20,000 values', 'f.json', () => `{"a":[${numbers(20_000)}]}`, null],
  ['a million blank lines', 'f.env', () => `A=1\n${'\n'.repeat(1_000_000)}B=2\n`, null],
  ['a million spaces', 'f.yaml', () => `a: 1${' '.repeat(1_000_000)}\nb: 2\n`, null],
  ['5,000 sections', 'f.ini', () => lines(5000, (at) => `[s${at}]\nk = v`), null],
  ['5,000 equal sections', 'f.ini', () => lines(5000, () => '[s]\nk = v'), null],
  ['20,000 equal keys', 'f.env', () => lines(20_000, () => 'A=v'), null],
  ['5,000 equal values', 'f.yaml', () => `a:\n${lines(5000, () => '- v')}`, null],
  ['quotes that never end', 'f.env', () => lines(5000, (at) => `K${at}="v`), null],
  ['a key of a million characters', 'f.json', () => `{"${'k'.repeat(1_000_000)}":1}`, null],
  [
    'a YAML key of 2000 characters',
    'f.yaml',
    () => `${'k'.repeat(2000)}: 1\n`,
    'f.yaml, line 1: not valid YAML: a key is longer than 1024 characters',
  ],
];

const all = { aliases, nesting: nested, 'many of a kind': many };
const named = Object.entries(all).flatMap(([kind, cases]) => cases.map(([name, ...rest]) => [`${kind}: ${name}`, ...rest] as const));

test.each(named.filter(([, , , said]) => said === null))('%s', { timeout }, async (_, file, text) => {
  const bytes = Buffer.from(text());
  const child = startChild(program, { [file]: bytes });

  const sealed = await child.run(['encrypt', '-i', '--age', alice.recipient, file]);
  const opened = await child.run(['decrypt', file]);
  const good = { status: 0, said: '', isSmall: true };
  expect([summaryOf(sealed), summaryOf(opened), opened.out.equals(bytes)]).toEqual([good, good, true]);
});

test.each(named.filter(([, , , said]) => said !== null))('%s', { timeout }, async (_, file, text, said) => {
  const bytes = Buffer.from(text());
  const child = startChild(program, { [file]: bytes });

  const { status, err, out, megabytes } = await child.run(['encrypt', '-i', '--age', alice.recipient, file]);
  const isAsBefore = readFileSync(join(child.world.work, file)).equals(bytes);
  expect({ status, err, out: out.length, isSmall: megabytes < 512, isAsBefore }).toEqual({
    status: 2,
    err: `sec: ${said}\n`,
    out: 0,
    isSmall: true,
    isAsBefore: true,
  });
});

/** The first line of what is said, and whether it took less memory than half a gigabyte. */
function summaryOf({ status, err, megabytes }: Awaited<ReturnType<ReturnType<typeof startChild>['run']>>) {
  return { status, said: err.split('\n')[0]?.replace(/^sec: /, '') ?? '', isSmall: megabytes > 0 && megabytes < 512 };
}

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('');
}

function numbers(count: number): string {
  return Array.from({ length: count }, (_, at) => at).join(', ');
}

/** Each anchor is made of the one before it. */
function bomb(first: string, next: (at: number) => string, count = 40): string {
  return `a0: &a0 ${first}\n${lines(count, (at) => `a${at + 1}: &a${at + 1} ${next(at)}`)}`;
}

import { Command } from 'commander';
import { dirname, posix } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commands, type CommandEntry } from '../../src/commands/index.ts';
import type { Context } from '../../src/context.ts';
import { keyProviders } from '../../src/keys/index.ts';
import { sopsFlags } from '../../src/sops/flags.ts';
import { allPages, anchorOf, blocksOf, firstCells, proseOf, readPage, sectionOf, type Page } from '../helpers/markdown.ts';

/** A command, or one of a group of commands. */
interface Declared {
  /** As one types it: `encrypt`, `groups add`. */
  readonly name: string;
  readonly page: string;
  readonly usage: string;
  /** All names of its options, short ones too, without those of the help. */
  readonly options: readonly string[];
}

const declared: Declared[] = [];

beforeAll(async () => {
  for (const entry of commands) declared.push(...(await declarationsOf(entry)));
});

async function declarationsOf(entry: CommandEntry): Promise<readonly Declared[]> {
  const program = new Command('sec').enablePositionalOptions();
  (await entry.load())(program, {} as Context, () => undefined);
  const [command] = program.commands;
  if (command === undefined) throw new Error(`${entry.name} declares nothing`);
  const page = `docs/commands/${entry.name}.md`;
  const parts = command.commands.filter((part) => part.name() !== 'help');
  return parts.length === 0
    ? [describeCommand(command, entry.name, page)]
    : parts.map((part) => describeCommand(part, `${entry.name} ${part.name()}`, page));
}

function describeCommand(command: Command, name: string, page: string): Declared {
  const args = command.registeredArguments.map((arg) => {
    const label = arg.variadic ? `${arg.name().toUpperCase().replace(/S$/, '')}…` : arg.name().toUpperCase();
    return arg.required ? label : `[${label}]`;
  });
  const options = command.options.flatMap(({ short, long }) => [short, long].filter((flag) => typeof flag === 'string'));
  const mandatory = command.options.filter((option) => option.mandatory).map(({ short, long }) => `${short ?? long} FILE`);
  return { name, page, usage: ['sec', name, ...mandatory, '[options]', ...args].join(' '), options };
}

/** The options that a page describes: in the tables below its headings that say so, and in those that these link to. */
function describedOptions(page: Page): readonly string[] {
  const texts = page.text.split(/^(?=## )/m).filter((part) => part.startsWith('## Options'));
  const linked = texts.flatMap((text) =>
    [...text.matchAll(/\]\(([^)#]*)#([^)]+)\)/g)].flatMap(([, file = '', anchor = '']) =>
      anchor.startsWith('options') ? [sectionByAnchor(file === '' ? page : readPage(posix.join(dirname(page.path), file)), anchor)] : [],
    ),
  );
  return [...texts, ...linked].flatMap(firstCells).flatMap((span) => /^--?[a-z][a-z0-9-]*/.exec(span)?.[0] ?? []);
}

function sectionByAnchor(page: Page, anchor: string): string {
  const headings = [...page.text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
  return sectionOf(page, headings.find((heading) => anchorOf(heading) === anchor) ?? '');
}

/** What a line without a command may have in front of its file, as in sops. */
const withoutCommand = sopsFlags
  .filter(({ takenBy }) => takenBy.includes('root'))
  .flatMap(({ name, alias }) => [`--${name}`, ...(alias === null ? [] : [`-${alias}`])]);

/** The lines that readers would type: in blocks that show a terminal, and in code spans. */
function typedLines(page: Page): readonly string[] {
  const shown = blocksOf(page, 'console').flatMap((block) => [...block.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line));
  const spans = [...proseOf(page).matchAll(/`(sec [^`]+)`/g)].map(([, span = '']) => span);
  return [...shown, ...spans]
    .flatMap((line) => line.split(/ && | \|\|? | # |\s{2,}#/))
    .flatMap((line) => /\bsec (.+)$/.exec(line)?.[0] ?? []);
}

/** The options of a line that its command does not have. Behind `--` the words are those of another program. */
function unknownOptions(line: string, all: readonly Declared[]): readonly string[] {
  const words = (line.split(' -- ')[0] ?? '')
    .replace(/'[^']*'|"[^"]*"/g, '')
    .split(/\s+/)
    .slice(1);
  const flags = words.flatMap((word) => /^--?[a-z][a-z0-9-]*/.exec(word)?.[0] ?? []);
  const command = all.find(({ name }) => `${words.join(' ')} `.startsWith(`${name} `));
  const known = command?.options ?? [...all.flatMap(({ options }) => options), ...withoutCommand];
  return flags.filter((flag) => !['--help', '-h', '--version', '-v', ...known].includes(flag));
}

describe.each(commands.map(({ name }) => name))('docs/commands/%s.md', (name) => {
  const page = readPage(`docs/commands/${name}.md`);

  test('says how the command is written', () => {
    const found = [...page.text.matchAll(/^`(sec [^`]+)`$/gm)].map(([, line = '']) => line.replace(' [--]', ''));
    expect(found.toSorted()).toEqual(
      declared
        .filter((one) => one.page === page.path)
        .map(({ usage }) => usage)
        .toSorted(),
    );
  });

  test('describes every option of the command, and no other', () => {
    const options = declared.filter((one) => one.page === page.path).flatMap((one) => one.options);
    expect([...new Set(describedOptions(page))].toSorted()).toEqual([...new Set(options)].toSorted());
  });

  test('names no option in its text that the command does not have', () => {
    const options = declared.filter((one) => one.page === page.path).flatMap((one) => one.options);
    const named = [...proseOf(page).matchAll(/`(--?[a-z][a-z0-9-]*)[^`]*`/g)].map(([, flag = '']) => flag);
    expect(named.filter((flag) => !options.includes(flag) && !aliens.includes(`${name} ${flag}`))).toEqual([]);
  });
});

/** Options of other programs, or of other commands, that a page has reason to name. */
const aliens: readonly string[] = ['get --extract', 'completion --generate-bash-completion'];

test.each(allPages().map((page) => [page.path, page] as const))('%s shows no command line that is wrong', (_, page) => {
  const wrong = typedLines(page).flatMap((line) => unknownOptions(line, declared).map((flag) => `${line}: ${flag}`));
  expect(wrong).toEqual([]);
});

test('a wrong command line is seen', () => {
  const page = { path: 'a.md', text: '```console\n$ x | sec get --nope a -- --this | sec ls -q\n```\n`sec set --stdin`' };
  expect(typedLines(page)).toEqual(['sec get --nope a -- --this', 'sec ls -q', 'sec set --stdin']);
  expect(typedLines(page).flatMap((line) => unknownOptions(line, declared))).toEqual(['--nope', '-q']);
});

test('docs/sops.md calls nothing missing that is there', () => {
  const missing = firstCells(sectionOf(readPage('docs/sops.md'), 'Not there yet'));
  const there = [...declared.map(({ name }) => name), ...commands.map(({ name }) => name), ...keyProviders.map(({ kind }) => kind)];
  expect(missing.length).toBeGreaterThan(0);
  expect(missing.filter((word) => there.includes(word))).toEqual([]);
});

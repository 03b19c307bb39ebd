import { type SopsFlag, sopsFlags } from './flags.ts';
import { topics, variableOf, wordsFor } from './help-words.ts';

/** What a help is about. */
export interface HelpTopic {
  /** A command, and the part of a group; none for all of the program. */
  readonly topic: readonly string[];
  /** Whether only its use is told, as behind the word `help` for a group. */
  readonly isBrief: boolean;
}

/**
 * The help of sops (`sops-cli.md` §18): the same parts, commands and flags, in words of our own.
 *
 * @param release of sops, whose ways we have
 */
export function helpOfSops({ topic, isBrief }: HelpTopic, release: string): string {
  const name = topic.join(' ');
  const parts = isBrief ? [] : [...(topic.length === 0 ? [part('VERSION', [release])] : []), ...listsOf(name)];
  return `${[nameOf(name), usageOf(name), ...parts].join('\n\n')}\n`;
}

function nameOf(name: string): string {
  const does = name === '' ? 'secrets in files: encrypts their values' : (topics[name]?.does ?? '');
  return part('NAME', [`${`sops ${name}`.trim()} - ${does}`]);
}

function usageOf(name: string): string {
  if (name === '') return part('USAGE', ['sops [options] FILE', 'sops COMMAND [options] [arguments]']);
  return part('USAGE', [`sops ${name} [options] ${topics[name]?.usage ?? ''}`.trim()]);
}

/** The commands and the flags. Only what has commands says that it has help. */
function listsOf(name: string): readonly string[] {
  const commands = partsOf(name);
  const hasParts = commands.length > 0;
  const flags = sopsFlags.filter((flag) => flag.takenBy.includes(name === '' ? 'root' : name) && (hasParts || flag.name !== 'help'));
  return [
    ...(hasParts ? [part('COMMANDS', columns(commands))] : []),
    ...(flags.length > 0 ? [part(name === '' ? 'GLOBAL OPTIONS' : 'OPTIONS', columns(flags.map(describeFlag)))] : []),
  ];
}

/** The commands under a name, or under none: as they are listed, and what they do. */
export function partsOf(name: string): readonly (readonly [string, string])[] {
  const depth = name === '' ? 1 : name.split(' ').length + 1;
  return Object.entries(topics)
    .filter(([topic]) => topic.split(' ').length === depth && (name === '' || topic.startsWith(`${name} `)))
    .map(([topic, { does }]) => [topic === 'help' ? 'help, h' : (topic.split(' ').at(-1) ?? ''), does] as const);
}

function describeFlag({ name, alias, kind }: SopsFlag): readonly [string, string] {
  const value = kind === 'switch' ? '' : ' value';
  const names = [name, ...(alias === null ? [] : [alias])].map((one) => `${one.length === 1 ? '-' : '--'}${one}${value}`);
  // A group that is added is for those whom the line names, and for no one of the environment.
  const variable = kind === 'list' && name !== 'keyservice' ? undefined : variableOf[name];
  return [names.join(', '), `${wordsFor(name)}${variable === undefined ? '' : ` [$${variable}]`}`];
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}

function part(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...lines.map((line) => `   ${line}`)].join('\n');
}

import type { Command, Option } from 'commander';

import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
import { sopsFlags } from '../sops/flags.ts';
import { wordsFor } from '../sops/help-words.ts';
import { partsOf } from '../sops/help.ts';
import type { CommandEntry } from './index.ts';

/** What the shells ask for while a line is typed (`docs/commands/completion.md`). */

/** Something that may stand at the end of a line. */
export interface Candidate {
  readonly name: string;
  /** Empty where the name says enough. */
  readonly summary: string;
}

/** The lines for a shell; with a summary behind a colon where it asks for that, as that of zsh does. */
export function printCandidates(candidates: readonly Candidate[], { env }: Pick<Context, 'env'>): string {
  const isLong = env['_CLI_ZSH_AUTOCOMPLETE_HACK'] === '1';
  return candidates
    .map(({ name, summary }) => (isLong && summary !== '' ? `${name.replaceAll(':', '\\:')}:${summary}` : name))
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * What may follow. Nothing is run, and no file is looked at: where nothing is left, a shell completes the names of files.
 *
 * @param words the line behind the name of the program, with its last word where that begins with a dash
 */
export async function candidatesFor(
  words: readonly string[],
  context: Context,
  available: readonly CommandEntry[],
): Promise<readonly Candidate[]> {
  // The last word is still being typed: two dashes may become an option.
  if (words.slice(0, -1).includes('--')) return [];
  const current = words.at(-1) ?? '';
  const offer = mannersOf(context.calledAs).readsLinesAsSops ? offerOfSops(words) : await offerOf(words, context, available);
  if (current.startsWith('-')) return [...unused(offer.flags, words, current), ...valuesOf(current)];
  return offer.commands;
}

/** What may stand behind a command, or where there is none yet. */
interface Offer {
  readonly flags: readonly Flag[];
  readonly commands: readonly Candidate[];
}

async function offerOf(words: readonly string[], context: Context, available: readonly CommandEntry[]): Promise<Offer> {
  const entry = available.find(({ name }) => words.includes(name));
  const command = entry === undefined ? null : await declared(entry, words, context);
  if (command !== null)
    return { flags: flagsOf(command), commands: command.commands.map((one) => ({ name: one.name(), summary: one.summary() })) };
  const names = available.map(({ name, summary }) => ({ name, summary }));
  return { flags: flagsOfSops('root'), commands: [...names, { name: 'help', summary: 'print help' }] };
}

function offerOfSops(words: readonly string[]): Offer {
  const parts = (name: string): readonly Candidate[] =>
    partsOf(name).flatMap(([names, summary]) => names.split(', ').map((one) => ({ name: one, summary })));
  const helps = [
    { name: 'help', summary: 'print help' },
    { name: 'h', summary: 'print help' },
  ];
  const command = parts('').find(({ name }) => words.includes(name))?.name ?? '';
  const part = parts(command).find(({ name }) => command !== '' && words.includes(name))?.name ?? '';
  const name = `${command} ${part}`.trim();
  const commands = name === 'help' || name === 'h' ? [] : parts(name);
  return {
    flags: flagsOfSops(name === '' ? 'root' : name),
    commands: name !== '' && commands.length > 0 ? [...commands, ...helps] : commands,
  };
}

/** The command that is typed, or one of its group. */
async function declared(entry: CommandEntry, words: readonly string[], context: Context): Promise<Command | null> {
  const { Command } = await import('commander');
  const program = new Command();
  (await entry.load())(program, context, () => undefined);
  const command = program.commands.find((one) => one.name() === entry.name) ?? null;
  return command?.commands.find((one) => words.slice(words.indexOf(entry.name) + 1).includes(one.name())) ?? command;
}

interface Flag extends Candidate {
  /** All of its names, with their dashes. */
  readonly names: readonly string[];
}

/** The flags of sops by its name for a command, or `root`. */
function flagsOfSops(topic: string): readonly Flag[] {
  const dashed = (name: string): string => `${name.length === 1 ? '-' : '--'}${name}`;
  return sopsFlags
    .filter(({ takenBy }) => takenBy.includes(topic))
    .map(({ name, alias }) => ({
      name: dashed(name),
      summary: wordsFor(name),
      names: [dashed(name), ...(alias === null ? [] : [dashed(alias)])],
    }));
}

function flagsOf(command: Command): readonly Flag[] {
  const help = { name: '--help', summary: 'print help', names: ['--help', '-h'] };
  return [...command.options.map(flagOf), help];
}

function flagOf({ long, short, description }: Option): Flag {
  const names = [long, short].filter((name) => typeof name === 'string');
  return { name: names[0] ?? '', summary: description, names };
}

/** Those that are not on the line yet. The short names are for whoever typed a single dash. */
function unused(flags: readonly Flag[], words: readonly string[], current: string): readonly Candidate[] {
  const before = words.slice(0, -1).map((word) => word.split('=')[0] ?? '');
  return flags
    .filter(({ names }) => !names.some((name) => before.includes(name)))
    .flatMap(({ names, summary }) => names.map((name) => ({ name, summary })))
    .filter(({ name }) => name.startsWith(current) && (name.startsWith('--') || !current.startsWith('--')));
}

/** Some options take one of a few words. Whether the option itself is still being typed, only the shell knows: it looks at the beginning. */
function valuesOf(option: string): readonly Candidate[] {
  if (!['--input-type', '--output-type'].includes(option)) return [];
  return ['yaml', 'json', 'dotenv', 'ini', 'binary'].map((name) => ({ name, summary: '' }));
}

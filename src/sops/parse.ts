import { SecError } from '../core/problem.ts';
import { flagOf, type SopsFlag } from './flags.ts';

/** Command lines read as sops reads them (`sops-cli.md` §2). */

/** Values by the names of their flags. */
export type GivenFlags = ReadonlyMap<string, readonly string[]>;

export interface ParsedWords {
  readonly given: GivenFlags;
  /** From the first word on that is no flag. */
  readonly rest: readonly string[];
}

/**
 * Reads flags up to the first word that is none. One dash is as good as two, and of a flag that is given twice the last value counts.
 *
 * @throws SecError `usage` with sops's own words
 */
export function parseFlags(command: string, words: readonly string[]): ParsedWords {
  const given = new Map<string, readonly string[]>();
  const spelled = new Map<string, string>();
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? '';
    if (!isDashed(word)) break;
    at += 1;
    if (word === '--') break;
    const read = readFlag(command, word, words[at]);
    if (read.tookNext) at += 1;
    checkSpelling(spelled, read);
    const before = read.flag.kind === 'list' ? (given.get(read.flag.name) ?? []) : [];
    given.set(read.flag.name, [...before, read.value]);
  }
  return { given, rest: words.slice(at) };
}

/**
 * The words of a command with its flags in front. Behind each known flag goes the word that follows it, which is right for a value,
 * and moves a file where the flag is a switch.
 */
export function flagsFirst(command: string, words: readonly string[]): readonly string[] {
  const flags: string[] = [];
  const others: string[] = [];
  let mayBeValue = false;
  for (const [at, word] of words.entries()) {
    if (word === '--') {
      others.push(...words.slice(at));
      break;
    }
    const isFlag = isDashed(word) && flagOf(command, nameIn(word)) !== null;
    (isFlag || mayBeValue ? flags : others).push(word);
    mayBeValue = isFlag && !word.includes('=');
  }
  return [...flags, ...others];
}

/** Whether a text is one of the spellings of yes and no that Go knows; `null` for any other. */
export function parseBoolean(text: string): boolean | null {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : null;
}

/** Whether a switch is on. */
export function isOn(given: GivenFlags, name: string): boolean {
  return given.get(name)?.at(-1) === 'true';
}

interface ReadFlag {
  readonly flag: SopsFlag;
  /** The name as it was written. */
  readonly name: string;
  readonly value: string;
  readonly tookNext: boolean;
}

function readFlag(command: string, word: string, next: string | undefined): ReadFlag {
  const bare = word.replace(/^--?/, '');
  if (bare === '' || bare.startsWith('-') || bare.startsWith('=')) throw usage(`bad flag syntax: ${word}`);
  const name = nameIn(word);
  const flag = flagOf(command, name);
  if (flag === null) throw usage(`flag provided but not defined: -${name}`);
  const inline = word.includes('=') ? word.slice(word.indexOf('=') + 1) : null;
  if (flag.kind === 'switch') return { flag, name, value: switchValue(name, inline), tookNext: false };
  const value = inline ?? next;
  if (value === undefined) throw usage(`flag needs an argument: -${name}`);
  if (flag.kind === 'number' && !/^[-+]?\d+$/.test(value))
    throw usage(`invalid value ${JSON.stringify(value)} for flag -${name}: parse error`);
  return { flag, name, value, tookNext: inline === null };
}

function switchValue(name: string, text: string | null): string {
  const value = text === null ? true : parseBoolean(text);
  if (value === null) throw usage(`invalid boolean value ${JSON.stringify(text)} for -${name}: parse error`);
  return String(value);
}

/** Two spellings of one flag are an error, and one of them twice is none. */
function checkSpelling(spelled: Map<string, string>, { flag, name }: ReadFlag): void {
  const before = spelled.get(flag.name);
  if (before !== undefined && before !== name) throw usage(`Cannot use two forms of the same flag: ${flag.alias ?? ''} ${flag.name}`);
  spelled.set(flag.name, name);
}

function isDashed(word: string): boolean {
  return word.startsWith('-') && word !== '-';
}

function nameIn(word: string): string {
  return (word.split('=')[0] ?? '').replace(/^--?/, '');
}

function usage(message: string): SecError {
  return new SecError({ code: 'usage', message });
}

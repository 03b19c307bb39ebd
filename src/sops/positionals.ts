import { SecError } from '../core/problem.ts';
import { isOn, type GivenFlags } from './parse.ts';

/** How many words each command of sops takes, and what it says of others (`sops-cli.md` §2). */

/** The words, where their number is right. @throws SecError `no-file`, `usage`, `options-conflict` */
export function checkCount(command: string, words: readonly string[], given: GivenFlags): readonly string[] {
  const check = counts[command];
  return check === undefined ? words : check(words, given);
}

type Check = (words: readonly string[], given: GivenFlags) => readonly string[];

const counts: Readonly<Record<string, Check>> = {
  encrypt: (words) => words.slice(0, 1),
  decrypt: (words) => words.slice(0, 1),
  edit: oneFile,
  rotate: oneFile,
  publish: oneFile,
  filestatus: oneFile,
  updatekeys: (words) => (words.length === 0 ? noFile('Error: no file specified') : words),
  set: (words, given) => {
    const fromInput = isOn(given, 'value-stdin');
    if (fromInput && isOn(given, 'value-file')) throw usage('Error: cannot use both --value-file and --value-stdin');
    if (fromInput && words.length !== 2)
      return noFile(
        'Error: file specified, or index and value are missing. Need precisely 2 positional arguments since --value-stdin is used.',
      );
    if (fromInput || words.length === 3) return words;
    return noFile('Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.');
  },
  unset: (words) => (words.length === 2 ? words : noFile('Error: no file specified, or index is missing')),
  'exec-env': fileAndCommand,
  'exec-file': fileAndCommand,
  'groups add': (words) => (words.length === 0 ? words : refuse('error: no positional arguments allowed')),
  'groups delete': (words) => (words.length === 1 ? words : refuse('error: exactly one positional argument (index) required')),
};

function oneFile(words: readonly string[]): readonly string[] {
  return words.length === 0 ? noFile('Error: no file specified') : words.slice(0, 1);
}

function fileAndCommand(words: readonly string[]): readonly string[] {
  const withoutDashes = words.filter((word, at) => at !== 1 || word !== '--');
  return withoutDashes.length === 2 ? withoutDashes : refuse('error: missing file to decrypt');
}

function noFile(message: string): never {
  throw new SecError({ code: 'no-file', message });
}

function refuse(message: string): never {
  throw usage(message);
}

function usage(message: string): SecError {
  return new SecError({ code: 'usage', message });
}

const warnsOfMore = ['root', 'encrypt', 'decrypt', 'rotate', 'edit', 'publish'];

/** What sops says of words behind the first. */
export function fileWarnings(command: string, words: readonly string[]): readonly string[] {
  const [, ...ignored] = words;
  if (ignored.length === 0 || !warnsOfMore.includes(command)) return [];
  const flag = ignored.find((word) => word.startsWith('-') && word !== '--');
  const several = 'More than one positional argument provided. Only the first one will be used!';
  if (flag === undefined) return [several];
  const late = `Note that one of the ignored positional argument is ${JSON.stringify(flag)}, which looks like a flag. Flags must always be provided before the first positional argument!`;
  return [several, late];
}

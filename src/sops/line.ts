import { SecError } from '../core/problem.ts';
import { sopsFlags, type SopsFlag } from './flags.ts';
import { flagsFirst, isOn, parseBoolean, parseFlags, type GivenFlags, type ParsedWords } from './parse.ts';
import type { HelpTopic } from './help.ts';
import { isAsked, withTypesSaid } from './file-types.ts';
import { checkCount, fileWarnings } from './positionals.ts';

/** A command line of sops, as one of ours. */

export type SopsLine =
  /** `argv` is for our own parser: flags in one spelling, then `--` and the rest. */
  | {
      readonly kind: 'run';
      readonly argv: readonly string[];
      readonly warnings: readonly string[];
      /** Whether there was no command. */
      readonly isRoot: boolean;
      /** What has to be right about the configuration before anything is done. */
      readonly needs: ConfigNeeds;
    }
  | ({ readonly kind: 'help' } & HelpTopic)
  | { readonly kind: 'version' }
  /** No command line of sops, which then shows how the command is used. */
  | { readonly kind: 'misread'; readonly topic: readonly string[]; readonly reason: string };

/** What sops looks at in the configuration, whether or not it is of use. */
export interface ConfigNeeds {
  /** The path of `--config`, `null` where it was not given. */
  readonly config: string | null;
  /** Whether there must be no mistake in it. */
  readonly sound: boolean;
  /** The name for which there must be a rule, if there are any; `null` for none. */
  readonly rule: string | null;
}

const noNeeds: ConfigNeeds = { config: null, sound: false, rule: null };

const groups: Readonly<Record<string, readonly string[]>> = {
  groups: ['add', 'delete'],
  completion: ['bash', 'zsh', 'fish', 'powershell'],
};
const single = 'encrypt decrypt edit rotate set unset updatekeys exec-env exec-file publish keyservice filestatus'.split(' ');
const commands = [...single, ...Object.keys(groups)];

/**
 * Reads what stands behind the word `sops` (`sops-cli.md` §§2–4).
 *
 * @throws SecError `usage` for a switch in the environment that is neither on nor off, `no-topic`, and as arguments are counted
 */
export function readSopsLine(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): SopsLine {
  checkSwitches(env);
  const root = attempt([], () => parseFlags('root', argv));
  if ('kind' in root) return root;
  const [word, ...words] = root.rest;
  if (isOn(root.given, 'help')) return helpOn([]);
  if (isOn(root.given, 'version')) return { kind: 'version' };
  if (word === 'help' || word === 'h') return helpLine(words);
  return word !== undefined && commands.includes(word) ? commandLine(word, words, root.given) : rootLine(root, true);
}

/**
 * A line of `sec` without a command in front: of the form without a command, with flags on either side of the file, or with options
 * before the command.
 */
export function readRootLine(argv: readonly string[], isCommand: (word: string) => boolean): SopsLine {
  const front = attempt([], () => parseFlags('root', argv));
  if ('kind' in front) return front;
  const [word, ...words] = front.rest;
  if (isOn(front.given, 'help')) return helpOn(word !== undefined && isCommand(word) ? [word] : []);
  if (isOn(front.given, 'version')) return { kind: 'version' };
  if (word !== undefined && isCommand(word))
    return { kind: 'run', argv: [word, ...printFlags(front.given, () => true), ...words], warnings: [], isRoot: false, needs: noNeeds };
  const all = attempt([], () => parseFlags('root', flagsFirst('root', argv)));
  return 'kind' in all ? all : rootLine(all, false);
}

type Misread = Extract<SopsLine, { kind: 'misread' }>;

function attempt(topic: readonly string[], parse: () => ParsedWords): ParsedWords | Misread {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SecError) || error.problem.code !== 'usage') throw error;
    return { kind: 'misread', topic, reason: error.problem.message };
  }
}

function helpLine(topic: readonly string[]): SopsLine {
  const [word] = topic;
  if (word === undefined) return helpOn([]);
  if (word === 'help' || word === 'h') return { kind: 'help', topic: ['help'], isBrief: true };
  if (!commands.includes(word)) throw new SecError({ code: 'no-topic', topic: word });
  return { kind: 'help', topic: [word], isBrief: word in groups };
}

function helpOn(topic: readonly string[]): SopsLine {
  return { kind: 'help', topic, isBrief: false };
}

function commandLine(word: string, words: readonly string[], root: GivenFlags): SopsLine {
  const subcommands = groups[word];
  if (subcommands === undefined) return subcommandLine([word], words, root);
  const own = attempt([word], () => parseFlags(word, words));
  if ('kind' in own) return own;
  const [sub, ...rest] = own.rest;
  if (sub === undefined || isOn(own.given, 'help')) return helpOn([word]);
  const isHelp = sub === 'help' || sub === 'h';
  const part = isHelp ? rest[0] : sub;
  if (part !== undefined && !subcommands.includes(part)) throw new SecError({ code: 'no-topic', topic: part });
  if (isHelp) return helpOn(part === undefined ? [word] : [word, part]);
  return subcommandLine([word, sub], rest, root);
}

function subcommandLine(names: readonly string[], words: readonly string[], root: GivenFlags): SopsLine {
  const command = names.join(' ');
  const parsed = attempt(names, () => parseFlags(command, flagsFirst(command, words)));
  if ('kind' in parsed) return parsed;
  if (isOn(parsed.given, 'help')) return helpOn(names);
  const rest = checkCount(command, parsed.rest, parsed.given);
  const honoured = printFlags(root, ({ name }) => heardInFront(command, name));
  const given = withTypesSaid(command, rest[0] ?? null, parsed.given);
  const own = printFlags(given, ({ takenBy, idleIn }) => takenBy.includes(command) && !idleIn.includes(command));
  return {
    kind: 'run',
    argv: [...names, ...honoured, ...own, '--', ...rest.map(asFile)],
    warnings: fileWarnings(command, parsed.rest),
    isRoot: false,
    needs: {
      config: root.get('config')?.at(-1) ?? null,
      sound: !['keyservice', 'completion'].includes(names[0] ?? ''),
      rule: command === 'encrypt' ? (parsed.given.get('filename-override')?.at(-1) ?? rest[0] ?? null) : null,
    },
  };
}

const prints = ['encrypt', 'decrypt', 'edit', 'rotate', 'set', 'unset', 'exec-file'];
const readsConfig = ['encrypt', 'decrypt', 'edit', 'exec-file', 'updatekeys', 'publish'];

/** The flags that count in front of a command, too (`sops-cli.md` §3). */
function heardInFront(command: string, name: string): boolean {
  if (name === 'config') return readsConfig.includes(command);
  if (name === 'indent') return prints.includes(command);
  if (name === 'mac-only-encrypted') return command === 'encrypt' || command === 'edit';
  return name === 'verbose' && (command === 'publish' || command === 'keyservice');
}

/** The order in which sops does what is asked of it at once, so that the last one is what is seen. */
const modes = ['encrypt', 'decrypt', 'rotate', 'set'] as const;

function rootLine({ given, rest }: ParsedWords, isSops: boolean): SopsLine {
  const [file] = rest;
  if (file === undefined) throw new SecError({ code: 'no-file', message: 'Error: no file specified' });
  const asked = modes.filter((mode) => isAsked(given, mode));
  const mode = asked.at(-1) ?? 'edit';
  const heard = isSops ? withTypesSaid(mode, file, given) : given;
  const flags = printFlags(
    heard,
    ({ name, takenBy, rootFor }) => takenBy.includes('root') && !modeFlags.has(name) && (takenBy.includes(mode) || rootFor.includes(mode)),
  );
  const behind = mode === 'set' ? splitSetting(given.get('set')?.at(-1) ?? '') : [];
  const warnings = [...(asked.length > 1 ? [severalModes] : []), ...fileWarnings('root', rest)];
  return {
    kind: 'run',
    argv: [mode, ...flags, '--', asFile(file), ...behind],
    warnings,
    isRoot: true,
    needs: {
      config: given.get('config')?.at(-1) ?? null,
      sound: true,
      rule: mode === 'decrypt' ? null : (given.get('filename-override')?.at(-1) ?? file),
    },
  };
}

const modeFlags: ReadonlySet<string> = new Set(modes);
const severalModes =
  'More than one command (--encrypt, --decrypt, --rotate, --set) has been specified. Only the changes made by the last one will be visible. Note that this behavior is deprecated and will cause an error eventually.';

/** A position and a value in one text: the value begins behind the first bracket that a space follows. */
function splitSetting(text: string): readonly string[] {
  const at = text.indexOf('] ');
  if (at < 0) throw new SecError({ code: 'bad-path', path: text, reason: 'Invalid --set format', use: 'set' });
  return [text.slice(0, at + 1), text.slice(at + 2)];
}

/** In our command lines `-` is standard input, and to sops it is a file. */
function asFile(word: string): string {
  return word === '-' ? './-' : word;
}

function printFlags(given: GivenFlags, takes: (flag: SopsFlag) => boolean): readonly string[] {
  return [...given].flatMap(([name, values]) => {
    const flag = sopsFlags.find((one) => one.name === name && takes(one));
    return flag === undefined ? [] : printFlag(flag, values);
  });
}

function printFlag({ name, kind }: SopsFlag, values: readonly string[]): readonly string[] {
  // Of keys, our options take one text with commas.
  if (kind === 'list' && name !== 'keyservice') return [`--${name}=${values.join(',')}`];
  if (kind !== 'switch') return values.map((value) => `--${name}=${value}`);
  if (values.at(-1) === 'true') return [`--${name}`];
  return name === 'enable-local-keyservice' ? [`--${name}=false`] : [];
}

/** sops reads them before anything else, so that a bad one stops every command. */
function checkSwitches(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of ['disable-version-check', 'enable-local-keyservice']) {
    const text = env[`SOPS_${name.replaceAll('-', '_').toUpperCase()}`] ?? '';
    if (text === '' || parseBoolean(text) !== null) continue;
    const message = `could not parse ${text} as bool value for flag ${name}: strconv.ParseBool: parsing "${text}": invalid syntax`;
    throw new SecError({ code: 'usage', message });
  }
}

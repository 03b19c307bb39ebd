import type { Action, Declaration } from './declaration.ts';

/**
 * Reads plain command lines by what a command declares, so that most starts need no commander: options by their whole names, and as
 * many arguments as there are. Whatever else a line has, help and mistakes among them, is commander's.
 */

/**
 * @param declare declares one command
 * @param words the line behind the name of the command
 * @returns what runs it, or `null` where the line has to be read by commander
 */
export function readPlainLine(declare: (program: Declaration) => void, words: readonly string[]): (() => void | Promise<void>) | null {
  const program = new Recorder();
  declare(program);
  const [command, ...others] = program.parts;
  if (command === undefined || others.length > 0 || command.parts.length > 0) return null;
  const line = readLine(command, words);
  const { act } = command;
  return line === null || act === null ? null : () => act(...line);
}

interface Option {
  readonly names: readonly string[];
  /** Its name among the options that the action gets. */
  readonly key: string;
  readonly takesValue: boolean;
  /** Whether it has a value only where one follows. */
  readonly mayTakeValue: boolean;
  readonly isNegated: boolean;
  readonly parse: ((value: string, previous: unknown) => unknown) | null;
  readonly fallback: unknown;
}

interface Argument {
  readonly isRequired: boolean;
  readonly isVariadic: boolean;
}

/** Notes what is declared. */
class Recorder implements Declaration {
  readonly parts: Recorder[] = [];
  readonly args: Argument[] = [];
  readonly options: Option[] = [];
  readonly required: string[] = [];
  passesThrough = false;
  act: Action['act'] | null = null;

  command(): Recorder {
    const part = new Recorder();
    this.parts.push(part);
    return part;
  }

  summary(): this {
    return this;
  }

  description(): this {
    return this;
  }

  argument(flags: string): this {
    this.args.push({ isRequired: flags.startsWith('<'), isVariadic: flags.includes('...') });
    return this;
  }

  option<T>(flags: string, _description: string, parse?: string | ((value: string, previous: T) => T), fallback?: T): this {
    const isFunction = typeof parse === 'function';
    this.options.push({
      ...readFlags(flags),
      parse: isFunction ? (value, previous) => Reflect.apply(parse, undefined, [value, previous]) as unknown : null,
      fallback: isFunction ? fallback : parse,
    });
    return this;
  }

  requiredOption(flags: string): this {
    const { key } = readFlags(flags);
    this.required.push(key);
    return this.option(flags, '');
  }

  passThroughOptions(): this {
    this.passesThrough = true;
    return this;
  }

  action(act: Action['act']): this {
    this.act = act;
    return this;
  }
}

/** `-f, --from-file <file>`: names, and what they stand for. */
function readFlags(flags: string): Pick<Option, 'names' | 'key' | 'takesValue' | 'mayTakeValue' | 'isNegated'> {
  const names = flags.split(/[ ,|]+/).filter((word) => word.startsWith('-'));
  const long = names.find((name) => name.startsWith('--'))?.slice(2) ?? '';
  const isNegated = long.startsWith('no-');
  const words = (isNegated ? long.slice(3) : long).split('-');
  const key = words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
  return { names, key, takesValue: flags.includes('<'), mayTakeValue: flags.includes('['), isNegated };
}

type Given = Record<string, unknown>;

/** What the action gets: arguments, then options. */
function readLine(command: Recorder, words: readonly string[]): readonly unknown[] | null {
  const given: Given = {};
  for (const { key, isNegated, fallback } of command.options) {
    if (isNegated) given[key] = true;
    else if (fallback !== undefined) given[key] = fallback;
  }
  const operands: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const isOperand = !word.startsWith('-') || word === '-';
    if (word === '--' || (isOperand && command.passesThrough)) {
      operands.push(...words.slice(word === '--' ? at + 1 : at));
      break;
    }
    const taken = isOperand ? 0 : takeOption(command, given, words.slice(at, at + 2));
    if (taken === null) return null;
    if (isOperand) operands.push(word);
    at += taken;
  }
  if (!command.required.every((key) => key in given)) return null;
  const args = fitOperands(command.args, operands);
  return args === null ? null : [...args, given];
}

/** How many words the value of an option takes beyond its own; `null` where the option is not known, or has no plain value. */
function takeOption(command: Recorder, given: Given, [word = '', next]: readonly string[]): number | null {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  const name = equals < 0 ? word : word.slice(0, equals);
  const option = command.options.find(({ names }) => names.includes(name));
  if (option === undefined || option.mayTakeValue || (!option.takesValue && equals >= 0)) return null;
  if (!option.takesValue) {
    given[option.key] = !option.isNegated;
    return 0;
  }
  const value = equals < 0 ? next : word.slice(equals + 1);
  if (value === undefined || (equals < 0 && value.startsWith('-'))) return null;
  given[option.key] = option.parse === null ? value : option.parse(value, given[option.key]);
  return equals < 0 ? 1 : 0;
}

/** The arguments as they are declared, or `null` where there are too few or too many. */
function fitOperands(args: readonly Argument[], operands: readonly string[]): readonly unknown[] | null {
  const isVariadic = args.at(-1)?.isVariadic ?? false;
  const needed = args.filter(({ isRequired }) => isRequired).length;
  if (operands.length < needed || (!isVariadic && operands.length > args.length)) return null;
  return args.map((argument, at) => (argument.isVariadic ? operands.slice(at) : operands[at]));
}

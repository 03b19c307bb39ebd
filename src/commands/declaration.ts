/**
 * What a command says of itself. The `Command` of commander takes it, and so does `plain-line.ts`, which reads the lines that need no
 * more than that.
 */
export interface Declaration {
  /** A command of its own, or a part of a group. */
  command(name: string): Declaration;
  summary(text: string): this;
  description(text: string): this;
  argument(flags: string, description?: string): this;
  option(flags: string, description: string, fallback?: string): this;
  option<T>(flags: string, description: string, parse: (value: string, previous: T) => T, fallback?: T): this;
  requiredOption(flags: string, description: string): this;
  /** What follows the first argument is no option of ours. */
  passThroughOptions(): this;
  /** Gets the arguments, and behind them the options by name. */
  action(act: Action['act']): this;
}

/** What a command does. It is a method, so that each may name the types of what it declares. */
export interface Action {
  act(...given: readonly unknown[]): void | Promise<void>;
}

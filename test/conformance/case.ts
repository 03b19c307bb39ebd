import { alice } from '../helpers/sec.ts';
import { lookInto, shapeOf } from './by-hand.ts';
import type { Difference } from './differences.ts';
import type { Ended, Tool } from './tool.ts';

/** What one pitfall or case of `sops-format.md` §§21, 22 is about, done with each program and compared. */
export interface Case {
  readonly about: string;
  /** Plain data, so that whole outcomes are compared. */
  observe(tool: Tool): Promise<unknown>;
  /** What sops does. */
  readonly sops: unknown;
  /** What an older release does, where a later one changed it. */
  readonly before?: { readonly release: 'sops-3.12.2'; readonly outcome: unknown; readonly since: string };
  /** What we do on purpose instead. */
  readonly sec?: { readonly outcome: unknown; readonly why: Difference | readonly Difference[] };
}

export type Cases = Readonly<Record<string, Case>>;

/** A row that no command of ours can show yet. */
export interface Pending {
  readonly about: string;
  readonly needs: string;
}

export const toAlice = ['--age', alice.recipient] as const;

/** Encrypts and decrypts: the sealed text with types for values, and the plain text. */
export async function roundTrip(tool: Tool, name: string, text: string | Uint8Array, flags: readonly string[] = toAlice) {
  const sealed = await tool.seal(name, text, flags);
  const opened = await tool.decrypt(name, sealed);
  return { sealed: shapeOf(sealed), plain: plainOf(opened) };
}

/** What a file holds, sealed, in this order: type, path and plaintext of each value. */
export async function sealedValues(sealed: string, aads: readonly string[], key?: Uint8Array): Promise<readonly string[]> {
  return (await lookInto(sealed, aads, key)).match(/<\w+ [^>]*>/g) ?? [];
}

/** The text of a success, the status of a failure. */
export function plainOf({ status, out }: Ended): string | number {
  return status === 0 ? out : status;
}

/** One after the other, since all of them use one folder. */
export async function inTurn<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await run(item));
  return results;
}

/** A configuration with one rule: for Alice, and as it says. */
export function rule(tool: Tool, settings: object, rest: object = {}): void {
  tool.write('.sops.yaml', JSON.stringify({ creation_rules: [{ age: alice.recipient, ...settings }], ...rest }));
}

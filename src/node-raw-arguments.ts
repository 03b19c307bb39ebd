import { readFileSync } from 'node:fs';

/**
 * Node reads arguments as UTF-8, with U+FFFD for what is none, and hands only texts to a program. Where the arguments of a program,
 * the last of our own command line, are not all UTF-8, this is a text for `sh` that runs the program with their bytes. Else `null`.
 */
export function shellForRawArguments(path: string, args: readonly string[]): string | null {
  const raw = args.some((arg) => arg.includes('\uFFFD')) ? lastOfCommandLine(args.length) : [];
  const isTheirs = raw.length > 0 && raw.every((bytes, i) => bytes.toString() === args[i]);
  const isUtf8 = raw.every((bytes) => bytes.equals(Buffer.from(bytes.toString())));
  if (!isTheirs || isUtf8) return null;
  const lines = [Buffer.from(path), ...raw].map(appendArgument);
  return ['set --', ...lines, 'exec "$@"'].join('\n');
}

/** As bytes; none where the system does not tell. */
function lastOfCommandLine(count: number): readonly Buffer[] {
  try {
    // One character a byte. The last argument ends with NUL, too.
    const all = readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
    return all.length < count ? [] : all.slice(-count).map((text) => Buffer.from(text, 'latin1'));
  } catch {
    return [];
  }
}

/** The dot keeps line breaks at the end, which a shell would drop. */
function appendArgument(bytes: Buffer): string {
  const octal = [...bytes].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
  return `a=$(printf %b '${octal}.')\nset -- "$@" "\${a%.}"`;
}

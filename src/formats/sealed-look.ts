import type { FormatName } from './format.ts';

/**
 * The format that a sealed text is in by its looks; `null` where it looks like none. Never decides how a file is read or written: it
 * tells only when a name says something else.
 *
 * @param name what the name of the file says
 */
export function otherSealedLook(bytes: Uint8Array, name: FormatName): FormatName | null {
  const start = Buffer.from(bytes.subarray(0, mostBytes)).toString('latin1');
  const end = Buffer.from(bytes.subarray(-mostBytes)).toString('latin1');
  const look = looks.find(([, looksSo]) => looksSo(start, end))?.[0] ?? null;
  return look === name || (look === 'json' && holdsJson.has(name)) ? null : look;
}

/** JSON is YAML too, and a whole file is sealed as JSON. */
const holdsJson: ReadonlySet<FormatName> = new Set(['yaml', 'binary']);

/** The metadata stands at the end, or, in a file with no more than that, at the beginning. */
const mostBytes = 1 << 20;

const looks: readonly (readonly [FormatName, (start: string, end: string) => boolean])[] = [
  ['yaml', (_, end) => /^sops:[ \t]*\r?$/m.test(end) && /^[ \t]+mac: ['"]?ENC\[/m.test(end)],
  ['dotenv', (_, end) => /^sops_mac=['"]?ENC\[/m.test(end)],
  ['ini', (_, end) => /^\[sops\][ \t]*\r?$/m.test(end) && /^mac[ \t]*=[ \t]*['"`]?ENC\[/m.test(end)],
  ['json', (start, end) => /^\s*\{/.test(start) && /"sops": ?\{/.test(end) && /"mac": ?"ENC\[/.test(end)],
];

import { isOn, type GivenFlags } from './parse.ts';

/** Which format sops takes a file for (`sops-cli.md` §6). */

const readsTypes = ['encrypt', 'decrypt', 'edit', 'rotate', 'set', 'unset', 'exec-file', 'updatekeys', 'filestatus'];
const writesTypes = readsTypes.filter((command) => command !== 'updatekeys' && command !== 'filestatus');

/**
 * The formats of a command line, said outright: a word that is none counts for nothing with sops, and only the ending of a name counts.
 *
 * @param file `null` for standard input
 */
export function withTypesSaid(command: string, file: string | null, given: GivenFlags): GivenFlags {
  const name = given.get('filename-override')?.at(-1) || file;
  const said = new Map(given);
  for (const [flag, takes] of [
    ['input-type', readsTypes],
    ['output-type', writesTypes],
  ] as const) {
    said.delete(flag);
    // Several files have several endings.
    const isOpen = command === 'updatekeys' && !types.includes(given.get(flag)?.at(-1) ?? '');
    if (takes.includes(command) && !isOpen) said.set(flag, [typeOf(given.get(flag)?.at(-1) ?? '', name)]);
  }
  return said;
}

/** Whether a switch of a mode is on, or a text that stands for one is there. */
export function isAsked(given: GivenFlags, mode: string): boolean {
  return mode === 'set' ? (given.get('set')?.at(-1) ?? '') !== '' : isOn(given, mode);
}

const types = ['yaml', 'json', 'dotenv', 'ini', 'binary'];
const endings: readonly (readonly [string, string])[] = [
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.json', 'json'],
  ['.env', 'dotenv'],
  ['.ini', 'ini'],
];

function typeOf(word: string, name: string | null): string {
  if (types.includes(word)) return word;
  return endings.find(([ending]) => name?.endsWith(ending))?.[1] ?? 'binary';
}

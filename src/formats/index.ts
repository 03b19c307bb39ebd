import { SecError } from '../core/problem.ts';
import type { Format, FormatName } from './format.ts';

/** Every syntax, loaded when a file needs it. A new format is its file and its line here. */
const loaders = {
  yaml: async () => (await import('./yaml/yaml.ts')).yaml,
  json: async () => (await import('./json.ts')).json,
  dotenv: async () => (await import('./dotenv.ts')).dotenv,
  ini: async () => (await import('./ini.ts')).ini,
  binary: async () => (await import('./binary.ts')).binary,
} as const satisfies Record<FormatName, () => Promise<Format>>;

const suffixes: readonly (readonly [string, FormatName])[] = [
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.json', 'json'],
  ['.env', 'dotenv'],
  ['.ini', 'ini'],
];

export function loadFormat(name: FormatName): Promise<Format> {
  return loaders[name]();
}

/**
 * The format for a sealed text that is opened and not changed. A parser that this text does not need is not loaded, so another one may
 * be unreadable.
 *
 * @param file name for messages
 * @throws SecError as `Format.read`
 */
export async function loadFormatToOpen(name: FormatName, bytes: Uint8Array, file: string): Promise<Format> {
  if (name !== 'yaml') return loadFormat(name);
  const { canOpenLight, lightYaml } = await import('./yaml/light.ts');
  return canOpenLight(bytes, file) ? lightYaml : loadFormat(name);
}

/** The format to print values in, and to do nothing else. */
export async function loadFormatToPrint(name: FormatName): Promise<Format> {
  return name === 'yaml' ? (await import('./yaml/light.ts')).lightYaml : loadFormat(name);
}

/**
 * The format of a file by its name; any other name is a whole file (`sops-format.md` §2). Beyond sops: `.env.production` is dotenv, and
 * an ending `.enc` counts for nothing, so that no secret of such a file is taken for one opaque text.
 */
export function formatOfPath(path: string): FormatName {
  const name = path.replace(/\.enc$/, '');
  if (/(?:^|[/\\])\.env\.[^/\\]+$/.test(name)) return 'dotenv';
  return suffixes.find(([suffix]) => name.endsWith(suffix))?.[1] ?? 'binary';
}

/** @throws SecError `unknown-format` */
export function formatNamed(word: string): FormatName {
  if (isFormatName(word)) return word;
  throw new SecError({ code: 'unknown-format', word, known: Object.keys(loaders) });
}

function isFormatName(word: string): word is FormatName {
  return Object.hasOwn(loaders, word);
}

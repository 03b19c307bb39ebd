import { SecError } from './problem.ts';
import type { KeyPath } from './tree.ts';

/** The ways to name a place in a file: for the cipher, for sops, for people. */

/** The steps from the root of a document to a value: a key of a map, or a position in a list. */
export type Path = readonly (string | number)[];

/** What a path is for: it decides the exit status of a bad one. */
export type PathUse = 'extract' | 'set';

/** The additional data of a value: its keys, each with a colon after it, and one colon where there is none (`sops-format.md` §10.2). */
export function aad(path: KeyPath): string {
  return `${path.join(':')}:`;
}

/**
 * Reads a path in either notation. One that begins with `[` is sops's; any other is dotted: `db.password`, `hosts[0]`,
 * `data["tls.crt"]`, `data['tls.crt']`, `data.tls\.crt`. A dot in front is allowed, and leads to a first key in brackets:
 * `.["tls.crt"]`. Digits after a dot are a key; only brackets make a position. Double quotes hold a JSON string.
 *
 * The empty text is the whole document for `extract`, and nothing that can be set.
 *
 * @throws SecError `bad-path`
 */
export function parsePath(text: string, use: PathUse): Path {
  const path = text === '' || text.startsWith('[') ? parseBracketPath(text, use) : parseDottedPath(text, use);
  if (path.length > maxSteps) throw badPath({ text, use }, `it has more than ${maxSteps} steps`);
  return path;
}

/** No format nests deeper. */
const maxSteps = 500;

/**
 * Reads sops's own notation, `["a"][0]['b c']`, as sops does: split at each `[`; no escapes; of quotes only the first is looked at.
 * What crashes sops is refused: an empty path to set, `[]`, one lone quote, a negative position (`sops-cli.md` §14).
 *
 * @throws SecError `bad-path`
 */
export function parseBracketPath(text: string, use: PathUse): Path {
  const steps = text
    .split('[')
    .filter((part) => part !== '')
    .map((part) => parseBracket(part, { text, use }));
  if (steps.length === 0 && use === 'set') throw badPath({ text, use }, 'it is empty');
  return steps;
}

/** The dotted notation of a path, so that `parsePath(printPath(path))` is the path. Safe to show: nothing in it moves a cursor. */
export function printPath(path: Path): string {
  return path.map(printStep).join('');
}

interface Asked {
  readonly text: string;
  readonly use: PathUse;
}

function parseBracket(part: string, asked: Asked): string | number {
  if (!part.endsWith(']')) throw badPath(asked, 'each part must be in brackets, as in ["a"][0]');
  const content = part.slice(0, -1);
  if (content.startsWith('"') || content.startsWith("'")) {
    if (content.length === 1) throw badPath(asked, 'a quote is not closed');
    return content.slice(1, -1);
  }
  if (content === '') throw badPath(asked, 'a pair of brackets is empty');
  if (/^-\d+$/.test(content)) throw badPath(asked, 'a position cannot be negative');
  if (!/^\+?\d+$/.test(content)) throw badPath(asked, 'what is in brackets must be a key in quotes or a position');
  return position(content, asked);
}

/** A step of the dotted notation, from where the last one ended. */
const dottedStep =
  /(?:^|\.)(?<bare>(?:[^.[\]\\]|\\[.[\]\\])+)|(?:^\.)?\[(?:(?<index>\d+)|(?<json>"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|'(?<raw>[^']*)')\]/y;

function parseDottedPath(text: string, use: PathUse): Path {
  const steps: (string | number)[] = [];
  let end = 0;
  while (end < text.length) {
    dottedStep.lastIndex = end;
    const groups = dottedStep.exec(text)?.groups;
    if (!groups) throw badPath({ text, use }, `it cannot be read from character ${end + 1} on`);
    steps.push(stepOf(groups, { text, use }));
    end = dottedStep.lastIndex;
  }
  return steps;
}

function stepOf({ bare, index, json, raw }: Readonly<Record<string, string | undefined>>, asked: Asked): string | number {
  if (bare !== undefined) return bare.replaceAll(/\\(.)/g, '$1');
  if (index !== undefined) return position(index, asked);
  return json === undefined ? (raw ?? '') : String(JSON.parse(json));
}

function position(digits: string, asked: Asked): number {
  const index = Number(digits);
  if (!Number.isSafeInteger(index)) throw badPath(asked, 'a position is too large');
  return index;
}

/** Keys that need no quotes: nothing the notation or a shell's quotes could take for their own, and nothing that is invisible. */
const bareKey = /^[^.[\]\\"'\s\p{C}]+$/u;
const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu;

function printStep(step: string | number, index: number): string {
  const first = index === 0;
  if (typeof step === 'string' && bareKey.test(step)) return first ? step : `.${step}`;
  const content = typeof step === 'number' ? String(step) : JSON.stringify(step).replaceAll(invisible, escapeUnits);
  return `${first ? '.' : ''}[${content}]`;
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
}

function badPath({ text, use }: Asked, reason: string): SecError {
  return new SecError({ code: 'bad-path', path: text, reason, use });
}

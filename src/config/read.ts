import { dirname, resolve } from 'node:path';
import { SecError } from '../core/problem.ts';
import { readDestinations, type DestinationRule } from './destination.ts';
import type { ConfigPlace, ConfigWorld, Search } from './find.ts';
import { findConfig } from './find.ts';
import { byName, literally, readPeople, type People, type Refuse } from './people.ts';
import { flatKeys } from './recipients.ts';
import { readRule, type RuleEntry, type Rules } from './rule.ts';
import type { ConfigData, RuleData } from './schema.ts';
import { textList, wholeNumber, yesNo } from './values.ts';
import { lineOf } from './words.ts';

/** A configuration that was read (`design.md` §5). */
export interface Config extends Rules {
  /** Absolute path of the file, its name for messages, and its folder. */
  readonly file: string;
  readonly name: string;
  readonly folder: string;
  /** Empty, and `hasRules` false, where the file has no `creation_rules`: then it is as if there were no configuration. */
  readonly rules: readonly RuleEntry[];
  readonly hasRules: boolean;
  readonly people: People;
  /** Absolute paths of what `sec exec` uses where no file is given. */
  readonly execFiles: readonly string[];
  readonly indents: Indents;
  /** Where `sec publish` writes to. */
  readonly destinations: readonly DestinationRule[];
  /** Of calls to servers with keys; `null` where it does not say. */
  readonly keyLimits: { readonly calls: number | null; readonly timeout: number | null };
  /** Whether what is done to files goes into the user's log. */
  readonly auditLog: boolean;
}

/** Indentation of new texts; `null` is the format's own. -1 is a tab, in JSON. */
export interface Indents {
  readonly yaml: number | null;
  readonly json: number | null;
  readonly binary: number | null;
}

/**
 * Reads a YAML text into plain data: maps are objects, and a number is best left as its text, for an id like `0123` or `12E34` is no
 * number. YAML has its home among the formats, so whoever puts the two together passes it in.
 *
 * @throws SecError `malformed`
 */
export type ParseYaml = (text: string, file: string) => unknown;

/**
 * The configuration for a file, or `null` where there is none. Only what encrypts needs one: nothing that reads a file may call this
 * and fail for it.
 *
 * @throws SecError `bad-config`
 */
export async function loadConfig(world: ConfigWorld, search: Search, parseYaml: ParseYaml): Promise<Config | null> {
  const place = await findConfig(world, search);
  return place === null ? null : readConfig(await contentOf(world, place), place, parseYaml);
}

/** Reads the text of a configuration. @throws SecError `bad-config` */
export async function readConfig(text: string, place: ConfigPlace, parseYaml: ParseYaml): Promise<Config> {
  const refuse = refuser(text, place.name);
  const { checkShape } = await import('./check.ts');
  const data = checkShape(parsed(text, place, parseYaml), place.dialect, refuse);
  const people = readPeople(data.people ?? {}, refuse);
  const folder = dirname(place.file);
  return {
    file: place.file,
    name: place.name,
    folder,
    rules: entriesOf(data, place, people, refuse),
    hasRules: data.creation_rules !== undefined,
    people,
    destinations: readDestinations(data, place.name, {
      refuse,
      resolve: place.dialect === 'sec' ? byName(people, refuse) : literally(refuse),
    }),
    execFiles: textList(data.exec?.files).map((file) => resolve(folder, file)),
    indents: {
      yaml: wholeNumber(data.stores?.yaml?.indent),
      json: wholeNumber(data.stores?.json?.indent),
      binary: wholeNumber(data.stores?.json_binary?.indent),
    },
    keyLimits: { calls: wholeNumber(data.keys?.calls), timeout: wholeNumber(data.keys?.timeout) },
    auditLog: yesNo(data.audit?.log),
  };
}

function entriesOf(data: ConfigData, place: ConfigPlace, people: People, refuse: Refuse): RuleEntry[] {
  const resolveEntry = place.dialect === 'sec' ? byName(people, refuse) : literally(refuse);
  const entries = (data.creation_rules ?? []).map((rule, i) => {
    const at = `creation_rules[${i}]`;
    return {
      path: rule.path_regex === '' ? null : (rule.path_regex ?? null),
      rule: () => readRule(rule, at, place.name, { refuse, resolve: resolveEntry }),
      source: `${at} of ${place.name}`,
    };
  });
  if (place.dialect === 'sec') checkRules(data.creation_rules ?? [], entries, refuse);
  return entries;
}

/** In a file of our own a rule is checked even if no path gets to it, and nothing in it may be without effect. */
function checkRules(data: readonly RuleData[], entries: readonly RuleEntry[], refuse: Refuse): void {
  for (const [i, rule] of data.entries()) {
    const idle = (rule.key_groups ?? []).length === 0 ? undefined : flatKeys.find((key) => rule[key] !== undefined);
    if (idle !== undefined) refuse(`creation_rules[${i}].${idle}`, 'counts for nothing beside key_groups: put it into a group');
    entries[i]?.rule();
  }
}

function refuser(text: string, file: string): Refuse {
  return (at, what) => {
    const line = lineOf(text, at);
    throw new SecError({ code: 'bad-config', file, reason: `${at}${line === null ? '' : ` (line ${line})`} ${what}` });
  };
}

function parsed(text: string, place: ConfigPlace, parseYaml: ParseYaml): unknown {
  try {
    return parseYaml(text, place.name);
  } catch (error) {
    if (!(error instanceof SecError) || error.problem.code !== 'malformed') throw error;
    const { line, reason } = error.problem;
    throw new SecError(
      { code: 'bad-config', file: place.name, reason: line === null ? reason : `line ${line}: ${reason}` },
      { cause: error },
    );
  }
}

async function contentOf(world: ConfigWorld, place: ConfigPlace): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await world.files.read(place.file));
  } catch (error) {
    throw new SecError({ code: 'bad-config', file: place.name, reason: whyUnreadable(error) }, { cause: error });
  }
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'it may not be read by you',
    ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8',
  };
  const reason = reasons[code];
  if (reason === undefined) throw error;
  return reason;
}

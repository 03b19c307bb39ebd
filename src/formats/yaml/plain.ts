import { parseAllDocuments } from 'yaml';

import { SecError } from '../../core/problem.ts';
import { malformed, reasons } from './parse.ts';

/** More references than a configuration has, fewer than a bomb needs. */
const mostReferences = 10_000;

/**
 * The first document of a YAML text as JavaScript values: for configurations, never for secrets. Numbers stay the texts they are.
 *
 * @throws SecError `malformed`
 */
export function parsePlainYaml(text: string, file: string): unknown {
  const [first] = parseAllDocuments(text, {
    merge: true,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !/:(?:int|float)$/.test(tag.tag)),
  });
  const error = first?.errors[0];
  if (error !== undefined) throw malformed(text, file, error.pos[0], reasons[error.code] ?? 'it is not YAML');
  try {
    return first?.toJS({ maxAliasCount: mostReferences }) ?? null;
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new SecError({ code: 'malformed', file, format: 'YAML', reason: 'an alias names no anchor before it', line: null }, { cause });
  }
}

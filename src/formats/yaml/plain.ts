import { parseAllDocuments } from 'yaml';

import { SecError } from '../../core/problem.ts';
import { malformed, reasons } from './malformed.ts';

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
    const reason = reasonOf(cause);
    if (reason === null) throw cause;
    throw new SecError({ code: 'malformed', file, format: 'YAML', reason, line: null }, { cause });
  }
}

/** `null` for what is no matter of the text. */
function reasonOf(error: unknown): string | null {
  // A merge of itself ends only with the stack.
  if (error instanceof RangeError) return 'an alias is part of what it names';
  if (!(error instanceof ReferenceError)) return null;
  return error.message.startsWith('Excessive') ? 'its aliases stand for too many values' : 'an alias names no anchor before it';
}

import { parse, YAMLParseError } from 'yaml';
import { SecError } from '../../src/core/problem.ts';

/** A parser as `readConfig` wants it: numbers keep their text. */
export function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text, {
      merge: true,
      customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !/:(int|float)$/.test(tag.tag)),
    });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const reason = error.message.split(' at line ')[0] ?? '';
    throw new SecError({ code: 'malformed', file, format: 'yaml', reason, line: error.linePos?.[0].line ?? null });
  }
}

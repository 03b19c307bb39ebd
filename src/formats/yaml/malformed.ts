import { SecError } from '../../core/problem.ts';

/** What is said of a text that is no YAML. */

/** The parser's own messages may quote the line that they are about. */
export const reasons: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias can have neither anchor nor tag',
  BAD_ALIAS: 'an alias names no anchor before it',
  BAD_DIRECTIVE: 'a directive is not known',
  BAD_DQ_ESCAPE: 'an escape in double quotes is not known',
  BAD_INDENT: 'the indentation does not fit',
  BAD_PROP_ORDER: 'anchor and tag stand before the indicator',
  BAD_SCALAR_START: 'a plain value cannot begin with this character',
  BLOCK_AS_IMPLICIT_KEY: 'a block cannot be a key',
  BLOCK_IN_FLOW: 'a block cannot stand in brackets',
  DUPLICATE_KEY: 'a key occurs twice',
  IMPOSSIBLE: 'it is not YAML',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a character is missing: a colon, a comma, a quote, a bracket or a space',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines',
  MULTIPLE_ANCHORS: 'a node has two anchors',
  MULTIPLE_DOCS: 'there are several documents',
  MULTIPLE_TAGS: 'a node has two tags',
  RESOURCE_EXHAUSTION: 'it is nested too deep',
  TAB_AS_INDENT: 'a tab is used as indentation',
  UNEXPECTED_TOKEN: 'something stands where it cannot',
  BAD_COLLECTION_TYPE: 'a tag does not fit its collection',
};

/** The error for a place in a text. Only the line number tells where: the line itself may hold a secret. */
export function malformed(text: string, file: string, offset: number, reason: string): SecError {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return new SecError({ code: 'malformed', file, format: 'YAML', reason, line });
}

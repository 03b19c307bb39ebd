import fc from 'fast-check';

import type { FormatName } from '../../src/formats/format.ts';
import type { Rule } from './interop-world.ts';
import { dotenvText } from './dotenv-texts.ts';
import { iniText } from './ini-texts.ts';
import { jsonText } from './json-texts.ts';
import { tidyYamlText, toldYamlText } from './yaml-texts.ts';

/** The texts that are exchanged, and the values that are put into them. */

export const extensionOf: Readonly<Record<FormatName, string>> = {
  yaml: '.yaml',
  json: '.json',
  dotenv: '.env',
  ini: '.ini',
  binary: '.bin',
};

/** Formats whose documents are exchanged. */
export type Exchanged = keyof typeof valuesOf;

/** Documents of a format, as bytes, for a rule. */
export function documentsOf(name: Exchanged, { selector }: Rule): fc.Arbitrary<Uint8Array> {
  const isByComment = selector !== null && selector.kind.endsWith('comment_regex');
  return name === 'yaml' && isByComment ? toldYamlText.map((text) => Buffer.from(text)) : documents[name];
}

const documents: Readonly<Record<Exchanged, fc.Arbitrary<Uint8Array>>> = {
  yaml: tidyYamlText.map((text) => Buffer.from(text)),
  // Releases differ on a minus zero in the clear: `test/interop/json-numbers.test.ts`.
  json: jsonText.filter((text) => !/-0(?![.\d])/.test(text)).map((text) => Buffer.from(text)),
  dotenv: dotenvText.map((text) => Buffer.from(text, 'latin1')),
  // A comment above and one behind a value are one to sops, whose spaces at the ends of lines neither of us reads again. What looks
  // sealed and goes over lines is refused in the clear.
  ini: iniText.filter((text) => !/^\s*[;#](?:.*\s)?$|"""ENC\[/m.test(text)).map((text) => Buffer.from(text, 'latin1')),
  binary: fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  ),
};

const texts = fc.constantFrom('new', 'new value', '', 'a: b', ' x ', '# x', '1', 'true', "it's", 'é😀', 'a=b', '[x]');
const otherTexts = fc.constantFrom('two\nlines\n', '\ttab', '"q"', '-', '2024-01-01', 'a\\b', ' ');
const others = fc.constantFrom('true', '5', '1.5', '9007199254740993', '{"x":"y"}', '{"x":{"y":[1,"z"]}}');

/** New values, as JSON. */
export const valuesOf = {
  yaml: fc.oneof(
    fc.oneof(texts, otherTexts).map((text) => JSON.stringify(text)),
    others,
  ),
  json: fc.oneof(
    fc.oneof(texts, otherTexts).map((text) => JSON.stringify(text)),
    others,
  ),
  dotenv: fc.oneof(texts, otherTexts).map((text) => JSON.stringify(text)),
  ini: fc.oneof(texts, otherTexts).map((text) => JSON.stringify(text)),
  binary: fc.oneof(texts, otherTexts).map((text) => JSON.stringify(text)),
} satisfies Partial<Record<FormatName, fc.Arbitrary<string>>>;

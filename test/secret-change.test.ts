import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { SecError } from '../src/core/problem.ts';
import { dotenv } from '../src/formats/dotenv.ts';
import type { Format } from '../src/formats/format.ts';
import { ini } from '../src/formats/ini.ts';
import { json } from '../src/formats/json.ts';
import { yaml } from '../src/formats/yaml/yaml.ts';
import { withValue, withoutValue } from '../src/secret-change.ts';
import { startSession } from '../src/secret-file.ts';
import type { Session } from '../src/secret-file.ts';
import { resealFile } from '../src/secret-seal.ts';
import { ciphertexts, minus, otherLines, sealedPath } from './helpers/changed-lines.ts';
import { dotenvText } from './helpers/dotenv-texts.ts';
import { iniText } from './helpers/ini-texts.ts';
import { jsonText } from './helpers/json-texts.ts';
import { nodeOf } from './helpers/nodes.ts';
import { sealer } from './helpers/opened-file.ts';
import { contextOf, makeWorld } from './helpers/sec.ts';
import { yamlText } from './helpers/yaml-texts.ts';

/** What changes in a sealed file when a value changes: that value, and what is said of the whole. */

/** A whole float by a tag has another text where its alias has to be written out. */
const yamlWithPoints = yamlText.map((text) => text.replaceAll('!!float 1', '1.5'));

/** Texts with one character a byte. */
const formats: readonly (readonly [string, Format, fc.Arbitrary<string>])[] = [
  ['YAML', yaml, yamlWithPoints.map((text) => Buffer.from(text).toString('latin1'))],
  ['JSON', json, jsonText.map((text) => Buffer.from(text).toString('latin1'))],
  ['.env', dotenv, dotenvText],
  ['INI', ini, iniText],
];

const words = fc.constantFrom('new', 'two words', 'x', '1', 'true', "it's", 'é😀');

function newSession(): Session {
  return startSession(contextOf(makeWorld({}), {}, { out: [], err: '' }));
}

describe.each(formats)('in %s', (_, format, texts) => {
  test('sealing and opening give the text back', async () => {
    const { seal } = await sealer(newSession());
    fc.assert(
      fc.property(texts, (text) => {
        const file = attempt(() => seal(format, Buffer.from(text, 'latin1')));
        if (file === null) return;
        expect(Buffer.from(file.plain())).toEqual(Buffer.from(text, 'latin1'));
      }),
      { numRuns: 60 },
    );
  });

  test('a value that is set changes its own lines, and setting it again nothing', async () => {
    const session = newSession();
    const { seal, open } = await sealer(session);
    fc.assert(
      fc.property(texts, fc.nat(), words, (text, pick, word) => {
        const file = attempt(() => seal(format, Buffer.from(text, 'latin1')));
        const path = file === null ? null : sealedPath(file, pick);
        if (file === null || path === null) return;
        const plain = withValue(file, path, nodeOf(word));
        const sealed = plain === null ? null : resealFile(session, file, plain, { raiseVersion: false });
        if (plain === null || sealed === null) return;
        const after = open(format, sealed.bytes);

        expect(Buffer.from(after.plain())).toEqual(Buffer.from(plain));
        expect(otherLines(file, after, path)).toEqual([]);
        expect(minus(ciphertexts(after), ciphertexts(file))).toHaveLength(1);
        expect(withValue(after, path, nodeOf(word))).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  test('a value that is taken out changes the ciphertext of no other', async () => {
    const session = newSession();
    const { seal, open } = await sealer(session);
    fc.assert(
      fc.property(texts, fc.nat(), (text, pick) => {
        const file = attempt(() => seal(format, Buffer.from(text, 'latin1')));
        const path = file === null ? null : sealedPath(file, pick);
        if (file === null || path === null) return;
        const plain = attempt(() => withoutValue(file, path));
        const sealed = plain === null ? null : resealFile(session, file, plain, { raiseVersion: false });
        if (plain === null || sealed === null) return;
        const after = open(format, sealed.bytes);

        expect(Buffer.from(after.plain())).toEqual(Buffer.from(plain));
        expect(minus(ciphertexts(after), ciphertexts(file))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('a text that is as it was is not sealed again', async () => {
    const session = newSession();
    const { seal } = await sealer(session);
    fc.assert(
      fc.property(texts, (text) => {
        const file = attempt(() => seal(format, Buffer.from(text, 'latin1')));
        if (file === null) return;
        expect(resealFile(session, file, Buffer.from(text, 'latin1'), { raiseVersion: true })).toBeNull();
      }),
      { numRuns: 60 },
    );
  });
});

/** Lines that mean the same in any order. */
const lines: readonly (readonly [string, Format, (index: number) => string, (lines: readonly string[]) => string])[] = [
  ['YAML', yaml, (index) => `k${index}: v${index % 3} # c${index}\n`, (all) => all.join('')],
  ['JSON', json, (index) => `"k${index}": ${index % 3}`, (all) => `{${all.join(',\n')}}`],
  ['.env', dotenv, (index) => `k${index}=v${index % 3}\n`, (all) => all.join('')],
  ['INI', ini, (index) => `k${index} = v${index % 3}\n`, (all) => `[s]\n${all.join('')}`],
];

test.each(lines)('in another order all values of %s keep their ciphertexts', async (_, format, line, join) => {
  const session = newSession();
  const { seal, open } = await sealer(session);
  const all = Array.from({ length: 8 }, (_unused, index) => line(index));
  const file = seal(format, Buffer.from(join(all)));
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      const sealed = resealFile(session, file, Buffer.from(join(shuffled)), { raiseVersion: false });
      const after = sealed === null ? file : open(format, sealed.bytes);

      expect(Buffer.from(after.plain()).toString()).toBe(join(shuffled));
      expect(ciphertexts(after).toSorted()).toEqual(ciphertexts(file).toSorted());
    }),
  );
});

test.each([
  ['YAML', yaml, 'l: [x, x, "x", y]\n'],
  ['YAML in a block', yaml, "l:\n- x\n- x\n- 'x'\n- y\n"],
  ['JSON', json, '{"l": ["x", "x", "x", "y"]}'],
] satisfies [string, Format, string][])('equal elements of a list in %s keep each its own ciphertext', async (_, format, text) => {
  const session = newSession();
  const { seal, open } = await sealer(session);
  const file = seal(format, Buffer.from(text));
  const old = ciphertexts(file);
  const enc = (index: number, word: string): readonly string[] => {
    const plain = withValue(file, ['l', index], nodeOf(word));
    const sealed = plain === null ? null : resealFile(session, file, plain, { raiseVersion: false });
    return sealed === null ? old : ciphertexts(open(format, sealed.bytes));
  };

  expect(new Set(old).size).toBe(4);
  for (const index of [0, 1, 2, 3]) {
    for (const word of ['new', 'x', 'y']) expect(minus(old, enc(index, word)).filter((one) => one !== old[index])).toEqual([]);
  }
});

/** `null` for a text or a change that is refused: what is, is the subject of other tests. */
function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof SecError) return null;
    throw error;
  }
}

import { describe, expect, test } from 'vitest';

import { quickSec } from './helpers/quick-sec.ts';
import type { QuickResult, QuickSec } from './helpers/quick-sec.ts';
import { flips, replaced, sealedAt, sealedValues, swapped } from './helpers/sealed-texts.ts';
import type { SealedValue } from './helpers/sealed-texts.ts';
import { alice } from './helpers/sec.ts';
import { tamperings, texts } from './tamper.cases.ts';

type Name = keyof typeof texts;
const names = ['f.yaml', 'f.json', 'f.env', 'f.ini', 'f.txt'] as const satisfies readonly Name[];

/** What must never be seen of a file that was changed. */
const secrets = /secret-|86420/;

describe.each(names)('a changed %s', (name) => {
  test('is refused for each bit in data, IV or tag of a value', async () => {
    const { sec, sealed, values } = await seal(name);

    expect(
      await outcomes(
        sec,
        name,
        values.flatMap((value) => flips(value.text).map((flip) => replaced(sealed, value, flip))),
      ),
    ).toEqual(['status 25']);
  });

  test('is refused for each bit in data, IV or tag of the MAC', async () => {
    const { sec, sealed } = await seal(name);
    const mac = sealedAt(sealed, '(?:sops_)?mac');

    expect(
      await outcomes(
        sec,
        name,
        flips(mac.text).map((flip) => replaced(sealed, mac, flip)),
      ),
    ).toEqual(['status 51']);
  });

  test('is refused for each value that is cut short', async () => {
    const { sec, sealed, values } = await seal(name);
    const cuts = values
      .slice(0, 3)
      .flatMap((value) => Array.from(value.text, (_, end) => [value, value.text.slice(0, end + 1)] as const).slice(0, -1));
    const endsInColon = (cut: string): boolean => name === 'f.yaml' && cut.endsWith(':');
    const changed = (cutShort: typeof cuts): readonly string[] => cutShort.map(([value, cut]) => replaced(sealed, value, cut));

    expect(await outcomes(sec, name, changed(cuts.filter(([, cut]) => !endsInColon(cut))))).toEqual(['status 25']);
    // A colon at the end makes a key of it: that is no YAML where a value stands, or a map with nothing in it.
    expect(await outcomes(sec, name, changed(cuts.filter(([, cut]) => endsInColon(cut))))).toEqual(
      name === 'f.yaml' ? ['status 1', 'status 51'] : [],
    );
  });

  test('is refused for each two values in the place of each other', async () => {
    const { sec, sealed, values } = await seal(name);
    const pairs = values.flatMap((one, at) => values.slice(at + 1).map((other) => [one, other] as const));
    const expected = pairs.map(([one, other]) => (isOfOneList(one, other) ? 'status 51' : 'status 25'));
    const found = await Promise.all(pairs.map(([one, other]) => outcomeOf(sec, name, swapped(sealed, one, other))));

    expect(found).toEqual(expected);
  });

  test('is refused wherever it is cut off', async () => {
    const { sec, sealed } = await seal(name);
    const ends = Array.from(sealed, (_, end) => end).filter((end) => end % 7 === 0 && sealed.slice(end).trim().length > 1);
    const results = await outcomes(
      sec,
      name,
      ends.map((end) => sealed.slice(0, end)),
    );

    expect(results.filter((result) => !/^status (1|25|51|128)$/.test(result))).toEqual([]);
  });

  test('is refused for each byte of its wrapped key', async () => {
    const { sec, sealed } = await seal(name);
    const begin = sealed.indexOf('FILE-----') + 'FILE-----'.length;
    const end = sealed.indexOf('-----END AGE');
    const places = Array.from(sealed, (_, at) => at).slice(begin, end);
    const changed = places
      .filter((at) => /[A-Za-z0-9+/]/.test(sealed[at] ?? '') && sealed[at - 1] !== '\\')
      .map((at) => `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`);

    expect(changed.length).toBeGreaterThan(200);
    expect(await outcomes(sec, name, changed)).toEqual(['status 128']);
  });

  for (const { what, change, expected, flags = [], args = [] } of tamperings[name])
    test(what, async () => {
      const { sec, sealed } = await seal(name, flags);
      const changed = change(sealed);

      expect(changed).not.toBe(sealed);
      expect(await outcomeOf(sec, name, changed, args)).toBe(expected);
    });
});

test('a changed layout hint changes nothing but the notation', async () => {
  const sec = quickSec();
  const { out: sealed } = await sec(['encrypt', '--age', alice.recipient, 'f.yaml'], 'pin: 0x1F\n');
  const hint = sealedAt(sealed, 'layout');
  const found = new Set<string>();
  for (const flip of flips(hint.text)) {
    const { status, out, err } = await sec(['decrypt', 'f.yaml'], replaced(sealed, hint, flip));
    found.add(`${status} ${out}${err}`);
  }

  expect([...found]).toEqual(['0 pin: 31\n']);
});

test('a changed comment stays sealed, and what is around it opens', async () => {
  const { sec, sealed } = await seal('f.yaml');
  const comment = sealedValues(sealed).find(({ type }) => type === 'comment');
  if (comment === undefined) throw new Error('there is one');
  const wrong: string[] = [];
  for (const flip of flips(comment.text)) {
    const result = await sec(['decrypt', 'f.yaml'], replaced(sealed, comment, flip));
    const out = texts['f.yaml'].replace(' secret-5', flip);
    const err = 'sec: f.yaml: 1 encrypted comments cannot be decrypted and stay as they are\n';
    if (result.status !== 0 || result.out !== out || result.err !== err) wrong.push(JSON.stringify(result));
  }

  expect(wrong).toEqual([]);
});

interface Sealed {
  readonly sec: QuickSec;
  readonly sealed: string;
  /** Those of the file, without those of the metadata and without comments. */
  readonly values: readonly SealedValue[];
}

async function seal(name: Name, flags: readonly string[] = []): Promise<Sealed> {
  const sec = quickSec();
  const { status, out: sealed } = await sec(['encrypt', '--age', alice.recipient, ...flags, name], texts[name]);
  expect(status).toBe(0);
  expect(sealed).not.toMatch(secrets);
  expect(await sec(['decrypt', name], sealed)).toEqual({ status: 0, out: texts[name], err: '' });
  const values = sealedValues(sealed).filter(({ before, type }) => type !== 'comment' && !/mac"?\s*[:=]/.test(before));
  return { sec, sealed, values };
}

/** What all these texts come to, each outcome once. */
async function outcomes(sec: QuickSec, name: Name, changed: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const text of changed) found.add(await outcomeOf(sec, name, text));
  return [...found].sort();
}

async function outcomeOf(sec: QuickSec, name: Name, text: string, args: readonly string[] = []): Promise<string> {
  const { status, out, err }: QuickResult = await sec(['decrypt', ...args, name], text);
  if (secrets.test(err)) return `a message shows a value: ${err}`;
  if (status === 0) return out === texts[name] ? 'opens as it was' : `opens: ${out}`;
  return out === '' ? `status ${status}` : `status ${status}, with an output: ${out}`;
}

/** Elements of a list have one path, so only the MAC tells them apart. */
function isOfOneList(one: SealedValue, other: SealedValue): boolean {
  return [one, other].every(({ before }) => /^\s*(- |")$/.test(before));
}

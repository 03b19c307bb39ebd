import { expect, test } from 'vitest';

import { SealMemory } from '../../src/core/memory.ts';
import type { Wanted } from '../../src/core/memory.ts';

/** Equal values of one list: their numbers in the walk, and their texts. */
type Places = readonly (readonly [ordinal: number, plainText: string])[];

const plaintext = (type: string): { readonly aad: string; readonly type: string; readonly bytes: Uint8Array } => ({
  aad: 'l:',
  type,
  bytes: Buffer.from('5'),
});

function memoryOf(places: Places, type = 'str'): SealMemory {
  const memory = new SealMemory();
  for (const [ordinal, plainText] of places)
    memory.remember(plaintext(type), ordinal, { enc: `enc ${ordinal}`, sealedText: '', plainText, context: '', hinted: false });
  return memory;
}

function shared(memory: SealMemory, places: Places, type = 'str'): readonly (string | null)[] {
  const wanted = places.map(([ordinal, plainText]): Wanted => ({ ...plaintext(type), ordinal, plainText, context: '' }));
  const shares = memory.share(wanted);
  return wanted.map(({ ordinal }) => shares.get(ordinal)?.enc ?? null);
}

test.each([
  [
    'nothing changed',
    [
      [3, 'x'],
      [4, 'x'],
      [5, 'x'],
    ],
    [
      [3, 'x'],
      [4, 'x'],
      [5, 'x'],
    ],
    [3, 4, 5],
  ],
  [
    'something came before them',
    [
      [3, 'x'],
      [4, 'x'],
      [5, 'x'],
    ],
    [
      [4, 'x'],
      [5, 'x'],
      [6, 'x'],
    ],
    [3, 4, 5],
  ],
  [
    'something came between them',
    [
      [3, 'x'],
      [4, 'x'],
      [5, 'x'],
    ],
    [
      [3, 'x'],
      [5, 'x'],
      [6, 'x'],
    ],
    [3, 4, 5],
  ],
  [
    'another value became equal before them',
    [[4, 'x']],
    [
      [3, 'x'],
      [4, 'x'],
    ],
    [null, 4],
  ],
  [
    'another value became equal, in other quotes',
    [[4, "'x'"]],
    [
      [3, '"x"'],
      [4, "'x'"],
    ],
    [null, 4],
  ],
  [
    'another value became equal between them',
    [
      [3, 'x'],
      [5, 'x'],
    ],
    [
      [3, 'x'],
      [4, 'x'],
      [5, 'x'],
    ],
    [3, null, 5],
  ],
  [
    'one went',
    [
      [3, 'x'],
      [4, 'x'],
      [5, 'x'],
    ],
    [
      [3, 'x'],
      [4, 'x'],
    ],
    [3, 4],
  ],
  [
    'one got other quotes',
    [
      [3, 'x'],
      [4, 'x'],
    ],
    [
      [3, '"x"'],
      [4, 'x'],
    ],
    [3, 4],
  ],
  [
    'one moved to where none was',
    [
      [3, 'x'],
      [4, "'x'"],
    ],
    [
      [3, 'x'],
      [9, "'x'"],
    ],
    [3, 4],
  ],
  [
    'two moved to where none was, and past each other',
    [
      [3, 'x'],
      [4, "'x'"],
    ],
    [
      [6, "'x'"],
      [9, 'x'],
    ],
    [4, 3],
  ],
  [
    'one of two went whose quotes differ',
    [
      [3, 'x'],
      [4, "'x'"],
    ],
    [[3, "'x'"]],
    [4],
  ],
  [
    'one of two went, and the other got other quotes',
    [
      [3, 'x'],
      [4, 'x'],
    ],
    [[4, "'x'"]],
    [4],
  ],
  [
    'nothing came or went, and one is written otherwise',
    [
      [3, 'x'],
      [4, '*x'],
    ],
    [[4, 'x']],
    [4],
  ],
  ['all is new', [], [[3, 'x']], [null]],
] satisfies [string, [number, string][], [number, string][], (number | null)[]][])(
  'equal values keep their own ciphertexts: %s',
  (_, ...[old, now, wanted]) => {
    expect(shared(memoryOf(old), now)).toEqual(wanted.map((ordinal) => (ordinal === null ? null : `enc ${ordinal}`)));
  },
);

test('an int takes a float in the same text, and no other', () => {
  const memory = memoryOf(
    [
      [3, '5'],
      [4, '5.0'],
      [5, '5'],
    ],
    'float',
  );
  expect(
    shared(
      memory,
      [
        [3, '5'],
        [4, '5'],
        [5, '5'],
      ],
      'int',
    ),
  ).toEqual(['enc 3', null, 'enc 5']);
  expect(
    shared(
      memory,
      [
        [3, '5'],
        [4, '5.0'],
        [5, '5'],
      ],
      'float',
    ),
  ).toEqual(['enc 3', 'enc 4', 'enc 5']);
});

test('a float takes the ciphertext of all its digits, where the text is the same', () => {
  const memory = new SealMemory();
  const remember = (ordinal: number, plainText: string): void =>
    memory.remember({ aad: 'l:', type: 'float', bytes: Buffer.from('1000000') }, ordinal, {
      enc: `enc ${ordinal}`,
      sealedText: '',
      plainText,
      context: '',
      hinted: false,
    });
  remember(3, '1e6');
  remember(4, '1000000.0');
  const wanted = ['1e6', '1e6'].map((text, index): Wanted => ({
    aad: 'l:',
    type: 'float',
    bytes: Buffer.from(text),
    ordinal: index + 3,
    plainText: text,
    context: '',
  }));
  const shares = memory.share(wanted);
  expect(wanted.map(({ ordinal }) => shares.get(ordinal)?.enc ?? null)).toEqual(['enc 3', null]);
});

test('another path or type has nothing to take', () => {
  const memory = memoryOf([[3, '5']]);
  expect(memory.share([{ ...plaintext('str'), aad: 'm:', ordinal: 3, plainText: '5', context: '' }]).size).toBe(0);
  expect(shared(memory, [[3, '5']], 'int')).toEqual([null]);
});

test('a great many equal values take no time to tell apart', () => {
  const places: Places = Array.from({ length: 100_000 }, (_, index) => [index, index % 2 ? 'x' : '"x"']);
  const now = [...places.slice(1), [100_000, 'x'] as const].map(([ordinal, text]) => [ordinal * 2, text] as const);
  expect(new Set(shared(memoryOf(places), now)).size).toBe(100_000);
});

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import { CommentOracle } from '../helpers/comment-oracle.ts';
import type { CommentAnswer } from '../helpers/comment-oracle.ts';
import { commentedTexts } from '../helpers/comment-texts.ts';
import type { CommentHabits } from '../helpers/comment-texts.ts';
import { need } from '../helpers/need.ts';
import { sopsFolder } from '../helpers/sops-folder.ts';

/**
 * Always the same texts, many at once: under another path, nobody opens a comment. `known`: comments that sops looks for elsewhere, which
 * a rule more would not be worth. They stand in several columns one below the other, or among items of nothing.
 */
describe.skipIf(!need('age-keygen', 'sops-3.13.3'))('the path of a comment is where sops looks for it', () => {
  const sops = sopsFolder();
  afterAll(() => sops.folder.remove());
  const seed = Number(process.env['FC_SEED'] ?? '1');
  const texts = Number(process.env['COMMENT_TEXTS'] ?? '1500');

  const kinds: readonly (readonly [name: string, habits: CommentHabits, known: number])[] = [
    ['beside values on one line', { values: ['v', '"v"', '""'], columns: 'next', eol: '\n' }, 0],
    ['in lines that end with CRLF', { values: ['v', '"v"'], columns: 'next', eol: '\r\n' }, 0],
    [
      'beside brackets, null and text blocks',
      { values: ['v', '[v]', '{a: v}', '[]', '{}', 'null', '!!str v'], columns: 'next', eol: '\n' },
      0,
    ],
    ['beside nothing', { values: ['v', ''], columns: 'next', eol: '\n' }, 2],
    ['in the column of any line', { values: ['v'], columns: 'any', eol: '\n' }, 28],
  ];

  test.for(kinds)('%s', async ([, habits, known]) => {
    const oracle = await CommentOracle.start(sops);
    const asked = fc.sample(commentedTexts(habits), { seed, numRuns: texts });
    const wrong = inFifties(asked).flatMap((some) => {
      const answers = oracle.ask(some);
      return some.flatMap((text, at) => (answers[at] ?? []).filter(isElsewhere).map((answer) => ({ text, ...answer })));
    });

    expect(wrong.slice(known)).toEqual([]);
  });
});

function isElsewhere({ sops, sec }: CommentAnswer): boolean {
  return sops.length > 0 && !sops.includes(sec);
}

function inFifties(texts: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(texts.length / 50) }, (_, at) => texts.slice(at * 50, at * 50 + 50));
}

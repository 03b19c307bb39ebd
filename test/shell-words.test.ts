import { expect, test } from 'vitest';
import { quoteWord, splitWords } from '../src/shell-words.ts';

test.each([
  ['vim', ['vim']],
  ['  code   --wait ', ['code', '--wait']],
  [`"/Applications/My Editor" '-a b' c\\ d`, ['/Applications/My Editor', '-a b', 'c d']],
  ['', []],
  ['vim -n # the fast one', ['vim', '-n']],
  ['# none', []],
  [`a#b "#c" '#d' \\#e`, ['a#b', '#c', '#d', '#e']],
  [`"a \\" # b" c`, ['a " # b', 'c']],
  ['$HOME ~/x *.y `z`', ['$HOME', '~/x', '*.y', '`z`']],
  ['a # b\nc', ['a', 'c']],
  [`"open`, null],
  [`it's`, null],
  ['end\\', null],
])('splits %j', async (command, words) => {
  expect(await splitWords(command)).toEqual(words);
});

test.each([
  ['arn:aws:kms:eu-west-1:1:key/a-b_c', 'arn:aws:kms:eu-west-1:1:key/a-b_c'],
  ['two words', `'two words'`],
  ['$(x)', `'$(x)'`],
  [`it's`, `'it'\\''s'`],
  ['', `''`],
])('makes one word of %j, which is split into that again', async (text, word) => {
  expect(quoteWord(text)).toBe(word);
  expect(await splitWords(word)).toEqual([text]);
});

import { expect, test } from 'vitest';

import { alice, sec } from '../helpers/sec.ts';

const env = { SOPS_AGE_KEY: alice.identity };

/** What is set, whether it is said that programs read it otherwise, and what they read. */
const values: readonly (readonly [text: string, isWarned: boolean, read: string])[] = [
  ['plain', false, 'plain'],
  ['a=b c', false, 'a=b c'],
  ['p#w', true, 'p'],
  ['"p#w"', false, 'p#w'],
  [' around ', true, 'around'],
  ['a\nb', true, 'a\\nb'],
  ['"a\nb"', false, 'a\nb'],
  ['"open', false, '"open'],
];

test.each(values)('set says where programs will read another text: %j', async (text, isWarned, read) => {
  const sealed = await sec(['encrypt', '-i', '--age', alice.recipient, '.env'], { '.env': 'A=old\n' });
  const set = await sec(['set', '.env', 'A', '--stdin'], { '.env': sealed.files['.env'] ?? '' }, { env, input: text });
  const ran = await sec(['exec', '--pristine', '-f', '.env', '--', '/usr/bin/env', '-0'], { '.env': set.files['.env'] ?? '' }, { env });

  const said = 'sec: A: sec exec, and programs that read .env files, will take another text from this value: set it in quotes\n';
  expect({ status: set.status, err: set.err, read: ran.out }).toEqual({ status: 0, err: isWarned ? said : '', read: `A=${read}\0` });
});

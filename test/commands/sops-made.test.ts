import { expect, test } from 'vitest';

import { need } from '../helpers/need.ts';
import { alice, sec } from '../helpers/sec.ts';
import { sopsFolder } from '../helpers/sops-folder.ts';

const env = { SOPS_AGE_KEY: alice.identity };

/** What sops 3.13.3 writes where a comment stands, and what has to come back of it. */
test.skipIf(!need('sops-3.13.3')).each([
  ['b: | # i\n  first\nc: 1\n', { b: 'first\n', c: 2 }],
  ['b: | # i\n  first\n  second\nl:\n  - | # j\n    x\n    y\nc: 1\n', { b: 'first\nsecond\n', l: ['x\ny\n'], c: 2 }],
  ['l: [] # c\nc: 1\n', { l: [], c: 2 }],
  ['l:\n  - [] # c\n  - 1\nm: [] # a\nc: 1\n', { l: [[], 1], m: [], c: 2 }],
])('a value is changed beside %j, and nothing else', async (text, wanted) => {
  const { folder, sops } = sopsFolder();
  folder.write('s.yaml', text);
  const sealed = sops('sops-3.13.3', ['encrypt', '--age', alice.recipient, 's.yaml']);
  folder.remove();
  expect(sealed.status).toBe(0);
  const set = await sec(['set', 's.yaml', 'c', '2'], { 's.yaml': sealed.out }, { env });
  expect({ status: set.status, err: set.err }).toEqual({ status: 0, err: '' });
  const opened = await sec(['decrypt', '--output-type', 'json', 's.yaml'], set.files, { env });
  expect(JSON.parse(opened.out)).toEqual(wanted);
});

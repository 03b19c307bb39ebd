import { expect, test } from 'vitest';

import { alice, sec } from '../helpers/sec.ts';

const text = 'base: &n\n  # sops:enc\n  a: 1\n  b: 2\nx: *n\n';

test.each(['encrypted_comment_regex', 'unencrypted_comment_regex'])('no alias hides a comment that decides: %s', async (kind) => {
  const config = JSON.stringify({ creation_rules: [{ age: alice.recipient, [kind]: 'sops:enc' }] });
  const { out, err } = await sec(['encrypt', 'x.yaml'], { 'x.yaml': text, '.sops.yaml': config });

  expect({ out, err: err.split('\n')[0] }).toEqual({
    out: '',
    err: 'sec: x.yaml: x cannot be encrypted: an alias there stands for comments, and the rule goes by comments',
  });
});

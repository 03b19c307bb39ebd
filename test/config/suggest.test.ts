import { expect, test } from 'vitest';
import { suggest } from '../../src/config/suggest.ts';

test.each([
  ['encrytped_regex', ['encrypted_regex', 'encrypted_suffix'], 'did you mean encrypted_regex'],
  ['AGE', ['age', 'pgp'], 'did you mean age'],
  ['gae', ['age', 'pgp'], 'known: age, pgp'],
  ['hc_vault', ['hc_vault_transit_uri', 'age'], 'did you mean hc_vault_transit_uri'],
  ['azure', ['azure_kv_a', 'azure_kv_b'], 'known: azure_kv_a, azure_kv_b'],
  ['x', [], 'none are known'],
])('says what %s may have been meant for', (word, known, text) => {
  expect(suggest(word, known)).toBe(text);
});

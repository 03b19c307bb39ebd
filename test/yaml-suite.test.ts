import { describe, expect, test } from 'vitest';

import { alice, sec } from './helpers/sec.ts';
import { byId, yamlCases } from './helpers/yaml-suite.ts';
import { refused } from './yaml-suite.expected.ts';

const cases = yamlCases();
const refusals = byId(refused);

test('every exception of the YAML test suite is of one of its cases', () => {
  const ids = new Set(cases.map(({ id }) => id));

  expect([...refusals.keys()].filter((id) => !ids.has(id))).toEqual([]);
});

describe('gives back what it encrypted, or says why it does not', () => {
  test.each(cases.filter(({ error }) => !error).map((one) => [one.id, one.name, one.yaml] as const))('%s %s', async (id, _, yaml) => {
    const refusal = refusals.get(id);

    expect(await thereAndBack(yaml)).toEqual(refusal === undefined ? { opened: yaml } : { refusal });
  });
});

describe('refuses what is not YAML', () => {
  test.each(cases.filter(({ error }) => error).map((one) => [one.id, one.name, one.yaml] as const))('%s %s', async (id, _, yaml) => {
    const refusal = refusals.get(id);

    expect(await thereAndBack(yaml)).toEqual({ refusal });
  });
});

test('counts of the YAML test suite', () => {
  const valid = cases.filter(({ error }) => !error);
  const counts = Object.entries(refused).map(([why, ids]) => {
    const listed = new Set(ids.trim().split(/\s+/));
    return [why, valid.filter(({ id }) => listed.has(id)).length, cases.filter(({ id, error }) => error && listed.has(id)).length] as const;
  });
  const lines = counts.map(
    ([why, ofValid, ofInvalid]) => `${String(ofValid).padStart(5)} valid, ${String(ofInvalid).padStart(3)} invalid: ${why}`,
  );
  const kept = valid.length - counts.reduce((sum, [, ofValid]) => sum + ofValid, 0);
  console.info([`${kept} valid texts of the YAML test suite come back byte for byte. Refused:`, ...lines].join('\n'));

  expect(kept).toBe(111);
});

async function thereAndBack(yaml: string): Promise<{ readonly opened: string } | { readonly refusal: string }> {
  const sealed = await sec(['encrypt', '--age', alice.recipient, 'f.yaml'], { 'f.yaml': yaml });
  if (sealed.status !== 0) return { refusal: `${sealed.status} ${reasonOf(sealed.err)}` };
  const files = { 'f.yaml': sealed.outBytes, '~/.config/sops/age/keys.txt': alice.identity };
  const { status, out, err } = await sec(['decrypt', 'f.yaml'], files);
  return status === 0 ? { opened: out } : { refusal: `opened with ${status} ${err}` };
}

/** The first line of a message, without file and line. */
function reasonOf(message: string): string {
  const [first = ''] = message.split('\n');
  return first.replace(/^sec: f\.yaml(?:, line \d+)?:? /, '').replace(/line \d+/, 'line N');
}

import { expect, test } from 'vitest';
import { configuredLimits } from '../src/secret-limits.ts';
import { contextOf, makeWorld, type FileTexts } from './helpers/sec.ts';

async function limitsOf(files: FileTexts, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const context = contextOf(makeWorld(files, { env }), {}, { out: [], err: '' });
  return configuredLimits(context, context.env);
}

test.each<readonly [string, FileTexts, unknown]>([
  ['no configuration', {}, null],
  ['one that says both', { '.secretsrc.yaml': 'keys: { calls: 4, timeout: 10 }\n' }, { calls: 4, timeout: 10 }],
  ['one that says one of them', { '.secretsrc.yaml': 'creation_rules: []\nkeys:\n  calls: 4\n' }, { calls: 4, timeout: null }],
  ['one in JSON', { '.secretsrc.yaml': '{"keys":{"timeout":10}}' }, { calls: null, timeout: 10 }],
  ['one that says nothing of it', { '.secretsrc.yaml': 'creation_rules: []\n' }, null],
  ['one that is broken', { '.secretsrc.yaml': 'keys: { calls: many }\n' }, null],
  ['one of sops, to which the word means nothing', { '.sops.yaml': 'keys: &all\n  - 1\n' }, { calls: null, timeout: null }],
])('%s', async (_, files, limits) => {
  expect(await limitsOf(files)).toEqual(limits);
});

test('one that is named by a variable', async () => {
  expect(await limitsOf({ 'other/secretsrc.yaml': 'keys: { calls: 4 }\n' }, { SEC_CONFIG: 'other/secretsrc.yaml' })).toEqual({
    calls: 4,
    timeout: null,
  });
});

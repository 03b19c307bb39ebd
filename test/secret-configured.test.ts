import { describe, expect, test } from 'vitest';
import { configuredRecipients } from '../src/secret-configured.ts';
import { contextOf, makeWorld } from './helpers/sec.ts';

const config = [
  'creation_rules:',
  '  - path_regex: a',
  '    hc_vault_transit_uri: [https://one/v1/transit/keys/a, ops]',
  '  - key_groups:',
  '      - hc_vault: https://two/v1/transit/keys/b',
  '        age: age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x',
  'people:',
  '  ops: { hc_vault_transit_uri: https://three/v1/transit/keys/c }',
  '  dev: { hc_vault_transit_uri: https://four/v1/transit/keys/d }',
].join('\n');
const all = ['one/v1/transit/keys/a', 'three/v1/transit/keys/c', 'two/v1/transit/keys/b', 'four/v1/transit/keys/d'].map(
  (one) => `https://${one}`,
);

async function named(files: Readonly<Record<string, string>>, file = 'a.yaml', env: Readonly<Record<string, string>> = {}) {
  const world = makeWorld(files, { env });
  const written = { out: [], err: '' };
  const recipients = await configuredRecipients(contextOf(world, {}, written), 'hc_vault', file);
  expect(written.err).toBe('');
  return recipients;
}

describe('a configuration names recipients', () => {
  test('in its rules and for its people, each once', async () => {
    expect(await named({ '.secretsrc.yaml': config })).toEqual(all);
  });

  test.each([
    ['between the working directory and the file', { 'sub/.secretsrc.yaml': config }, 'sub/deep/a.yaml', {}],
    ['for standard input', { '.secretsrc.yaml': config }, 'standard input', {}],
    ['for a file elsewhere, above the working directory', { '.secretsrc.yaml': config }, '../a.yaml', {}],
    ['where a variable says', { 'mine.yaml': config.replace(', ops', '') }, 'a.yaml', { SEC_CONFIG: 'mine.yaml' }],
  ])('%s', async (_, files, file, env) => {
    expect((await named(files, file, env))[0]).toBe(all[0]);
  });

  test('not beside a file from elsewhere', async () => {
    expect(await named({ '../elsewhere/.secretsrc.yaml': config }, '../elsewhere/a.yaml')).toEqual([]);
  });

  test('but for a rule that is wrong, where sops would read it', async () => {
    const wrong = 'creation_rules:\n  - hc_vault_transit_uri: https://one/v1/transit/keys/a\n  - age: AGE-SECRET-KEY-1X\n';

    expect(await named({ '.sops.yaml': wrong })).toEqual(['https://one/v1/transit/keys/a']);
  });

  test('not where it is broken, or not there', async () => {
    expect(await named({ '.secretsrc.yaml': 'creation_rules: 1' })).toEqual([]);
    expect(await named({ '.secretsrc.yaml': ': [' })).toEqual([]);
    expect(await named({})).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { readConfig } from '../../src/config/read.ts';
import { findRule } from '../../src/config/rule.ts';
import { configSchema } from '../../src/config/schema.ts';
import { parseYaml } from './parse-yaml.ts';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'configuration.md'), 'utf8');

// After a change of the schema: npx vitest run test/config/json-schema.test.ts --update
test('the published schema is the one that we check with', async () => {
  const schema = {
    $schema: '',
    $id: 'secretsrc.schema.json',
    title: '.secretsrc.yaml',
    description: 'Which files sec encrypts, and for whom',
    ...z.toJSONSchema(configSchema('refuse')),
  };

  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(join(docs, 'secretsrc.schema.json'));
});

test('the documentation names every key', () => {
  const unnamed = keysOf(z.toJSONSchema(configSchema('refuse'))).filter((key) => !new RegExp(`\\b${key}\\b`).test(page));

  expect(unnamed).toEqual([]);
});

test('the example of the documentation is valid', async () => {
  const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
  const config = await readConfig(example, { file: '/p/.secretsrc.yaml', name: '.secretsrc.yaml', dialect: 'sec' }, parseYaml);

  expect((await findRule(config, '/p/prod/a.yaml'))?.source).toBe('creation_rules[0] of .secretsrc.yaml');
  expect((await findRule(config, '/p/a/secrets.yaml'))?.source).toBe('creation_rules[1] of .secretsrc.yaml');
});

/** The names of all properties, at any depth. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own =
    'properties' in schema && typeof schema.properties === 'object' && schema.properties !== null ? Object.keys(schema.properties) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(keysOf)])];
}

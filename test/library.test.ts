import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { encryptText, nodeContext, openSecrets, SecError } from '../src/index.ts';
import { alice, bob } from './helpers/sec.ts';

/** A world with one identity, and a file in a folder of its own. */
function worldOf(identity: string): ReturnType<typeof nodeContext> {
  return { ...nodeContext(), env: { SOPS_AGE_KEY: identity }, home: '/nonexistent' };
}

async function sealed(text: string, name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sec-library-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, await encryptText(text, path, { context: worldOf(alice.identity), age: [alice.recipient] }));
  return path;
}

const text = [
  '# top',
  'db: { password: "s3cret", port: 5432 }',
  'big: 9007199254740993',
  'ratio: 1.50',
  'inf: -.inf',
  'on: true',
  'none: ~',
  'day: 2024-01-01',
  'raw: !!binary /w==',
  'list: [a, { b: c }]',
  '__proto__: harmless',
  '',
].join('\n');

test('opens what it encrypted, as values and as the very text', async () => {
  const secrets = await openSecrets(await sealed(text, 's.yaml'), { context: worldOf(alice.identity) });
  expect(Buffer.from(secrets.plain()).toString()).toBe(text);
  expect(secrets.format).toBe('yaml');
  expect(
    JSON.parse(JSON.stringify(secrets.values(), (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))),
  ).toMatchObject({
    db: { password: 's3cret', port: 5432 },
    big: '9007199254740993n',
    ratio: 1.5,
    on: true,
    none: null,
    day: '2024-01-01T00:00:00Z',
    list: ['a', { b: 'c' }],
  });
  expect(secrets.get('inf')).toBe(-Infinity);
  expect(secrets.get('raw')).toEqual(Uint8Array.of(0xff));
  expect(secrets.get('list[1].b')).toBe('c');
  expect(secrets.get('__proto__')).toBe('harmless');
  expect(secrets.get('constructor')).toBeUndefined();
});

test('fails with a problem that can be told apart', async () => {
  const path = await sealed(text, 's.yaml');
  const failure = await openSecrets(path, { context: worldOf(bob.identity) }).catch((error: unknown) => error);
  expect(failure instanceof SecError && failure.problem.code).toBe('no-key-opened');
});

import { describe, expect, test } from 'vitest';
import type { MetaValue, StoredKey } from '../../src/core/metadata.ts';
import { awsKms } from '../../src/keys/aws.ts';
import { failed } from '../../src/keys/key.ts';
import { FakeAws } from '../helpers/fake-aws.ts';
import { keyWorld } from '../helpers/key-world.ts';

const arn = 'arn:aws:kms:eu-west-1:111122223333:key/abc';
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x' };
const createdAt = '2026-01-02T03:04:05Z';
const context = new Map([
  ['stage', 'prod'],
  ['app', 'web'],
]);

/** A key as a file has it, without the wrapped data key. */
function entry(fields: Readonly<Record<string, string | ReadonlyMap<string, string>>>): StoredKey {
  return { kind: 'kms', fields: new Map<string, MetaValue>(Object.entries({ arn, ...fields })) };
}

describe('a file of sops before 3.3.0', () => {
  const wrappedWith = async (bound: ReadonlyMap<string, string>, said: ReadonlyMap<string, string>) => {
    const aws = new FakeAws();
    const world = keyWorld({ env: keys });
    const provider = awsKms(aws.connect);
    const stored = await provider.read(entry({ context: bound }), 'a.yaml').wrap(dataKey, createdAt, world);
    const old = { ...stored, fields: new Map(stored.fields).set('context', said) };
    aws.calls.length = 0;
    return { aws, world, result: await provider.read(old, 'a.yaml').unwrap(old, world) };
  };
  const all = (value: string): ReadonlyMap<string, string> => new Map([...context.keys()].map((name) => [name, value]));

  test('is opened though all parts of the context had one value', async () => {
    const { aws, world, result } = await wrappedWith(all('web'), context);

    expect(result).toEqual({ opened: true, dataKey });
    expect(aws.calls.map((call) => call.replace(/.* at eu-west-1 /, ''))).toEqual([
      'stage=prod app=web',
      'stage=prod app=prod',
      'stage=web app=web',
    ]);
    expect(world.warnings).toEqual([
      `an old sops encrypted for ${arn}|app:web,stage:prod in a wrong encryption context: rotate the data key to put that right`,
    ]);
  });

  test('is damaged where no value fits', async () => {
    const { result, world } = await wrappedWith(all('other'), context);

    expect(result).toEqual(
      failed(
        'malformed',
        'the encrypted data key does not fit the key and its encryption context (app, stage)',
        'see who changed its entry with: git log -p',
      ),
    );
    expect(world.warnings).toEqual([]);
  });

  test('is not asked for again where one is not let in', async () => {
    const aws = new FakeAws(() => 'AccessDeniedException');
    const stored = entry({ context, enc: 'AAAA' });
    await awsKms(aws.connect)
      .read(stored, 'a.yaml')
      .unwrap(stored, keyWorld({ env: keys }));

    expect(aws.calls.length).toBe(1);
  });

  test.each([
    ['one part', new Map([['app', 'web']])],
    ['equal parts', all('web')],
    ['no part', new Map<string, string>()],
  ])('is asked for once where the context has %s', async (_, said) => {
    const { aws } = await wrappedWith(new Map([['app', 'else']]), said);

    expect(aws.calls.length).toBe(1);
  });
});

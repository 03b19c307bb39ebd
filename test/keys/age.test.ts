import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { age, generateIdentity } from '../../src/keys/age.ts';
import { encodeBech32 } from '../../src/keys/bech32.ts';
import { fakeTerminal } from '../helpers/fake-terminal.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { need, programPath, type Program } from '../helpers/need.ts';
import { problemOfAsync } from '../helpers/problem.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const home = tempFolder();
afterAll(() => home.remove());
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);

function run(
  program: Program,
  args: readonly string[],
  input: string | Uint8Array = '',
  env: Readonly<Record<string, string>> = {},
): Buffer {
  const { status, stdout, stderr } = spawnSync(programPath(program), args, {
    input,
    env: { PATH: process.env['PATH'], HOME: home.path, ...env },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.toString()}`);
  return stdout;
}

test('a new key file is as age-keygen writes it', async () => {
  const { text, recipient } = await generateIdentity(new Date('2026-01-02T03:04:05.678Z'));
  const [created, comment, secret, end] = text.split('\n');

  expect(created).toBe('# created: 2026-01-02T03:04:05Z');
  expect(comment).toBe(`# public key: ${recipient}`);
  expect(secret).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/);
  expect(end).toBe('');
});

test('an entry has the two fields of sops in their order, and armor that ends with a line end', async () => {
  const { recipient } = await generateIdentity(new Date(0));
  const { kind, fields } = await age().parse(` ${recipient} `).wrap(dataKey, '2026-01-02T03:04:05Z', keyWorld());

  expect(kind).toBe('age');
  expect([...fields.keys()]).toEqual(['enc', 'recipient']);
  expect(fields.get('recipient')).toBe(recipient);
  expect(fields.get('enc')).toMatch(
    /^-----BEGIN AGE ENCRYPTED FILE-----\n([\w+/]{64}\n)+([\w+/]{1,64}=*\n)?-----END AGE ENCRYPTED FILE-----\n$/,
  );
});

describe('what we cannot lock for is refused', () => {
  test('a plugin', async () => {
    const label = encodeBech32('age1yubikey', new Uint8Array(33));
    expect(await problemOfAsync(() => age().parse(label).wrap(dataKey, '', keyWorld()))).toEqual({
      code: 'wrap-failed',
      label,
      reason: 'it needs the program age-plugin-yubikey, which is not on PATH',
      hint: 'install age-plugin-yubikey',
    });
  });

  test('a point that lies on no curve', async () => {
    const label = encodeBech32('age', new Uint8Array(32));
    expect(await problemOfAsync(() => age().parse(label).wrap(dataKey, '', keyWorld()))).toEqual({
      code: 'wrap-failed',
      label,
      reason: 'age refuses this recipient',
      hint: null,
    });
  });

  test('a recipient of a file that cannot be read', async () => {
    const stored = { kind: 'age', fields: new Map([['recipient', 'age1garbage']]) };
    expect(await problemOfAsync(() => age().read(stored, 'a.yaml').wrap(dataKey, '', keyWorld()))).toEqual({
      code: 'bad-recipient',
      kind: 'age',
      text: 'age1garbage',
      reason: 'a character is missing or wrong: its checksum does not match',
    });
  });
});

// Debian's, and the one in Go that knows keys that are safe from quantum computers.
describe.each<readonly [Program, Program, readonly string[] | null]>([
  ['age', 'age-keygen', null],
  ['age-1.3.1', 'age-keygen-1.3.1', null],
  ['age-1.3.1', 'age-keygen-1.3.1', ['-pq']],
])('%s with a key of %s %j', (program, keygen, options) => {
  test.skipIf(!need(program, keygen))('opens what we lock, and we open what it locks', async () => {
    const path = home.write('key.txt', options === null ? (await generateIdentity(new Date(0))).text : run(keygen, options));
    const recipient = run(keygen, ['-y', path]).toString().trim();
    expect(recipient).toMatch(options === null ? /^age1[^1]{58}$/ : /^age1pq1/);

    const stored = await age().parse(recipient).wrap(dataKey, '', keyWorld());
    expect(new Uint8Array(run(program, ['-d', '-i', path], String(stored.fields.get('enc'))))).toEqual(dataKey);

    const enc = run(program, ['-a', '-r', recipient], dataKey).toString();
    const theirs = { kind: 'age', fields: new Map(Object.entries({ enc, recipient })) };
    const world = keyWorld({ env: { SEC_AGE_KEY_FILE: path } });
    expect(await age().read(theirs, 'a.yaml').unwrap(theirs, world)).toEqual({ opened: true, dataKey });
  });
});

test.skipIf(!need('age', 'age-keygen'))('a key of age-keygen opens here', async () => {
  const path = home.write('theirs.txt', run('age-keygen', []));
  const recipient = run('age-keygen', ['-y', path]).toString().trim();
  const stored = await age().parse(recipient).wrap(dataKey, '', keyWorld());
  const world = keyWorld({ env: { SEC_AGE_KEY_FILE: path } });

  expect(await age().read(stored, 'a.yaml').unwrap(stored, world)).toEqual({ opened: true, dataKey });
});

test.skipIf(!need('age', 'script'))('an identity that age locked with a passphrase opens here', async () => {
  const { text, recipient } = await generateIdentity(new Date(0));
  const plain = home.write('plain.txt', text);
  // age asks at its terminal, twice.
  const input = 'open sesame\nopen sesame\n';
  run('script', ['-q', '-e', '-c', `${programPath('age')} -p -a -o ${home.at('locked.txt')} ${plain}`, '/dev/null'], input);
  expect(readFileSync(home.at('locked.txt'), 'utf8')).toMatch(/^-----BEGIN AGE /);

  const stored = await age().parse(recipient).wrap(dataKey, '', keyWorld());
  const world = keyWorld({ env: { SEC_AGE_KEY_FILE: home.at('locked.txt') }, terminal: fakeTerminal('open sesame') });
  expect(await age().read(stored, 'a.yaml').unwrap(stored, world)).toEqual({ opened: true, dataKey });
});

interface SealedJson {
  readonly sops: { readonly age: readonly { readonly enc: string; readonly recipient: string }[] };
}

describe.each(['sops-3.12.2', 'sops-3.13.3'] as const)('%s', (sops) => {
  /** A file that this sops locks for a recipient, and the data key in it. */
  async function lock(recipient: string, identity: string): Promise<{ file: SealedJson; dataKey: Uint8Array; enc: string }> {
    const sealed = run(sops, ['--disable-version-check', 'encrypt', '--age', recipient, home.write('a.json', '{"a": 1}')]).toString();
    const file = JSON.parse(sealed) as SealedJson;
    const stored = { kind: 'age', fields: new Map(Object.entries(file.sops.age[0] ?? {})) };
    const unwrapped = await age()
      .read(stored, 'a.json')
      .unwrap(stored, keyWorld({ env: { SEC_AGE_KEY: identity } }));
    if (!unwrapped.opened) throw new Error(unwrapped.failure.detail);
    return { file, dataKey: unwrapped.dataKey, enc: String(stored.fields.get('enc')) };
  }

  test.skipIf(!need(sops))('we open what it locks, in the same armor', async () => {
    const { text, recipient } = await generateIdentity(new Date(0));
    const locked = await lock(recipient, text);
    const ours = await age().parse(recipient).wrap(locked.dataKey, '', keyWorld());
    const shape = (enc: string): string => enc.replaceAll(/^[\w+/=]+$/gm, (line) => String(line.length));

    expect(locked.dataKey.length).toBe(32);
    expect(shape(String(ours.fields.get('enc')))).toBe(shape(locked.enc));
  });

  test.skipIf(!need(sops))('it opens what we lock', async () => {
    const first = await generateIdentity(new Date(0));
    const second = await generateIdentity(new Date(0));
    const locked = await lock(first.recipient, first.text);
    const ours = await age().parse(second.recipient).wrap(locked.dataKey, '', keyWorld());
    const relocked = { ...locked.file, sops: { ...locked.file.sops, age: [Object.fromEntries(ours.fields)] } };
    const path = home.write('relocked.json', JSON.stringify(relocked));

    expect(run(sops, ['--disable-version-check', 'decrypt', path], '', { SOPS_AGE_KEY: second.text }).toString()).toBe('{\n\t"a": 1\n}\n');
  });
});

import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { examples } from '../../src/commands/edit-examples.ts';
import { canary, makeEditing, type Editing } from '../helpers/editing.ts';
import { run } from '../helpers/run.ts';
import { need, programPath } from '../helpers/need.ts';
import { alice, bob } from '../helpers/sec.ts';

let editing: Editing;

beforeEach(() => {
  editing = makeEditing();
});

const text = `# the database\ndb:\n    password: '${canary}'   # rotate\n    port: 0x1F\n\nhosts: [a, b]\n`;

describe('a file that is there', () => {
  beforeEach(() => editing.seal('app.yaml', text));

  test('gets what was saved, and nothing else of it changes', async () => {
    const before = (editing.read('app.yaml') ?? '').split('\n');

    expect(await editing.edit(['app.yaml'], `sed -i "s/'${canary}'/'${canary}-2'/" "$1"`)).toEqual({ status: 0, said: '' });
    expect(await editing.plain('app.yaml')).toBe(text.replace(canary, `${canary}-2`));
    const after = (editing.read('app.yaml') ?? '').split('\n');
    const changed = after.filter((line, index) => line !== before[index]).map((line) => line.trim().replace(/ .*/, ''));
    expect(after.length).toBe(before.length);
    expect(changed.filter((key) => key !== 'lastmodified:')).toEqual(['password:', 'mac:']);
  });

  test('is not written where nothing was changed', async () => {
    const before = editing.read('app.yaml');
    const { mtimeMs } = statSync(editing.at('work/app.yaml'));

    expect(await editing.edit(['app.yaml'], 'touch "$1"')).toEqual({
      status: 200,
      said: 'sec: File has not changed: app.yaml is as it was\n',
    });
    expect(editing.read('app.yaml')).toBe(before);
    expect(statSync(editing.at('work/app.yaml')).mtimeMs).toBe(mtimeMs);
  });

  test('is shown as it was written, by its name, in a folder that nobody else can enter', async () => {
    const notes = editing.at('notes');
    const look = `{ dirname "$1"; basename "$1"; stat -c %a "$1" "$(dirname "$1")"; ls -A "$(dirname "$1")"; } > ${notes}; cmp "$1" ${editing.write('expected', text)}; rm ${editing.at('work/expected')}`;

    expect((await editing.edit(['app.yaml'], look)).status).toBe(200);
    const [folder = '', ...rest] = readFileSync(notes, 'utf8').split('\n');
    expect({ inMemory: folder.startsWith(editing.at('runtime/sec-')), isThere: existsSync(folder), rest }).toEqual({
      inMemory: true,
      isThere: false,
      rest: ['app.yaml', '600', '700', 'app.yaml', ''],
    });
  });

  test('is written through a link, and keeps its mode', async () => {
    symlinkSync('app.yaml', editing.at('work/link.yaml'));

    expect(await editing.edit(['link.yaml'], 'echo new: 1 >> "$1"')).toEqual({ status: 0, said: '' });
    expect(await editing.plain('app.yaml')).toBe(`${text}new: 1\n`);
    expect(statSync(editing.at('work/app.yaml')).mode & 0o777).toBe(0o600);
  });

  test('may be replaced by the editor, as many save', async () => {
    expect(await editing.edit(['app.yaml'], 'echo a: 1 > "$1.new" && mv "$1.new" "$1"')).toEqual({ status: 0, said: '' });
    expect(await editing.plain('app.yaml')).toBe('a: 1\n');
  });

  test('gets the version of the format that it is written in now, and keeps a newer one', async () => {
    const withVersion = (version: string): string => (editing.read('app.yaml') ?? '').replace(/version: .*/, `version: ${version}`);
    editing.write('app.yaml', withVersion('3.7.1'));
    await editing.edit(['app.yaml'], 'echo a: 1 >> "$1"');
    const raised = /version: (.*)/.exec(editing.read('app.yaml') ?? '')?.[1];
    editing.write('app.yaml', withVersion('9.0.0'));
    await editing.edit(['app.yaml'], 'echo b: 1 >> "$1"');

    expect(raised).toMatch(/^3\.\d+\.\d+$/);
    expect(raised).not.toBe('3.7.1');
    expect(/version: (.*)/.exec(editing.read('app.yaml') ?? '')?.[1]).toBe('9.0.0');
  });

  test('is not shown where it was tampered with, unless one insists', async () => {
    const tampered = (editing.read('app.yaml') ?? '').replace(/hosts: .*\n/, '');
    editing.write('app.yaml', tampered);
    const { status } = await editing.edit(['app.yaml'], 'echo a: 1 >> "$1"');
    const programs = editing.started.length;

    expect({ status, programs }).toEqual({ status: 51, programs: 0 });
    expect(await editing.edit(['--ignore-mac', 'app.yaml'], 'echo a: 1 >> "$1"')).toEqual({ status: 0, said: '' });
    expect(await editing.plain('app.yaml')).toBe(`${text.replace('hosts: [a, b]\n', '')}a: 1\n`);
  });

  test('needs a key before the editor starts', async () => {
    const { status } = await editing.edit(['app.yaml'], 'echo a: 1 >> "$1"', { env: { SOPS_AGE_KEY: bob.identity } });

    expect({ status, programs: editing.started.length }).toEqual({ status: 128, programs: 0 });
  });

  test('that is not encrypted is left alone', async () => {
    editing.write('open.yaml', 'a: 1\n');

    expect(await editing.edit(['open.yaml'], 'echo a: 2 > "$1"')).toEqual({
      status: 1,
      said: 'sec: open.yaml is not encrypted: sops metadata not found\nhint: encrypt it with: sec encrypt -i open.yaml\n',
    });
    expect(editing.read('open.yaml')).toBe('a: 1\n');
  });

  test('is read and written as another format where one says so', async () => {
    await editing.seal('app.json', `{"a": "${canary}"}`);
    const sealed = editing.write('app.conf', editing.read('app.json') ?? '');

    expect(await editing.edit(['--input-type', 'json', 'app.conf'], `sed -i 's/"a"/"b"/' "$1"`)).toEqual({ status: 0, said: '' });
    expect(readFileSync(sealed, 'utf8')).toMatch(/^\{"b": "ENC\[/);
  });

  test('cannot be standard input', async () => {
    expect(await editing.edit(['-'], 'true')).toEqual({ status: 1, said: 'sec: standard input has no place to save to: name a file\n' });
  });
});

describe('a new file', () => {
  test.each(['yaml', 'json', 'dotenv', 'ini', 'binary'] as const)('begins with an example: %s', async (type) => {
    const seen = editing.at('seen');
    const name = { yaml: 'a.yaml', json: 'a.json', dotenv: '.env', ini: 'a.ini', binary: 'a.pem' }[type];

    expect(
      await editing.edit(['--age', alice.recipient, name], `cp "$1" ${seen}; sed -i s/change-me/${canary}/\\;s/Replace/${canary}/ "$1"`),
    ).toEqual({
      status: 0,
      said: '',
    });
    expect(readFileSync(seen, 'utf8')).toBe(examples[type]);
    expect(await editing.plain(name)).toBe(examples[type].replace('Replace', canary).replaceAll(/^(.*?)change-me/gm, `$1${canary}`));
  });

  test('is not made of an example', async () => {
    expect(await editing.edit(['--age', alice.recipient, 'a.yaml'], 'true')).toEqual({
      status: 200,
      said: 'sec: File has not changed: a.yaml is as it was\n',
    });
    expect(editing.read('a.yaml')).toBeNull();
  });

  test('is for the people of its rule', async () => {
    editing.write('.secretsrc.yaml', `creation_rules:\n  - age: ${bob.recipient}\n    encrypted_regex: ^secret\n`);

    expect(await editing.edit(['a.yaml'], `printf 'secret: ${canary}\\nopen: 1\\n' > "$1"`)).toEqual({
      status: 0,
      said: 'sec: a.yaml: not encrypted, by the rule in the file: open\n',
    });
    const sealed = editing.read('a.yaml') ?? '';
    expect(sealed).toMatch(/^secret: ENC\[.*\]\nopen: 1\nsops:\n/);
    expect([...sealed.matchAll(/age1\w+/g)].map(([recipient]) => recipient)).toEqual([bob.recipient]);
  });

  test('has its people before anybody types', async () => {
    expect(await editing.edit(['a.yaml'], 'echo a: 1 > "$1"')).toEqual({
      status: 1,
      said: [
        'sec: nothing says who may read a.yaml',
        '  config file not found, or has no creation rules, and no keys provided through command line options',
        'hint: make a key and a configuration with: sec init',
        '',
      ].join('\n'),
    });
    expect((await editing.edit(['--age', 'age1nobody', 'a.yaml'], 'echo a: 1 > "$1"')).status).toBe(1);
    expect({ programs: editing.started.length, made: editing.read('a.yaml') }).toEqual({ programs: 0, made: null });
  });

  test('has its folder before anybody types', async () => {
    expect(await editing.edit(['--age', alice.recipient, 'no/a.yaml'], 'echo a: 1 > "$1"')).toEqual({
      status: 3,
      said: 'sec: no/a.yaml cannot be written: there is no such file or folder\n',
    });
    expect(editing.started).toEqual([]);
  });

  test('shares no ciphertext with its example', async () => {
    await editing.edit(['--age', alice.recipient, 'a.yaml'], 'sed -i s/change-me/x/ "$1"');
    await editing.edit(['--age', alice.recipient, 'b.yaml'], 'sed -i s/change-me/x/ "$1"');
    const ciphertexts = (name: string): readonly string[] => (editing.read(name) ?? '').match(/data:[^,]+,iv:[^,]+/g) ?? [];

    expect(ciphertexts('a.yaml').filter((one) => ciphertexts('b.yaml').includes(one))).toEqual([]);
  });
});

describe.skipIf(!need('sops-3.12.2'))('sops', () => {
  test('reads what was edited', async () => {
    await editing.seal('app.yaml', text);
    await editing.edit(['app.yaml'], `sed -i "s/'${canary}'/'${canary}-2'/; \\$ a added: [1, true] # by hand" "$1"`);
    const sops = await run(programPath('sops-3.12.2'), ['--disable-version-check', '-d', '--output-type', 'json', 'app.yaml'], {
      cwd: editing.at('work'),
      env: editing.env,
    });

    expect({ status: sops.status, values: JSON.parse(sops.out) as unknown }).toEqual({
      status: 0,
      values: { db: { password: `${canary}-2`, port: 31 }, hosts: ['a', 'b'], added: [1, true] },
    });
  });
});

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import { broken, fix, fullDisk, kept } from '../helpers/editing-troubles.ts';
import { canary, makeEditing, type Editing } from '../helpers/editing.ts';
import { need, programPath } from '../helpers/need.ts';
import { run } from '../helpers/run.ts';
import { alice, bob } from '../helpers/sec.ts';

let editing: Editing;

beforeEach(async () => {
  editing = makeEditing();
  await editing.seal('app.yaml', 'db:\n  user: app\n  password: old\n');
});

describe('a text that cannot be saved', () => {
  test.each([
    ['bad syntax', `a: [${canary}`, 1, 'sec: app.yaml, line 1: not valid YAML: '],
    ['a key twice', `a: ${canary}\nb: 1\na: 2`, 1, 'sec: app.yaml, line 3: the key a is there a second time\n'],
    ['a list at the top', `- ${canary}`, 1, 'sec: app.yaml: its top level is a list, and must be a map\n'],
    ['no document', `# ${canary}`, 1, 'sec: app.yaml holds no document\n'],
    [
      'the key of the metadata',
      `a: ${canary}\nsops:\n  mac: 1`,
      23,
      'sec: app.yaml: sops cannot be encrypted: a file has its metadata under this name\n',
    ],
    ['what is no text', `a: ${canary} \\377`, 1, 'sec: app.yaml'],
  ])('is kept where nobody can be asked: %s', async (_, text, status, summary) => {
    const before = editing.read('app.yaml');
    const { said, ...end } = await editing.edit(['app.yaml'], `printf -- '${text.replaceAll('\n', '\\n')}' > "$1"`);

    expect({ ...end, shown: said.slice(0, summary.length), rest: said.split('\n').slice(-3) }).toEqual({
      status,
      shown: summary,
      rest: kept,
    });
    expect(editing.read('app.yaml')).toBe(before);
    const [path = ''] = editing.kept();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(await editing.keptText(path)).toContain(canary);
  });

  test('is shown again by --resume, and goes away when it is saved', async () => {
    await editing.edit(['app.yaml'], broken);

    expect(await editing.edit(['--resume', 'app.yaml'], fix)).toEqual({ status: 0, said: '' });
    expect(await editing.plain('app.yaml')).toBe(`db:\n  user: app\n  password: ${canary}\n`);
    expect(editing.kept()).toEqual([]);
  });

  test('is kept in one place, however often it is resumed', async () => {
    await editing.edit(['app.yaml'], broken);
    const places = editing.kept();
    const again = await editing.edit(['--resume', 'app.yaml'], `sed -i 's/user: app/user: me/' "$1"`);

    expect({ ...again, places: editing.kept() }).toEqual({
      status: 1,
      said: ['sec: app.yaml, line 4: the key db is there a second time', ...kept].join('\n'),
      places,
    });
    expect(await editing.keptText(places[0] ?? '')).toBe(`db:\n  user: me\n  password: ${canary}\ndb: {}\n`);
  });

  test('is saved by --resume as it is, once it can be', async () => {
    await editing.edit(['app.yaml'], `echo 'more: ${canary}' >> "$1"; exit 1`);

    expect(await editing.edit(['--resume', 'app.yaml'], 'true')).toEqual({ status: 0, said: '' });
    expect(await editing.plain('app.yaml')).toBe(`db:\n  user: app\n  password: old\nmore: ${canary}\n`);
  });

  test('goes away when it is made as the file is', async () => {
    await editing.edit(['app.yaml'], broken);

    expect((await editing.edit(['--resume', 'app.yaml'], `sed -i 's/${canary}/old/; /{}/d' "$1"`)).status).toBe(200);
    expect(editing.kept()).toEqual([]);
  });

  test('is mentioned by the next edit, and not touched by it', async () => {
    await editing.edit(['app.yaml'], broken);
    const places = editing.kept();

    expect(await editing.edit(['app.yaml'], 'echo a: 1 >> "$1"')).toEqual({
      status: 0,
      said: 'sec: a text is kept that was not saved to app.yaml: go on with it by: sec edit --resume app.yaml\n',
    });
    expect(editing.kept()).toEqual(places);
  });

  test('stands beside an older one, and is resumed first', async () => {
    await editing.edit(['app.yaml'], `echo 'one: [${canary}' >> "$1"`);
    const later = (context: Context): Context => ({ ...context, now: () => new Date('2026-01-02T03:04:06Z') });
    await editing.edit(['app.yaml'], `echo 'two: [${canary}' >> "$1"`, { change: later });

    expect(editing.kept().length).toBe(2);
    await editing.edit(['--resume', 'app.yaml'], `sed -i '/two/s/.*/two: 2/' "$1"`);
    expect(await editing.plain('app.yaml')).toBe('db:\n  user: app\n  password: old\ntwo: 2\n');
    expect(editing.kept().length).toBe(1);
  });

  test('is for the people of its file, and for nobody else', async () => {
    await editing.edit(['app.yaml'], broken);

    expect((await editing.edit(['--resume', 'app.yaml'], fix, { env: { SOPS_AGE_KEY: bob.identity } })).status).toBe(128);
    expect(editing.kept().length).toBe(1);
  });

  test('of a new file is kept too', async () => {
    await editing.edit(['--age', alice.recipient, 'new.yaml'], `echo 'a: [${canary}' > "$1"`);

    expect(editing.read('new.yaml')).toBeNull();
    expect(await editing.edit(['--resume', '--age', alice.recipient, 'new.yaml'], `sed -i 's/\\[//' "$1"`)).toEqual({
      status: 0,
      said: '',
    });
    expect(await editing.plain('new.yaml')).toBe(`a: ${canary}\n`);
  });

  test('of other files is none of this one', async () => {
    await editing.seal('other.yaml', 'a: 1\n');
    await editing.edit(['other.yaml'], 'echo "[" > "$1"');

    expect(await editing.edit(['--resume', 'app.yaml'], 'true')).toEqual({
      status: 100,
      said: 'sec: no text is kept that was not saved to app.yaml\nhint: edit it with: sec edit app.yaml\n',
    });
  });

  test('is found by any name of its file', async () => {
    mkdirSync(editing.at('work/sub'));
    await editing.edit(['app.yaml'], broken);

    expect((await editing.edit(['--resume', './sub/../app.yaml'], fix)).status).toBe(0);
  });

  test('may be of any bytes', async () => {
    await editing.seal('key.bin', 'old');
    await editing.edit(['key.bin'], `printf '\\000\\377${canary}\\r\\n' > "$1"; exit 1`);
    await editing.edit(['--resume', 'key.bin'], 'true');

    const opened = await editing.edit(['key.bin'], `base64 -w0 "$1" > ${editing.at('seen')}`);
    const seen = Buffer.from(readFileSync(editing.at('seen'), 'latin1'), 'base64');
    expect({ status: opened.status, seen }).toEqual({ status: 200, seen: Buffer.from(`\0\xff${canary}\r\n`, 'latin1') });
  }, 20_000);
});

describe('a disk', () => {
  test('that is full costs nobody a text', async () => {
    expect(await editing.edit(['app.yaml'], `echo 'a: ${canary}' >> "$1"`, { change: fullDisk(9) })).toEqual({
      status: 3,
      said: ['sec: app.yaml cannot be written: no space is left on the disk', ...kept].join('\n'),
    });
    expect(await editing.edit(['--resume', 'app.yaml'], 'true')).toEqual({ status: 0, said: '' });
    expect(await editing.plain('app.yaml')).toContain(canary);
  });

  test('that takes no kept text leaves it to memory', async () => {
    writeFileSync(editing.at('home/.local'), 'no folder');
    const runtime = editing.at('memory');
    mkdirSync(runtime, { mode: 0o700 });
    await editing.edit(['app.yaml'], broken, { env: { XDG_RUNTIME_DIR: runtime } });

    expect(readdirSync(join(runtime, 'sec', 'recovery')).length).toBe(1);
    expect((await editing.edit(['--resume', 'app.yaml'], fix, { env: { XDG_RUNTIME_DIR: runtime } })).status).toBe(0);
  });

  test('that takes nothing at all has the text printed, encrypted', async () => {
    writeFileSync(editing.at('home/.local'), 'no folder');
    const { status, said } = await editing.edit(['app.yaml'], broken, { env: { XDG_RUNTIME_DIR: '' } });
    const [first = '', ...lines] = said.split('\n');

    expect({ status, first: first.replace(/^sec: .*json /, 'sec: PATH '), end: lines.slice(-4) }).toEqual({
      status: 1,
      first: 'sec: PATH cannot be written: a part of its path is no folder',
      end: [
        'sec: app.yaml, line 4: the key db is there a second time',
        '  not saved, and there is no place to keep your text in: it stands above, encrypted',
        'hint: put it into a file, and read it with: sec get --input-type json FILE text',
        '',
      ],
    });
    const printed = editing.write('printed.json', lines.slice(0, -4).join('\n'));
    expect(await editing.keptText(printed)).toContain(canary);
  });

  test('keeps texts where XDG_STATE_HOME says', async () => {
    await editing.edit(['app.yaml'], broken, { env: { XDG_STATE_HOME: editing.at('state') } });

    expect(readdirSync(editing.at('state/sec/recovery')).length).toBe(1);
  });
});

describe.skipIf(!need('sops-3.12.2'))('sops', () => {
  test('reads a text that is kept', async () => {
    await editing.edit(['app.yaml'], broken);
    const args = ['--disable-version-check', '-d', '--extract', '["text"]', editing.kept()[0] ?? ''];

    expect(await run(programPath('sops-3.12.2'), args, { env: editing.env })).toMatchObject({
      status: 0,
      out: `db:\n  user: app\n  password: ${canary}\ndb: {}\n`,
    });
  });
});

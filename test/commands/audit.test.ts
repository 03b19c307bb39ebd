import { userInfo } from 'node:os';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { alice, bob, sec, type FileTexts, type SecOptions, type SecResult } from '../helpers/sec.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const log = '~/.local/state/sec/audit.jsonl';
const on = { SEC_AUDIT_LOG: 'on' };
const keys = { SEC_AGE_KEY: alice.identity };

async function sealed(text = 'password: hunter2\n'): Promise<string> {
  return (await sec(['encrypt', '--age', alice.recipient, 'a.yaml'], { 'a.yaml': text })).out;
}

/** What a command writes into the log; each caller is another, so what is the machine's is compared and left out. */
function logged({ files }: SecResult, name = log): readonly object[] {
  return (files[name] ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { user, uid, pid, program, ...event } = JSON.parse(line) as Readonly<Record<string, unknown>>;
      expect({ user, uid, pid }).toEqual({ user: userInfo().username, uid: process.getuid?.() ?? null, pid: process.pid });
      expect(program === null || typeof program === 'string').toBe(true);
      const file = String(event['file']).replace(/^.*\/work\/?/, 'WORK/');
      return { ...event, file };
    });
}

const event = (action: string, openedBy: readonly string[] = [], file = 'WORK/a.yaml'): object => ({
  time: '2026-01-02T03:04:05.000Z',
  action,
  file,
  openedBy,
  actor: null,
});
const opening = event('decrypt', [alice.recipient]);

/** A command line, what it writes into the log, and what it is run with. */
type Case = readonly [readonly string[], readonly object[], SecOptions];

describe('the log', () => {
  test('is not written unless somebody asks for it', async () => {
    const { status, files } = await sec(['decrypt', 'a.yaml'], { 'a.yaml': await sealed() }, { env: keys });

    expect({ status, files: Object.keys(files) }).toEqual({ status: 0, files: ['a.yaml'] });
  });

  test.each<Case>([
    [['decrypt', 'a.yaml'], [opening], {}],
    [['decrypt', '--input-type', 'yaml', '-'], [event('decrypt', [alice.recipient], 'WORK/')], { input: 'SEALED' }],
    [['decrypt', '--as', 'b.yaml', 'a.yaml'], [opening], {}],
    [['get', 'a.yaml', 'password'], [opening], {}],
    [['exec', '-f', 'a.yaml', '--', 'true'], [opening], {}],
    [['set', 'a.yaml', 'password', '"x"'], [opening, event('encrypt')], {}],
    [['encrypt', '--age', alice.recipient, 'plain.yaml'], [event('encrypt', [], 'WORK/plain.yaml')], {}],
    [['rotate', '-i', 'a.yaml'], [opening, event('rotate'), event('encrypt')], {}],
    [['groups', 'add', '-f', 'a.yaml', '--age', bob.recipient], [event('rewrap', [alice.recipient])], {}],
    [['updatekeys', '-y', 'a.yaml'], [event('rewrap', [alice.recipient])], { env: { SEC_CONFIG: 'both.yaml' } }],
    [['ls', 'a.yaml'], [], {}],
    [['filestatus', 'a.yaml'], [], {}],
    [['decrypt', 'bob.yaml'], [], {}],
  ])('of %j', async (args, events, options) => {
    const text = await sealed();
    const { out: forBob } = await sec(['encrypt', '--age', bob.recipient, 'a.yaml'], { 'a.yaml': 'a: 1\n' });
    const files = {
      'a.yaml': text,
      'bob.yaml': forBob,
      'plain.yaml': 'password: hunter2\n',
      'both.yaml': `creation_rules:\n  - age: ${alice.recipient},${bob.recipient}\n`,
    };
    const input = options.input === 'SEALED' ? { input: text } : {};
    const result = await sec(args, files, { ...options, ...input, env: { ...keys, ...on, ...options.env } });

    expect(logged(result)).toEqual(events);
    expect(result.modes[log]).toBe(events.length > 0 ? '600' : undefined);
    expect(result.files[log] ?? '').not.toMatch(/hunter2|SECRET-KEY|ENC\[/);
  });

  test('names a key of each group that opened a file', async () => {
    const config = JSON.stringify({ creation_rules: [{ key_groups: [{ age: [alice.recipient] }, { age: [bob.recipient] }] }] });
    const { out } = await sec(['encrypt', 'a.yaml'], { 'a.yaml': 'a: 1\n', '.sops.yaml': config });
    const env = { ...on, SEC_AGE_KEY: `${alice.identity}\n${bob.identity}` };

    expect(logged(await sec(['decrypt', 'a.yaml'], { 'a.yaml': out }, { env }))).toEqual([
      event('decrypt', [alice.recipient, bob.recipient]),
    ]);
  });

  test.each([
    [{ GITHUB_ACTOR: 'octocat', SUDO_USER: 'alice' }, 'octocat (GitHub)'],
    [{ GITLAB_USER_LOGIN: 'mona' }, 'mona (GitLab)'],
    [{ SUDO_USER: 'alice' }, 'alice (sudo)'],
    [{ SUDO_USER: 'x'.repeat(1000) }, `${'x'.repeat(511)}… (sudo)`],
  ])('says whom %o acts for', async (variables, actor) => {
    const result = await sec(['decrypt', 'a.yaml'], { 'a.yaml': await sealed() }, { env: { ...keys, ...on, ...variables } });

    expect(logged(result)).toEqual([{ ...opening, actor }]);
  });

  test.each<readonly [string, FileTexts, Readonly<Record<string, string>>, string | null]>([
    ['a variable', {}, { SEC_AUDIT_LOG: 'yes' }, log],
    ['a folder that is not absolute, which does not count', {}, { ...on, XDG_STATE_HOME: 'state' }, log],
    ['the configuration', { '.secretsrc.yaml': 'audit: { log: true }\n' }, {}, log],
    ['a configuration that says no', { '.secretsrc.yaml': 'audit: { log: false }\n' }, {}, null],
    ['a variable against the configuration', { '.secretsrc.yaml': 'audit: { log: true }\n' }, { SEC_AUDIT_LOG: 'off' }, null],
    ['a broken configuration', { '.secretsrc.yaml': 'audit: { log: true }\nx: [\n' }, {}, null],
    ['a configuration of sops, where the word means nothing', { '.sops.yaml': 'audit: { log: true }\n' }, {}, null],
  ])('is asked for by %s', async (_, files, env, place) => {
    const result = await sec(['decrypt', 'a.yaml'], { ...files, 'a.yaml': await sealed() }, { env: { ...keys, ...env } });

    expect(result.status).toBe(0);
    expect(Object.keys(result.files).filter((name) => name.endsWith('.jsonl'))).toEqual(place === null ? [] : [place]);
    expect(place === null ? [opening] : logged(result, place)).toEqual([opening]);
  });

  test.each<readonly [string, (folder: string) => Readonly<Record<string, string>>, string]>([
    ['a place', (folder) => ({ SEC_AUDIT_LOG: `${folder}/own.jsonl` }), 'own.jsonl'],
    ['a folder for what programs keep', (folder) => ({ ...on, XDG_STATE_HOME: folder }), 'sec/audit.jsonl'],
  ])('is written into %s that a variable names', async (_, env, name) => {
    const folder = tempFolder();
    onTestFinished(folder.remove);
    const result = await sec(['decrypt', 'a.yaml'], { 'a.yaml': await sealed() }, { env: { ...keys, ...env(folder.path) } });

    expect(Object.keys(result.files)).toEqual(['a.yaml']);
    expect(logged({ ...result, files: { log: readFileSync(folder.at(name), 'utf8') } }, 'log')).toEqual([opening]);
  });

  test('that is asked for in no way that there is stops the command', async () => {
    const { status, out, err } = await sec(
      ['decrypt', 'a.yaml'],
      { 'a.yaml': await sealed() },
      { env: { ...keys, SEC_AUDIT_LOG: 'log.jsonl' } },
    );

    expect({ status, out, err }).toEqual({
      status: 1,
      out: '',
      err: 'sec: SEC_AUDIT_LOG takes on, off, or the absolute path of a file\n',
    });
  });

  test.each([
    ['decrypt', ['decrypt', 'a.yaml']],
    ['encrypt', ['encrypt', '--age', alice.recipient, 'plain.yaml']],
    ['set', ['set', 'a.yaml', 'password', '"x"']],
    ['exec', ['exec', '-f', 'a.yaml', '--', 'sh', '-c', 'touch ran']],
  ])('that cannot be written stops %s before anything is shown or done', async (_, args) => {
    const files = { 'a.yaml': await sealed(), 'plain.yaml': 'password: hunter2\n' };
    const prepare = (work: string): void => void mkdirSync(join(work, '..', 'home/.local/state/sec/audit.jsonl'), { recursive: true });
    const { status, out, err, files: after } = await sec(args, files, { env: { ...keys, ...on }, prepare });

    expect({ status, out, err: err.replace(/since .*\/home/, 'since /home'), after }).toEqual({
      status: 1,
      out: '',
      err: [
        'sec: nothing was done, since /home/.local/state/sec/audit.jsonl cannot be written, and what is done is to be written there: it is a folder',
        'hint: SEC_AUDIT_LOG says where the log is: on, off, or the absolute path of a file',
        '',
      ].join('\n'),
      after: files,
    });
  });

  test('is written under the name of sops, too', async () => {
    const result = await sec(['-d', 'a.yaml'], { 'a.yaml': await sealed() }, { as: 'sops', env: { ...keys, ...on } });

    expect({ status: result.status, events: logged(result) }).toEqual({ status: 0, events: [opening] });
  });
});

/** A line of the log. */
function lineOf(given: Readonly<Record<string, unknown>>): string {
  const usual = { time: '2026-01-01T00:00:00.000Z', action: 'decrypt', file: '/p/a.yaml', openedBy: ['age1x'], user: 'alice' };
  return `${JSON.stringify({ ...usual, uid: 1000, pid: 7, program: 'bash', actor: null, ...given })}\n`;
}

const lines = [
  lineOf({}),
  lineOf({
    time: '2026-01-01T12:00:00.123Z',
    action: 'encrypt',
    file: '/p/sub/b.yaml',
    openedBy: [],
    program: null,
    actor: 'octocat (GitHub)',
  }),
  lineOf({
    time: '2026-01-02T03:00:00.000Z',
    action: 'rotate',
    file: '/p/\u001b[31mred\u202e\n',
    user: 'bob',
    openedBy: ['age1x', 'FBC7B9E2'],
  }),
].join('');
const all = [
  '2026-01-01T00:00:00Z  decrypt  alice by bash               /p/a.yaml                     age1x\n',
  '2026-01-01T12:00:00Z  encrypt  alice for octocat (GitHub)  /p/sub/b.yaml\n',
  '2026-01-02T03:00:00Z  rotate   bob by bash                 /p/\\u001b[31mred\\u202e\\u000a  age1x, FBC7B9E2\n',
] as const;

describe('sec audit', () => {
  test('prints columns, and nothing that a terminal would obey', async () => {
    expect((await sec(['audit'], { [log]: lines })).out).toBe(all.join(''));
  });

  test.each<readonly [readonly string[], readonly string[]]>([
    [['--file', '/p/a.yaml'], ['decrypt']],
    [['--file', '/p/sub'], ['encrypt']],
    [
      ['--file', '/p'],
      ['decrypt', 'encrypt', 'rotate'],
    ],
    [['--file', 'a.yaml'], []],
    [['--action', 'rotate'], ['rotate']],
    [
      ['--since', '2026-01-01T12:00:00Z'],
      ['encrypt', 'rotate'],
    ],
    [['--since', '2026-01-02'], ['rotate']],
    [['--since', '1h'], ['rotate']],
    [
      ['--since', '1d'],
      ['encrypt', 'rotate'],
    ],
    [
      ['--since', '52w'],
      ['decrypt', 'encrypt', 'rotate'],
    ],
    [
      ['--limit', '2'],
      ['encrypt', 'rotate'],
    ],
    [['--limit', '0'], []],
    [['--limit', '1', '--action', 'decrypt'], ['decrypt']],
  ])('%j', async (args, actions) => {
    const { status, out, err } = await sec(['audit', '--json', ...args], { [log]: lines });
    const events = JSON.parse(out) as readonly { readonly action: string }[];

    expect({ status, actions: events.map(({ action }) => action), err }).toEqual({ status: 0, actions, err: '' });
  });

  test('prints all that is known as JSON', async () => {
    const { out } = await sec(['audit', '--json', '--limit', '1'], { [log]: lineOf({}) });

    expect(JSON.parse(out)).toEqual([JSON.parse(lineOf({}))]);
  });

  test.each([
    [['--action', 'read'], 'sec: --action takes one of decrypt, encrypt, rotate, rewrap\n'],
    [['--since', 'yesterday'], 'sec: --since takes a date, as in 2026-01-02, or how long ago, as in 7d\n'],
    [['--since', '2026-99-99'], 'sec: --since takes a date, as in 2026-01-02, or how long ago, as in 7d\n'],
    [['--limit', 'x'], 'sec: --limit takes a whole number\n'],
  ])('%j is a wrong command line', async (args, err) => {
    expect(await sec(['audit', ...args], { [log]: lines })).toMatchObject({ status: 1, out: '', err });
  });

  test('reads another log that is named, and what a copy of it has lost is told once', async () => {
    const text = `${lines.slice(0, 40)}\n${lineOf({})}null\n[]\n{"time":"x"}\n\n\u0000\u0000${lineOf({ time: '2026-01-05T00:00:00Z' })}${lineOf({})}`;
    const { status, out, err } = await sec(['audit', '--log', 'old.jsonl'], { 'old.jsonl': text });

    expect({ status, out, err }).toEqual({
      status: 0,
      out: all[0].replaceAll(/ {2,}/g, '  ').repeat(2),
      err: 'sec: old.jsonl: 5 lines are damaged, and left out\n',
    });
  });

  test('a log that is off and has never been is no log', async () => {
    const { status, out, err } = await sec(['audit']);

    expect({ status, out, err: err.replace(/at .*\/home/, 'at /home') }).toEqual({
      status: 100,
      out: '',
      err: [
        'sec: there is no log at /home/.local/state/sec/audit.jsonl',
        'hint: it is written from when it is turned on: SEC_AUDIT_LOG=on, or audit: { log: true } in .secretsrc.yaml',
        '',
      ].join('\n'),
    });
  });

  test('a log that is on and has nothing yet is empty', async () => {
    expect(await sec(['audit'], {}, { env: on })).toMatchObject({ status: 0, out: '', err: '' });
  });

  test('of a long log reads the end', async () => {
    const many = lineOf({ user: 'x'.repeat(500) }).repeat(Math.ceil((64 * 1024 * 1024) / 650));
    const long = await sec(['audit', '--log', 'long.jsonl', '--limit', '1'], { 'long.jsonl': `${many}${lineOf({ action: 'rotate' })}` });

    expect(long).toMatchObject({
      status: 0,
      out: '2026-01-01T00:00:00Z  rotate  alice by bash  /p/a.yaml  age1x\n',
      err: 'sec: long.jsonl is long: only its last 64 MB are read\n',
    });
  });
});

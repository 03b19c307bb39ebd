import { describe, expect, test } from 'vitest';

import { alice, sec } from '../helpers/sec.ts';

const env = { SOPS_AGE_KEY: alice.identity, SOPS_AGE_RECIPIENTS: alice.recipient };
const plain = { 'plain.yaml': 'a: secret\n' };

async function sealed(): Promise<Readonly<Record<string, string>>> {
  const { status, out } = await sec(['-e', 'plain.yaml'], plain, { env });
  expect(status).toBe(0);
  return { 'sealed.yaml': out };
}

describe('by our own name', () => {
  test('a line without a command encrypts and decrypts', async () => {
    expect(await sec(['-d', 'sealed.yaml'], await sealed(), { env })).toMatchObject({ status: 0, out: 'a: secret\n', err: '' });
    expect(await sec(['sealed.yaml', '-d', '--extract', '["a"]'], await sealed(), { env })).toMatchObject({ status: 0, out: 'secret' });
  });

  test('a file alone is edited', async () => {
    expect(await sec(['sealed.yaml'], await sealed(), { env: { ...env, EDITOR: 'true' } })).toMatchObject({
      status: 200,
      err: 'sec: File has not changed: sealed.yaml is as it was\n',
    });
  });

  test('options may stand in front of the command', async () => {
    expect(await sec(['--age', alice.recipient, 'encrypt', '--output', 'o.yaml', 'plain.yaml'], plain)).toMatchObject({
      status: 0,
      out: '',
    });
  });

  test('a word that is no command and no file is a mistake', async () => {
    expect(await sec(['decypt', 'f'])).toMatchObject({ status: 1, err: "sec: unknown command 'decypt'\nhint: did you mean decrypt\n" });
  });

  test('an unknown option is named, without its value', async () => {
    const hint = 'hint: sec --help shows what there is\n';
    expect(await sec(['--bogus=hunter2', 'f'])).toMatchObject({
      status: 1,
      out: '',
      err: `sec: flag provided but not defined: -bogus\n${hint}`,
    });
    expect(await sec(['-hunter2!', 'f'])).toMatchObject({ status: 1, out: '', err: `sec: flag provided but not defined: -…\n${hint}` });
  });
});

describe('by the name of sops', () => {
  const as = 'sops';

  test('the version is that of the release whose ways we know', async () => {
    for (const line of [['-v'], ['--version', '--disable-version-check'], ['--version', '--check-for-updates']])
      expect(await sec(line, {}, { as })).toMatchObject({ status: 0, out: 'sops 3.13.3\n', err: '' });
  });

  test('a mistake shows the help where results go, and is logged', async () => {
    const { status, out, err } = await sec(['decrypt', '--bogus', 'f'], {}, { as });
    expect({ status, first: out.split('\n')[0], err }).toEqual({
      status: 1,
      first: 'Incorrect Usage: flag provided but not defined: -bogus',
      err: '[CMD]\t time="2026-01-02T03:04:05Z" level=fatal msg="flag provided but not defined: -bogus"\n',
    });
    expect(out).toContain('\nNAME:\n   sops decrypt - ');
  });

  test.each([
    [[], 100, 'Error: no file specified\n'],
    [['-d', 'nope.yaml'], 100, 'Error: cannot operate on non-existent file "/WORK/nope.yaml"\n'],
    [['decrypt', 'plain.yaml'], 1, 'sops metadata not found\n'],
    [['encrypt', 'plain.yaml'], 1, 'config file not found, or has no creation rules, and no keys provided through command line options\n'],
    [['help', 'nope'], 3, "No help topic for 'nope'\n"],
  ])('%j ends with %i', async (argv, status, err) => {
    let work = '';
    const ended = await sec(argv, plain, { as, prepare: (folder) => (work = folder) });
    expect({ ...ended, err: ended.err.replace(work, '/WORK') }).toMatchObject({ status, out: '', err });
  });

  test('further words are passed over with a warning', async () => {
    const { status, out, err } = await sec(['-d', 'sealed.yaml', 'x'], await sealed(), { as, env });
    expect({ status, out }).toEqual({ status: 0, out: 'a: secret\n' });
    expect(err).toBe(
      '[CMD]\t time="2026-01-02T03:04:05Z" level=warning msg="More than one positional argument provided. Only the first one will be used!"\n',
    );
  });
});

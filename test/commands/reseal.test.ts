import { expect, test } from 'vitest';
import { fakeTerminal } from '../helpers/fake-terminal.ts';
import { alice, sec } from '../helpers/sec.ts';

const env = { SOPS_AGE_KEY: alice.identity };

async function sealed(name: string, text: string): Promise<string> {
  return (await sec(['encrypt', '--age', alice.recipient, name], { [name]: text })).out;
}

/** The numbers of the lines that differ, from 1; a line more or less counts as one that differs. */
function changedLines(one: string, other: string): readonly number[] {
  const [before, after] = [one.split('\n'), other.split('\n')];
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index).flatMap((index) =>
    before[index] === after[index] ? [] : [index + 1],
  );
}

test('changes a file that has text blocks of every kind', async () => {
  const text = 'a: |\n  l1\n  l2\nb: >\n  folded\n  text\nc: |-\n  x\nd: |+\n  y\n\ne: >-\n  z\nf: 1\n';
  const before = await sealed('s.yaml', text);
  const { status, err, files } = await sec(['set', 's.yaml', 'f', '2'], { 's.yaml': before }, { env });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect((await sec(['decrypt', 's.yaml'], files, { env })).out).toBe(text.replace('f: 1', 'f: 2'));
  const changed = changedLines(before, files['s.yaml'] ?? '').map((line) => before.split('\n')[line - 1]?.replace(/:.*/, ''));
  expect(changed.filter((key) => key !== '  lastmodified' && key !== '    lastmodified')).toEqual(['f', '    mac']);
});

test('leaves the equal elements of a list alone when one of them changes', async () => {
  const before = await sealed('s.yaml', 'l:\n  - x\n  - x\n  - x\n');
  const { files } = await sec(['set', 's.yaml', 'l[1]', '"y"'], { 's.yaml': before }, { env });
  expect(changedLines(before, files['s.yaml'] ?? '').filter((line) => line <= 4)).toEqual([3]);
});

test('keeps empty comments in lists, which sops would take for elements', async () => {
  const text = 'l:\n  - x\n  #\n  - y # \n  #\u200b\nm:\n  #\n  k: v\n';
  const before = await sealed('s.yaml', text);
  expect(before.split('\n')[2]).toMatch(/^ {2}#ENC\[.*type:comment\]$/);
  expect((await sec(['decrypt', 's.yaml'], { 's.yaml': before }, { env })).out).toBe(text);
});

test('opens a file from which a line with a layout hint was taken', async () => {
  const before = await sealed('s.yaml', 'a: 0x1F\nb: &x {c: 0x2F, d: [0x3F]}\ne: *x\nf: {g: 0x4F}\n');
  for (const line of [0, 1, 2, 3]) {
    const cut = before.split('\n').toSpliced(line, 1).join('\n');
    const { status, err } = await sec(['decrypt', '--ignore-mac', 's.yaml'], { 's.yaml': cut }, { env });
    expect({ status, err }).toEqual({ status: 0, err: '' });
  }
});

test.each([
  ['s.env', 'A=1\nB=x\n', 'A', 'A=5\nB=x\n'],
  ['s.ini', '[s]\nk = 1\nlong = 2\n', 's.k', '[s]\nk = 5\nlong = 2\n'],
])('sets a number in %s, where everything is text', async (name, text, path, wanted) => {
  const before = await sealed(name, text);
  const { status, err, files } = await sec(['set', name, path, '5'], { [name]: before }, { env });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect((await sec(['decrypt', name], files, { env })).out).toBe(wanted);
});

test('prints the comments of INI as lines of YAML', async () => {
  const text = '; one\n; two\n[s]\nk = 1\n';
  const { out } = await sec(['decrypt', '--output-type', 'yaml', 's.ini'], { 's.ini': await sealed('s.ini', text) }, { env });
  expect(out).toBe('DEFAULT: {}\ns:\n    #one\n    # ; two\n    k: "1"\n');
});

test('says what it leaves readable, since the rule in the file may be somebody else’s', async () => {
  const before = (
    await sec(['encrypt', '--age', alice.recipient, '--encrypted-regex', '^secret', 's.yaml'], { 's.yaml': 'secret: x\nopen: y\n' })
  ).out;
  const set = await sec(['set', 's.yaml', 'newpw', '"hunter2"'], { 's.yaml': before }, { env });
  expect(set.err).toBe('sec: s.yaml: not encrypted, by the rule in the file: newpw\n');
  const sealedOne = await sec(['set', 's.yaml', 'secret2', '"hunter2"'], { 's.yaml': before }, { env });
  expect(sealedOne.err).toBe('');
});

test('does not put an empty text in the place of a secret', async () => {
  const before = await sealed('s.yaml', 'a: x\n');
  const { status, err, files } = await sec(['set', 's.yaml', 'a', '--stdin'], { 's.yaml': before }, { env, input: '\n' });
  expect({ status, file: files['s.yaml'] }).toEqual({ status: 7, file: before });
  expect(err).toContain('standard input is empty');
  const typed = await sec(['set', 's.yaml', 'a'], { 's.yaml': before }, { env, terminal: fakeTerminal('') });
  expect({ status: typed.status, file: typed.files['s.yaml'] }).toEqual({ status: 7, file: before });
  expect(typed.err).toContain('nothing was typed');
});

test('puts nothing under a merge key that sops could not read', async () => {
  const before = await sealed('s.yaml', 'x: &x {k: v}\ny: {<<: *x}\n');
  const { status, files } = await sec(['set', 's.yaml', '["y"]["<<"]', '"text"'], { 's.yaml': before }, { env });
  expect({ status, file: files['s.yaml'] }).toEqual({ status: 7, file: before });
});

test.each(['a: |\n  x', 'a: >\n  x', 'a: |+\n  x', 'l:\n  - |\n    x\n    y', 'a: |\r\n  x'])(
  'reads the block %j, which ends the text, without a line break that is not there, as sops does',
  async (text) => {
    const before = await sealed('s.yaml', text);
    expect((await sec(['decrypt', 's.yaml'], { 's.yaml': before }, { env })).out).toBe(text);
    const { out } = await sec(['decrypt', '--output-type', 'json', 's.yaml'], { 's.yaml': before }, { env });
    expect(out).not.toMatch(/\\n"/);
  },
);

test.each([
  ['a: |\n  x', 'a: |-\n  x\nport: 5\n'],
  ['a: # c\n  b: |\n    x\n    y', 'a: # c\n  b: |-\n    x\n    y\nport: 5\n'],
  ['l:\n- >\n  x', 'l:\n- >-\n  x\nport: 5\n'],
  ['a: &n !!str |2\n    x', 'a: &n !!str |2-\n    x\nport: 5\n'],
  ['a: |+\n  x', 'a: |-\n  x\nport: 5\n'],
  ['a: | # c\n  x', 'a: |- # c\n  x\nport: 5\n'],
])('adds a key below the block %j, which keeps its text', async (text, changed) => {
  const before = await sealed('s.yaml', text);
  const { err, files } = await sec(['set', 's.yaml', 'port', '5'], { 's.yaml': before }, { env });
  expect(err).toBe('');
  const after = { 's.yaml': files['s.yaml'] ?? '' };
  const opened = (await sec(['decrypt', 's.yaml'], after, { env })).out;
  expect(opened.trimEnd()).toBe(changed.trimEnd());
});

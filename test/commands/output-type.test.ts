import { describe, expect, test } from 'vitest';

import { makeEditing } from '../helpers/editing.ts';
import { alice, sec, type SecOptions } from '../helpers/sec.ts';

const env = { SOPS_AGE_KEY: alice.identity };

async function sealed(): Promise<Readonly<Record<string, string>>> {
  const { out } = await sec(['encrypt', '--age', alice.recipient, 'a.yaml'], { 'a.yaml': 'b: x\nc: 1 # note\n' });
  return { 'a.yaml': out };
}

async function opened(files: Readonly<Record<string, string>>, type: string, options: SecOptions = {}): Promise<string> {
  const { out, err } = await sec(['decrypt', '--input-type', type, '--output-type', type, 'a.yaml'], files, { env, ...options });
  return out + err;
}

describe('a file that is written in another format', () => {
  test.each([
    ['set', ['set', '--output-type', 'json', 'a.yaml', 'b', '"y"'], '{\n\t"b": "y",\n\t"c": 1\n}\n'],
    ['unset', ['unset', '--output-type', 'json', 'a.yaml', 'b'], '{\n\t"c": 1\n}\n'],
    ['rotate', ['rotate', '-i', '--output-type', 'json', 'a.yaml'], '{\n\t"b": "x",\n\t"c": 1\n}\n'],
  ])('keeps its name, and its values: %s', async (_, argv, expected) => {
    const { status, files } = await sec(argv, await sealed(), { env });
    expect({ status, plain: await opened({ 'a.yaml': files['a.yaml'] ?? '' }, 'json') }).toEqual({ status: 0, plain: expected });
  });

  test('is indented as asked', async () => {
    const { files } = await sec(['rotate', '-i', '--output-type', 'json', '--indent', '2', 'a.yaml'], await sealed(), { env });
    expect(files['a.yaml']?.split('\n')[1]).toMatch(/^ {2}"b"/);
  });

  test('keeps the ciphertext of what did not change', async () => {
    const before = await sealed();
    const { files } = await sec(['set', '--output-type', 'json', 'a.yaml', 'c', '2'], before, { env });
    expect(files['a.yaml']).toContain(/ENC\[[^\]]*\]/.exec(before['a.yaml'] ?? '')?.[0]);
  });
});

test('--verbose says that a file was opened, in the words that scripts look for', async () => {
  const ours = await sec(['decrypt', '--verbose', 'a.yaml'], await sealed(), { env });
  const theirs = await sec(['--verbose', '-d', 'a.yaml'], await sealed(), { env, as: 'sops' });
  expect(ours.err).toBe('sec: a.yaml: Data key recovered successfully\n');
  expect(theirs.err).toBe('[SOPS]\t time="2026-01-02T03:04:05Z" level=info msg="Data key recovered successfully"\n');
});

describe('edit --show-master-keys', () => {
  test('shows the metadata below the text, and saves what is changed above', async () => {
    const editing = makeEditing();
    await editing.seal('a.yaml', 'b: x\n');
    const { status } = await editing.edit(
      ['-s', 'a.yaml'],
      'grep -q "^sops:" "$1" && grep -q "recipient: age1" "$1" && sed -i "s/^b: x/b: y/" "$1"',
    );
    expect({ status, plain: await editing.plain('a.yaml') }).toEqual({ status: 0, plain: 'b: y\n' });
  });

  test('knows when nothing was changed', async () => {
    const editing = makeEditing();
    await editing.seal('a.yaml', 'b: x\n');
    expect(await editing.edit(['-s', 'a.yaml'], 'true')).toMatchObject({ status: 200 });
  });

  test.each(['sed -i /recipient/s/age1./age1x/ "$1"', 'sed -i "/^sops:/,$ d" "$1"', 'sed -i "s/version: .*/version: 1.0.0/" "$1"'])(
    'takes no change of the metadata: %s',
    async (script) => {
      const editing = makeEditing();
      await editing.seal('a.yaml', 'b: x\n');
      const before = editing.read('a.yaml');
      const { status, said } = await editing.edit(['-s', 'a.yaml'], script);
      expect({ status, first: said.split('\n')[0], same: editing.read('a.yaml') === before }).toEqual({
        status: 1,
        first: 'sec: the metadata of a.yaml cannot be changed in an editor',
        same: true,
      });
    },
  );
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import { broken, kept } from '../helpers/editing-troubles.ts';
import { canary, makeEditing, type Editing } from '../helpers/editing.ts';

let editing: Editing;

beforeEach(async () => {
  editing = makeEditing();
  await editing.seal('app.yaml', 'db:\n  user: app\n  password: old\n');
});

describe('an editor that fails', () => {
  test.each([
    ['a status', 'exit 3', 'status 3'],
    ['a signal', 'kill -KILL $$', 'ended by SIGKILL'],
  ])('has its text kept: %s', async (_, end, status) => {
    const before = editing.read('app.yaml');
    const { said, ...rest } = await editing.edit(['app.yaml'], `echo 'a: ${canary}' >> "$1"; ${end}`);

    expect({ ...rest, said: said.replace(/editor-\d+/, 'X') }).toEqual({
      status: 201,
      said: [`sec: the editor X failed (${status}), so app.yaml is as it was`, ...kept].join('\n'),
    });
    expect(editing.read('app.yaml')).toBe(before);
    expect(await editing.keptText(editing.kept()[0] ?? '')).toBe(`db:\n  user: app\n  password: old\na: ${canary}\n`);
  });

  test.each(['touch "$1"; exit 1', 'kill -TERM $$', 'rm "$1"'])('leaves nothing to keep where nothing was typed: %s', async (script) => {
    const { status } = await editing.edit(['app.yaml'], script);

    expect({ status, kept: editing.kept() }).toEqual({ status: 201, kept: [] });
  });

  test('leaves a text that is kept already where it is', async () => {
    await editing.edit(['app.yaml'], broken);
    const places = editing.kept();
    const { status, said } = await editing.edit(['--resume', 'app.yaml'], 'exit 1');

    expect({ status, end: said.split('\n').slice(-3), places: editing.kept() }).toEqual({ status: 201, end: kept, places });
  });

  test.each([
    ['nano', 'app.yaml.save'],
    ['emacs', '#app.yaml#'],
  ])('has that text kept which it saved in its last moment: %s', async (_, name) => {
    await editing.edit(['app.yaml'], `echo 'last: ${canary}' > "$(dirname "$1")/${name}"; kill -HUP $$`);

    expect(await editing.keptText(editing.kept()[0] ?? '')).toBe(`last: ${canary}\n`);
  });

  test('is named where it is not there', async () => {
    expect(await editing.edit(['app.yaml'], '', { env: { EDITOR: 'no-such-editor -x' } })).toEqual({
      status: 201,
      said: 'sec: the editor no-such-editor failed (there is no such file or folder), so app.yaml is as it was\n',
    });
    expect(await editing.edit(['app.yaml'], '', { env: { EDITOR: '', PATH: editing.at('empty') } })).toEqual({
      status: 201,
      said: 'sec: no editor found\nhint: name yours in the variable EDITOR, such as: export EDITOR=nano\n',
    });
  });

  test('costs nobody a text even where the fault is ours', async () => {
    const change = (context: Context): Context => ({
      ...context,
      files: { ...context.files, write: () => Promise.reject(new TypeError(`a defect with ${canary}`)) },
    });
    const { status, said } = await editing.edit(['app.yaml'], `echo 'a: ${canary}' >> "$1"`, { change });

    expect({ status, said: said.replace(/TypeError .*\)/, 'WHERE') }).toEqual({
      status: 1,
      said: [
        'sec: your text is kept, encrypted, in KEPT',
        'sec: internal error (WHERE',
        'hint: this is a defect of sec: report it with this line, which holds no secret',
        '',
      ].join('\n'),
    });
    expect(await editing.keptText(editing.kept()[0] ?? '')).toContain(canary);
  });
});

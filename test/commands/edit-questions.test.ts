import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../src/context.ts';
import { broken, fix, fullDisk, kept, person, whatIsBroken } from '../helpers/editing-troubles.ts';
import { canary, makeEditing, type Editing } from '../helpers/editing.ts';
import { alice } from '../helpers/sec.ts';

let editing: Editing;

beforeEach(async () => {
  editing = makeEditing();
  await editing.seal('app.yaml', 'db:\n  user: app\n  password: old\n');
});

const choices = [
  'app.yaml is not saved',
  'edit: edit again',
  'keep: stop, and keep the text, encrypted, for sec edit --resume',
  'drop: stop, and throw the text away',
];

describe('a person who is asked', () => {
  test('edits again until the text can be saved', async () => {
    const asked: string[] = [];
    const script = `if grep -q {} "$1"; then ${fix}; else ${broken}; fi`;

    expect(await editing.edit(['app.yaml'], script, { terminal: person(['edit'], asked) })).toEqual({
      status: 0,
      said: whatIsBroken,
    });
    expect(asked).toEqual([choices.join('\n')]);
    expect(await editing.plain('app.yaml')).toBe(`db:\n  user: app\n  password: ${canary}\n`);
    expect(editing.kept()).toEqual([]);
  });

  test('keeps the text', async () => {
    const { status, said } = await editing.edit(['app.yaml'], broken, { terminal: person(['keep']) });

    expect({ status, end: said.split('\n').slice(-3) }).toEqual({ status: 1, end: kept });
    expect(editing.kept().length).toBe(1);
  });

  test('throws the text away', async () => {
    const { status, said } = await editing.edit(['app.yaml'], broken, { terminal: person(['drop']) });

    expect({ status, end: said.split('\n').slice(-2) }).toEqual({
      status: 200,
      end: ['sec: File has not changed: app.yaml is as it was', ''],
    });
    expect(editing.kept()).toEqual([]);
  });

  test('has the text kept who ends the question', async () => {
    const { said } = await editing.edit(['app.yaml'], broken, { terminal: person([]) });

    expect(said.split('\n').slice(-3)).toEqual(kept);
    expect(editing.kept().length).toBe(1);
  });

  test('has the text kept before the question, however it ends', async () => {
    const places: (readonly string[])[] = [];
    await editing.edit(['app.yaml'], broken, { terminal: person(['drop'], [], () => places.push(editing.kept())) });

    expect(places.map((found) => found.length)).toEqual([1]);
  });

  test('tries again to save what the disk did not take', async () => {
    const asked: string[] = [];
    const options = { change: fullDisk(1), terminal: person(['save'], asked) };

    expect(await editing.edit(['app.yaml'], `echo 'a: ${canary}' >> "$1"`, options)).toEqual({
      status: 0,
      said: 'sec: app.yaml cannot be written: no space is left on the disk\n',
    });
    expect(asked).toEqual([[choices[0], 'save: try to save it again', ...choices.slice(1)].join('\n')]);
    expect(editing.started.length).toBe(1);
    expect(await editing.plain('app.yaml')).toBe(`db:\n  user: app\n  password: old\na: ${canary}\n`);
  });

  test('is not asked with --batch', async () => {
    const asked: string[] = [];
    const { status } = await editing.edit(['--batch', 'app.yaml'], broken, { terminal: person(['edit'], asked) });

    expect({ status, asked, kept: editing.kept().length }).toEqual({ status: 1, asked: [], kept: 1 });
  });
});

describe('a file that someone else changes meanwhile', () => {
  const others = async (): Promise<string> => {
    const mine = editing.read('app.yaml') ?? '';
    await editing.edit(['app.yaml'], 'echo theirs: 1 >> "$1"');
    const theirs = editing.read('app.yaml') ?? '';
    editing.write('app.yaml', mine);
    return `cp ${editing.write('theirs', theirs)} ${editing.at('work/app.yaml')}`;
  };

  test('is not overwritten, and the text is kept', async () => {
    const change = await others();

    expect(await editing.edit(['app.yaml'], `${change}; echo mine: ${canary} >> "$1"`, { terminal: person(['edit']) })).toEqual({
      status: 3,
      said: ['sec: app.yaml was changed by someone else meanwhile, so nothing was written', ...kept].join('\n'),
    });
    expect(editing.read('app.yaml')).toBe(editing.read('theirs'));
  });

  test('is not overwritten by --resume unless the person says so', async () => {
    await editing.edit(['app.yaml'], `${await others()}; echo mine: ${canary} >> "$1"`);
    const outdated = [
      'sec: app.yaml was changed after the text was typed that is kept in KEPT: to save that text would undo the change',
      'hint: compare the two: sec decrypt app.yaml, and sec get KEPT text',
      '',
    ].join('\n');

    expect(await editing.edit(['--resume', 'app.yaml'], 'true')).toEqual({ status: 3, said: outdated });
    const asked: string[] = [];
    expect(await editing.edit(['--resume', 'app.yaml'], 'true', { terminal: person([false], asked) })).toEqual({
      status: 3,
      said: outdated,
    });
    expect(asked).toEqual(['app.yaml was changed after that text was typed, and saving the text would undo the change. Go on?']);
    expect(editing.read('app.yaml')).toBe(editing.read('theirs'));
    expect(await editing.edit(['--resume', 'app.yaml'], 'true', { terminal: person([true, true]) })).toEqual({ status: 0, said: '' });
    expect(await editing.plain('app.yaml')).toBe(`db:\n  user: app\n  password: old\nmine: ${canary}\n`);
  });

  test('is not replaced where it should be new', async () => {
    const { status } = await editing.edit(
      ['--age', alice.recipient, 'new.yaml'],
      `echo theirs > ${editing.at('work/new.yaml')}; echo a: ${canary} > "$1"`,
    );

    expect({ status, file: editing.read('new.yaml'), kept: editing.kept().length }).toEqual({ status: 3, file: 'theirs\n', kept: 1 });
  });
});

describe('an editor that ends at once, with nothing changed', () => {
  /** Saves while the question stands. */
  const window = (): void => {
    const [folder = ''] = readdirSync(editing.at('runtime'));
    writeFileSync(editing.at(join('runtime', folder, 'app.yaml')), `window: ${canary}\n`);
  };

  test('may have a window open, for which we wait', async () => {
    const asked: string[] = [];

    expect(await editing.edit(['app.yaml'], 'true', { terminal: person([true], asked, window) })).toEqual({ status: 0, said: '' });
    expect(asked.map((question) => question.replace(/editor-\d+/, 'X'))).toEqual([
      'X has ended already, and nothing was changed so far. Go on when you have saved and closed it',
    ]);
    expect(await editing.plain('app.yaml')).toBe(`window: ${canary}\n`);
  });

  test('has the text of its window kept where the person ends the question', async () => {
    const { status } = await editing.edit(['app.yaml'], 'true', { terminal: person([], [], window) });

    expect(status).toBe(130);
    expect(await editing.keptText(editing.kept()[0] ?? '')).toBe(`window: ${canary}\n`);
  });

  test('is not asked about where it took its time, or where we know it', async () => {
    const asked: string[] = [];
    let seconds = 0;
    const slow = (context: Context): Context => ({ ...context, now: () => new Date(1_767_323_045_000 + (seconds += 2) * 1000) });
    await editing.edit(['app.yaml'], 'true', { terminal: person([true], asked), change: slow });
    const known = editing.at('vim');
    writeFileSync(known, '#!/bin/sh\n', { mode: 0o700 });
    await editing.edit(['app.yaml'], '', { terminal: person([true], asked), env: { EDITOR: known } });

    expect(asked).toEqual([]);
  });
});

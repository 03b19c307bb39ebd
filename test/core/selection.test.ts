import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { compileSelector, defaultSelector, oneSelector, selectorKinds } from '../../src/core/selection.ts';
import type { Scope, Selector, SelectorKind } from '../../src/core/selection.ts';
import { clearIds, commented } from '../helpers/commented.ts';
import type { Commented } from '../helpers/commented.ts';
import { problemOf, problemOfAsync } from '../helpers/problem.ts';

async function rootOf(kind: SelectorKind, text: string): Promise<Scope> {
  return (await compileSelector({ kind, text }, 'app.yaml')).root;
}

function at(root: Scope, path: readonly (string | null)[]): Scope {
  return path.reduce((scope, key) => scope.enter().entry(key), root);
}

describe('a selector of keys', () => {
  test.each<[SelectorKind, string, string, boolean]>([
    ['unencrypted_suffix', '_unencrypted', 'a', true],
    ['unencrypted_suffix', '_unencrypted', 'a_unencrypted', false],
    ['unencrypted_suffix', '_unencrypted', '_unencrypted/b/c', false],
    ['unencrypted_suffix', '_unencrypted', 'a_unencrypted_/b', true],
    ['unencrypted_suffix', '_Unencrypted', 'a_unencrypted', true],
    ['encrypted_suffix', '_e', 'a', false],
    ['encrypted_suffix', '_e', 'a_e/b', true],
    ['encrypted_suffix', 'é', 'cafe\u0301', false],
    ['encrypted_suffix', '😀', 'a😀', true],
    ['unencrypted_regex', '^data$', 'data/x', false],
    ['unencrypted_regex', '^data$', 'mydata/x', true],
    ['encrypted_regex', '^(a|d)$', 'a', true],
    ['encrypted_regex', '^(a|d)$', 'b/c', false],
    ['encrypted_regex', '^(a|d)$', 'd/e', true],
    ['encrypted_regex', 'pass', 'my/dbpassword/x', true],
    ['encrypted_regex', 'pass', 'PASS', false],
    ['encrypted_regex', '(?i)pass', 'PASS', true],
    ['encrypted_regex', String.raw`^\s$`, '\u00a0', false],
    ['encrypted_regex', '^a$', 'a\n', false],
    ['encrypted_regex', String.raw`\Aa.c\z`, 'a😀c', true],
    ['encrypted_regex', 'b:c', 'b/c', false],
  ])('%s: %s decides for %s', async (kind, text, path, selected) => {
    expect(at(await rootOf(kind, text), path.split('/')).selected).toBe(selected);
  });

  test('reaches through lists, which have no key', async () => {
    const root = await rootOf('encrypted_regex', '^(a|null|0)$');
    expect(at(root, ['a', null, null]).selected).toBe(true);
    expect(at(root, ['b', null, 'a']).selected).toBe(true);
    expect(at(root, ['b', null]).selected).toBe(false);
  });

  test('gives comments what their map or list has, not the key below them', async () => {
    const suffix = await rootOf('unencrypted_suffix', '_unencrypted');
    expect(suffix.enter().comment(' above x_unencrypted')).toBe(true);
    expect(at(suffix, ['x_unencrypted']).enter().comment(' inside')).toBe(false);
    const regex = await rootOf('encrypted_regex', '^a$');
    expect(regex.enter().comment(' a')).toBe(false);
    expect(at(regex, ['a', null]).enter().comment(' inside')).toBe(true);
  });
});

describe('a selector of comments', () => {
  test('encrypts what follows a match up to the end of the next entry, but not the comment itself', async () => {
    const document = (await rootOf('encrypted_comment_regex', 'sops:enc')).enter();
    expect(document.comment(' sops:enc')).toBe(false);
    expect(document.comment(' n')).toBe(true);
    expect(document.comment(' sops:enc again')).toBe(true);
    const below = document.entry('a');
    expect(below.selected).toBe(true);
    expect(below.enter().comment(' inside')).toBe(true);
    expect(at(below, ['x', null]).selected).toBe(true);
    expect(document.comment(' later')).toBe(false);
    expect(document.entry('b').selected).toBe(false);
  });

  test('leaves clear what follows a match, and the comment itself', async () => {
    const document = (await rootOf('unencrypted_comment_regex', 'public')).enter();
    expect(document.comment(' n')).toBe(true);
    expect(document.comment(' public')).toBe(false);
    expect(document.comment(' n')).toBe(false);
    const below = document.entry('a');
    expect(below.selected).toBe(false);
    expect(below.enter().comment(' inside')).toBe(false);
    expect(at(below, ['x', null]).selected).toBe(false);
    expect(document.comment(' later')).toBe(true);
    expect(document.entry('b').selected).toBe(true);
  });

  test('has nothing active at the start of another document or list', async () => {
    const root = await rootOf('encrypted_comment_regex', 'enc');
    root.enter().comment(' enc');
    expect(root.enter().entry('a').selected).toBe(false);
    const list = at(root, ['l']);
    list.enter().comment(' enc');
    expect(list.enter().entry(null).selected).toBe(false);
  });

  test('keeps a sealed comment of a list from ending what is active', async () => {
    const list = at(await rootOf('encrypted_comment_regex', 'sops:enc'), ['l']).enter();
    expect(list.comment(' sops:enc')).toBe(false);
    expect(list.comment('ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:comment]')).toBe(true);
    expect(list.entry(null).selected).toBe(true);
  });

  test('refuses a sealed comment that a reader would take for a sign', async () => {
    const enc = 'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:comment]';
    const selection = await compileSelector({ kind: 'unencrypted_comment_regex', text: 'AES|public' }, 'app.yaml');
    expect(problemOf(() => selection.checkSealedComment(enc, ['a', 'b.c'], 'app.yaml'))).toEqual({
      code: 'cannot-encrypt',
      file: 'app.yaml',
      key: 'a["b.c"]',
      reason: 'a comment there matches unencrypted_comment_regex once it is encrypted',
    });
    for (const kind of selectorKinds) {
      const other = await compileSelector({ kind, text: kind === 'unencrypted_comment_regex' ? 'public' : 'AES' }, 'app.yaml');
      expect(problemOf(() => other.checkSealedComment(enc, [], 'app.yaml'))).toBeNull();
    }
  });
});

/** The rule as the specification writes it: all keys and all active comments, looked at anew for each leaf (§10.4). */
function isSelected({ kind, text }: Selector, path: readonly string[], stack: readonly (readonly string[])[]): boolean {
  const hit = (value: string): boolean => (kind.endsWith('suffix') ? value.endsWith(text) : new RegExp(text).test(value));
  const any = kind.endsWith('comment_regex') ? stack.flat().some(hit) : path.some(hit);
  return kind.startsWith('unencrypted') ? !any : any;
}

function clearBySpecification(node: Commented, selector: Selector, path: readonly string[], stack: readonly string[][]): readonly number[] {
  if (node.kind === 'leaf') return isSelected(selector, path, stack) ? [] : [node.id];
  const level: string[] = [];
  return node.items.flatMap((item) => {
    if (item.kind === 'comment') {
      const before = [...level];
      level.push(item.text);
      const active = selector.kind === 'encrypted_comment_regex' ? before : level;
      return isSelected(selector, path, [...stack, active]) ? [] : [item.id];
    }
    const clear = clearBySpecification(item.value, selector, item.key === null ? path : [...path, item.key], [...stack, level]);
    level.length = 0;
    return clear;
  });
}

test.each(selectorKinds)('%s selects in one walk what the specification selects leaf by leaf', async (kind) => {
  const selector = { kind, text: kind.endsWith('suffix') ? 'x' : 'x|y_' };
  const { root } = await compileSelector(selector, 'app.yaml');
  fc.assert(
    fc.property(commented(['a', 'b', 'ax', 'y_', 'x'], ['n', 'x', 'y']), (document) => {
      expect(clearIds(document, root)).toEqual(clearBySpecification(document, selector, [], []));
    }),
    { numRuns: 300 },
  );
});

test('asks an expression once a key, so that 100,000 levels are no trouble', async () => {
  let scope = await rootOf('encrypted_regex', '^never$');
  const depth = 100_000;
  for (let level = 0; level < depth; level++) scope = scope.enter().entry('key');
  expect(scope.selected).toBe(false);
  expect(at(scope, ['never']).selected).toBe(true);
});

describe('an expression', () => {
  test.each([
    ['[', 'error parsing regexp: missing closing ]: `[`'],
    ['^(?!x)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?!`'],
    [String.raw`(a)\1`, String.raw`error parsing regexp: invalid escape sequence: ` + '`\\1`'],
    ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
    ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
  ])('that RE2 refuses is an error: %s', async (text, reason) => {
    for (const kind of selectorKinds.filter((name) => name.endsWith('regex'))) {
      expect(await problemOfAsync(() => compileSelector({ kind, text }, 'app.yaml'))).toEqual({
        code: 'bad-expression',
        where: 'app.yaml',
        reason,
      });
    }
  });
});

describe('the one selector', () => {
  test('is the one that is set', () => {
    expect(oneSelector({}, 'app.yaml')).toBeNull();
    expect(oneSelector({ encrypted_suffix: '', unencrypted_regex: '' }, 'app.yaml')).toBeNull();
    for (const kind of selectorKinds) expect(oneSelector({ [kind]: 'x' }, 'app.yaml')).toEqual({ kind, text: 'x' });
  });

  test('is an error where two are set, which are named', () => {
    expect(problemOf(() => oneSelector({ encrypted_regex: 'x', unencrypted_suffix: 'y', encrypted_suffix: '' }, 'app.yaml'))).toEqual({
      code: 'selectors-conflict',
      where: 'app.yaml',
      names: ['unencrypted_suffix', 'encrypted_regex'],
    });
  });

  test('is the suffix _unencrypted where nobody says otherwise', () => {
    expect(defaultSelector).toEqual({ kind: 'unencrypted_suffix', text: '_unencrypted' });
  });
});

import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allPages, anchorsOf, proseOf, type Page } from '../helpers/markdown.ts';

const root = join(import.meta.dirname, '..', '..');
const pages = allPages();

/** What is wrong with the links of a page, one line each. */
function brokenLinks(page: Page, among: readonly Page[], exists: (path: string) => boolean): readonly string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (target.startsWith('https:')) return [];
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? page.path : posix.join(dirname(page.path), file);
    if (!exists(path)) return [`${page.path}: ${target}: there is no such file`];
    const linked = among.find((one) => one.path === path);
    if (anchor === undefined || (linked !== undefined && anchorsOf(linked).includes(anchor))) return [];
    return [`${page.path}: ${target}: there is no such heading`];
  });
}

describe.each(pages.map((page) => [page.path, page] as const))('%s', (_, page) => {
  test('links to what is there', () => {
    expect(brokenLinks(page, pages, (path) => existsSync(join(root, path)))).toEqual([]);
  });
});

test('a link that leads nowhere is seen', () => {
  const page = { path: 'docs/a.md', text: '# One, `two`\n[a](b.md) [c](#one-two) [d](#three) [e](../c.md#x) [f](https://example.com/)\n' };
  expect(brokenLinks(page, [page], (path) => path !== 'docs/b.md')).toEqual([
    'docs/a.md: b.md: there is no such file',
    'docs/a.md: #three: there is no such heading',
    'docs/a.md: ../c.md#x: there is no such heading',
  ]);
});

test('every page can be reached from the README', () => {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const page = pages.find((one) => one.path === path);
    if (page === undefined || seen.has(path)) return;
    seen.add(path);
    for (const [, target = ''] of proseOf(page).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) visit(posix.join(dirname(path), target));
  };
  visit('README.md');
  expect(pages.map(({ path }) => path).filter((path) => !seen.has(path))).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A page of the documentation. */
export interface Page {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every page that people read: those at the root, and all below `docs/`. */
export function allPages(): readonly Page[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => ['docs', ...name.split(sep)].join('/'));
  return [...readdirSync(root), ...docs]
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map(readPage);
}

export function readPage(path: string): Page {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

/** The fenced blocks of a language. */
export function blocksOf({ text }: Page, language: string): readonly string[] {
  return [...text.matchAll(/^```(\S*)\n([^]*?)^```$/gm)].flatMap(([, found, content = '']) => (found === language ? [content] : []));
}

/** The text without its fenced blocks. */
export function proseOf({ text }: Page): string {
  return text.replace(/^```[^]*?^```$/gm, '');
}

/** What stands below a heading, up to the next of the same level. */
export function sectionOf(page: Page, heading: string): string {
  const level = '#'.repeat(2);
  const parts = page.text.split(new RegExp(`^(?=${level} )`, 'm'));
  return parts.find((part) => part.startsWith(`${level} ${heading}\n`)) ?? '';
}

/** The code spans in the first cells of the tables of a text. */
export function firstCells(text: string): readonly string[] {
  const cells = [...text.matchAll(/^\|([^|]*)\|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span));
}

/** The names that headings can be linked by. */
export function anchorsOf({ text }: Page): readonly string[] {
  return [...text.replace(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** The name by which a heading is linked: lower case, without marks, spaces made hyphens. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

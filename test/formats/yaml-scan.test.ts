import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scanSyntax } from '../../src/formats/yaml/scan.ts';
import { mutated, seededRandom, yamlText } from '../helpers/yaml-lines.ts';
import { compareScan } from '../helpers/yaml-scan.ts';
import { yamlCases } from '../helpers/yaml-suite.ts';

/** The scanner reads what the parser reads, or leaves the text to it. A million lines more: test/interop/yaml-scan.test.ts. */

const folder = join(import.meta.dirname, '..', 'corpus', 'files');
const corpus = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ya?ml$/.test(name))
  .sort();

test('reads each text of the YAML test suite as the parser does, or leaves it', () => {
  const scans = yamlCases().map(({ id, yaml }) => ({ id, scan: compareScan(yaml) }));

  expect(scans.filter(({ scan }) => scan === 'different')).toEqual([]);
  expect(scans.filter(({ scan }) => scan === 'same').length).toBeGreaterThan(20);
});

test('reads the files that sops wrote for other projects as the parser does, and leaves few', () => {
  const scans = corpus.map((name) => ({ name, scan: compareScan(readFileSync(join(folder, name), 'utf8')) }));

  expect(scans.filter(({ scan }) => scan === 'different')).toEqual([]);
  expect(scans.filter(({ scan }) => scan === 'left').length / scans.length).toBeLessThan(0.15);
});

test('reads generated texts as the parser does, and each with one sign changed', () => {
  const random = seededRandom(1);
  const texts = Array.from({ length: 2000 }, () => yamlText(random)).flatMap((text) => [text, mutated(text, random)]);
  const scans = texts.map((text) => ({ text, scan: compareScan(text) }));

  expect(
    scans
      .filter(({ scan }) => scan === 'different')
      .map(({ text }) => text)
      .slice(0, 3),
  ).toEqual([]);
  expect(scans.filter(({ scan }) => scan === 'same').length / scans.length).toBeGreaterThan(0.2);
});

test.each([
  ['a: x\n', true],
  ['a: "x" # c\n', true],
  ['a:\n    - b: x\n      c: |\n        d\n\n        e\n# f\ng: []\n', true],
  ['a: x\n---\nb: x\n', true],
  ['a: x', false],
  ['a: x\r\n', false],
  ['a: x\ty\n', false],
  ['a: x\n  y\n', false],
  ['a: &b x\n', false],
  ['a: [b]\n', false],
  ['a: |2\n    b\n', false],
  ['a: x \n', false],
  ['? a\n', false],
  ['', false],
])('knows %j: %s', (text, isKnown) => {
  expect(scanSyntax(text) !== null).toBe(isKnown);
});

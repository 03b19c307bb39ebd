import { expect, test } from 'vitest';
import { mutated, seededRandom, yamlText } from '../helpers/yaml-lines.ts';
import { compareScan } from '../helpers/yaml-scan.ts';

/** The scanner of YAML against the parser, over more lines than each test run has time for. */

const lines = Number(process.env['SEC_SCAN_LINES'] ?? '1000000');
const seed = Number(process.env['FC_SEED'] ?? '2');

test(`reads ${lines} generated lines as the parser does, or leaves them`, () => {
  const random = seededRandom(seed);
  const tally = { left: 0, same: 0, different: 0 };
  const different: string[] = [];
  for (let read = 0; read < lines;) {
    const text = yamlText(random);
    for (const variant of [text, mutated(text, random)]) {
      const scan = compareScan(variant);
      tally[scan] += 1;
      read += variant.split('\n').length - 1;
      if (scan === 'different') different.push(variant);
    }
  }
  console.log(`scanned as the parser reads: ${tally.same} texts, left to the parser: ${tally.left}`);

  expect(different.slice(0, 5)).toEqual([]);
  expect(tally.same).toBeGreaterThan(tally.left / 4);
});

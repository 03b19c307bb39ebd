import { afterAll, describe } from 'vitest';

import { describeCases } from '../conformance/describe.ts';
import { differences } from '../conformance/differences.ts';
import { cases, pitfalls } from '../conformance/index.ts';
import { need } from '../helpers/need.ts';

const all = { ...pitfalls, ...cases };

/** Every pitfall and every case of the specification, by two releases of sops and by us. */
describe.skipIf(!need('sops-3.12.2', 'sops-3.13.3'))('beside the real sops', () => {
  describeCases('pitfall', pitfalls, ['sops-3.13.3', 'sops-3.12.2', 'sec']);
  describeCases('case', cases, ['sops-3.13.3', 'sops-3.12.2', 'sec']);

  afterAll(() => {
    const rows = Object.entries(differences).map(([name, text]) => {
      const ids = Object.entries(all).flatMap(([id, { sec }]) =>
        [sec?.why ?? []].flat().includes(name as keyof typeof differences) ? [id] : [],
      );
      return `${text}: ${ids.join(' ')}`;
    });
    console.info([`${Object.keys(all).length} pitfalls and cases. Different on purpose:`, ...rows.map((row) => `  ${row}`)].join('\n'));
  });
});

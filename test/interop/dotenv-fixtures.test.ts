import { describe, expect, test } from 'vitest';

import { openTool } from '../conformance/tool.ts';
import { dotenvFixtures } from '../helpers/dotenv-fixtures.ts';
import { need } from '../helpers/need.ts';

describe.skipIf(!need('sops-3.12.2', 'sops-3.13.3')).each(['sops-3.12.2', 'sops-3.13.3'] as const)('beside %s', (release) => {
  test.each(dotenvFixtures)('get prints what sops extracts: $name', async ({ bytes }) => {
    const [sops, sec] = [openTool(release), openTool('sec')];
    const sealed = await sops.encrypt('f.env', bytes);
    // A text that sops does not take has values over several lines, or is no `.env` text to us either.
    if (sealed.status !== 0) return;

    sops.write('f.env', sealed.out);
    sec.write('f.env', sealed.out);
    for (const key of keysOf(sealed.out)) {
      const extracted = await sops.run(['decrypt', '--extract', `["${key}"]`, 'f.env']);
      const got = await sec.run(['get', 'f.env', `["${key}"]`]);
      expect({ key, status: got.status, text: got.bytes.toString('hex') }).toEqual({
        key,
        status: 0,
        text: extracted.bytes.toString('hex'),
      });
    }
  });
});

function keysOf(sealed: string): readonly string[] {
  const lines = sealed.split('\n').filter((line) => line !== '' && !/^#|^sops_/.test(line));
  return [...new Set(lines.map((line) => line.slice(0, line.indexOf('='))))];
}

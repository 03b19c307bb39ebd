import { describe, expect, test } from 'vitest';

import { openTool } from '../conformance/tool.ts';
import type { Ended, Tool } from '../conformance/tool.ts';
import { hardKeys, hardTexts } from '../hard/texts.ts';
import { alice } from '../helpers/sec.ts';
import { need } from '../helpers/need.ts';
import { differences } from './hard.expected.ts';

const releases = ['sops-3.12.2', 'sops-3.13.3'] as const;
const usually = new Set(['sops opens ours as its own', 'both refuse it']);

describe.skipIf(!need(...releases)).each(releases)('beside %s', (release) => {
  test.each(hardTexts)('$name', async ({ name, file, bytes }) => {
    const [sops, sec] = [openTool(release), openTool('sec')];
    const [ours, theirs] = [await sec.encrypt(file, bytes), await sops.encrypt(file, bytes)];

    const outcome = await compare(sops, file, ours, theirs);
    expect({ name, outcome }).toEqual({ name, outcome: expectedOf(name, outcome) });
  });

  test.each(hardKeys.map((key) => [key]))('the key %j in every format', async (key) => {
    const [sops, sec] = [openTool(release), openTool('sec')];
    const flags = ['--age', alice.recipient];
    const outcomes: Record<string, string> = {};
    for (const type of ['json', 'yaml', 'dotenv', 'ini']) {
      const tree = type === 'ini' ? { s: { [key]: 'x' } } : { [key]: 'x' };
      const args = ['--output-type', type, ...flags];
      const [ours, theirs] = [
        await sec.encrypt('f.json', JSON.stringify(tree), args),
        await sops.encrypt('f.json', JSON.stringify(tree), args),
      ];
      outcomes[type] = await compare(sops, `f.${type === 'dotenv' ? 'env' : type}`, ours, theirs);
    }
    const unusual = Object.fromEntries(Object.entries(outcomes).filter(([, outcome]) => !usually.has(outcome)));
    expect(unusual).toEqual(expectedOfKey(release, key));
  });
});

function expectedOfKey(release: string, key: string): unknown {
  const tables = [differences.keys, ...(release === 'sops-3.12.2' ? [differences.keysOf3122] : [])];
  return tables.find((table) => Object.hasOwn(table, key))?.[key] ?? {};
}

function expectedOf(name: string, outcome: string): string {
  return differences.texts[name] ?? (usually.has(outcome) ? outcome : 'sops opens ours as its own');
}

async function compare(sops: Tool, file: string, ours: Ended, theirs: Ended): Promise<string> {
  if (ours.status !== 0) return theirs.status === 0 ? 'sops alone takes it' : 'both refuse it';
  const opened = await asJson(sops, file, ours.bytes);
  if (theirs.status !== 0)
    return opened.status === 0 ? 'sec alone takes it, and sops opens it' : 'sec alone takes it, and sops does not open it';
  const own = await asJson(sops, file, theirs.bytes);
  if (own.status !== 0) return opened.status === 0 ? 'sops opens only ours' : 'sops opens neither';
  if (opened.status !== 0) return 'sops does not open ours';
  return opened.out === own.out ? 'sops opens ours as its own' : 'sops opens ours to other values';
}

function asJson(sops: Tool, file: string, sealed: Uint8Array): Promise<Ended> {
  return sops.decrypt(file, sealed, file.endsWith('.bin') ? [] : ['--output-type', 'json']);
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { need } from '../helpers/need.ts';
import { alice, sec } from '../helpers/sec.ts';
import { sopsFolder } from '../helpers/sops-folder.ts';
import type { Sops, SopsFolder } from '../helpers/sops-folder.ts';
import { byId, yamlCases } from '../helpers/yaml-suite.ts';
import type { YamlCase } from '../helpers/yaml-suite.ts';
import { differences } from './yaml-suite.expected.ts';

/** What sops and we make of each text of the YAML test suite; `differences` has all that is neither of the last two. */
type Outcome =
  | 'sec opens theirs to other values'
  | 'sops alone takes it'
  | 'sec alone takes it, and sops opens it'
  | 'sec alone takes it, and sops does not open it'
  | 'sops opens ours to other values'
  | 'sops opens ours with other comments'
  | 'sops opens ours as its own'
  | 'both refuse it';

const releases = ['sops-3.12.2', 'sops-3.13.3'] as const satisfies readonly Sops[];
const expected = byId(differences);

describe.skipIf(!need(...releases, 'age-keygen')).each(releases)('takes the texts that %s takes', (release) => {
  let folder: SopsFolder;
  const counts = new Map<Outcome, number>();
  beforeAll(() => {
    folder = sopsFolder();
    folder.folder.write('key.txt', alice.identity);
  });
  afterAll(() => {
    folder.folder.remove();
    console.info(
      [`The YAML test suite and ${release}:`, ...[...counts].map(([what, count]) => `${String(count).padStart(5)} ${what}`)].join('\n'),
    );
  });

  test.each(yamlCases().map((one) => [one.id, one.name, one] as const))('%s %s', async (id, _, one) => {
    const outcome = await compare(folder, release, one);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);

    expect(outcome).toBe(expected.get(id) ?? (outcome === 'both refuse it' ? outcome : 'sops opens ours as its own'));
  });
});

async function compare(folder: SopsFolder, release: Sops, { yaml }: YamlCase): Promise<Outcome> {
  const ours = await sec(['encrypt', '--age', alice.recipient, 'f.yaml'], { 'f.yaml': yaml });
  folder.folder.write('f.yaml', yaml);
  const theirs = folder.sops(release, ['encrypt', '--age', alice.recipient, 'f.yaml']);
  const wanted = theirs.status === 0 ? open(folder, release, theirs.out) : null;
  if (wanted !== null && (await openedByUs(theirs.out)) !== wanted.json.out) return 'sec opens theirs to other values';
  if (ours.status !== 0) return wanted === null ? 'both refuse it' : 'sops alone takes it';
  const opened = open(folder, release, ours.out);
  if (wanted === null)
    return opened.json.status === 0 ? 'sec alone takes it, and sops opens it' : 'sec alone takes it, and sops does not open it';
  if (opened.json.status !== 0 || opened.json.out !== wanted.json.out) return 'sops opens ours to other values';
  return opened.yaml.out === wanted.yaml.out ? 'sops opens ours as its own' : 'sops opens ours with other comments';
}

async function openedByUs(sealed: string): Promise<string> {
  const files = { 'f.yaml': sealed, '~/.config/sops/age/keys.txt': alice.identity };
  return (await sec(['decrypt', '--output-type', 'json', 'f.yaml'], files)).out;
}

type Ended = ReturnType<SopsFolder['sops']>;

function open(folder: SopsFolder, release: Sops, sealed: string): { readonly json: Ended; readonly yaml: Ended } {
  folder.folder.write('sealed.yaml', sealed);
  return {
    json: folder.sops(release, ['decrypt', '--output-type', 'json', 'sealed.yaml']),
    yaml: folder.sops(release, ['decrypt', 'sealed.yaml']),
  };
}

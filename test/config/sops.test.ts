import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readConfig } from '../../src/config/read.ts';
import { findRule } from '../../src/config/rule.ts';
import { SecError } from '../../src/core/problem.ts';
import { programPath, testWith } from '../helpers/need.ts';
import { parseYaml } from './parse-yaml.ts';

// What the rules of a .sops.yaml mean, asked of sops itself: each case is encrypted by it, and its file is compared with our rule.

const alice = 'age154qathdx7hn9lvnzjhxenh497qny20w3qedl3kl6mxq6aay5jyasfdpffk';
const bob = 'age1x9cmnj3ywyg93yzmcz7fsthqfe9s4j6s9k5cdluqc984qyxzrp6q2l2k7p';

const cases: readonly string[] = [
  `- age: ["${alice},${bob}"]`,
  `- age: " ${alice} , ${bob} ,"`,
  `- age: [${alice}, ${alice}]`,
  `- { key_groups: [], age: ${alice} }`,
  `- { age: ${alice}, key_groups: [{ age: [${bob}] }] }`,
  `- key_groups: [{ merge: [{ age: [${alice}] }, { merge: [{ age: [${bob}] }] }], age: [${alice}] }]`,
  `- key_groups: [{ age: [${alice}, ${alice}, "${bob},${alice}"] }]`,
  '- age:\n  pgp: ""',
  '- age: { x: y }',
  '- age: [{ x: y }]',
  '- age: true',
  `- { age: ${alice}, foo: 1 }`,
  `- { Age: ${alice}, age: ${bob} }`,
  `- { age: ${alice}, mac_only_encrypted: yes }`,
  `- { age: ${alice}, mac_only_encrypted: "Y" }`,
  `- { age: ${alice}, mac_only_encrypted: Off }`,
  `- { age: ${alice}, mac_only_encrypted: TRUE }`,
  `- { age: ${alice}, mac_only_encrypted: oN }`,
  `- { age: ${alice}, mac_only_encrypted: 1 }`,
  `- { age: ${alice}, shamir_threshold: 2.0 }`,
  `- { age: ${alice}, shamir_threshold: 1 }`,
  `- { age: ${alice}, encrypted_suffix: _e, encrypted_regex: x }`,
  `- { age: ${alice}, encrypted_suffix: "", encrypted_regex: x }`,
  `- { path_regex: zzz, encrypted_suffix: _e, encrypted_regex: x }\n- age: ${alice}`,
  `- { path_regex: "(", age: ${alice} }\n- age: ${bob}`,
  `- age: ${bob}\n- { path_regex: "(", age: ${alice} }`,
  `- { age: ${alice}, age: ${bob} }`,
  `- { path_regex: ^f, age: ${alice} }\n- age: ${bob}`,
  `- { path_regex: /f, age: ${alice} }\n- age: ${bob}`,
  `- { path_regex: "", age: ${alice} }\n- age: ${bob}`,
  `- { path_regex: '\\.YAML$', age: ${alice} }`,
  `- { path_regex: '(?i)\\.YAML$', age: ${alice} }`,
  `- &x { path_regex: no, age: ${alice} }\n- { <<: *x, path_regex: f }`,
  '- age: AGE-SECRET-KEY-1XXX',
  'x',
];

for (const text of cases) {
  testWith('sops-3.13.3')(`reads ${JSON.stringify(text)} as sops does`, () => expectSameMeaning(`creation_rules:\n${text}\n`));
}

async function expectSameMeaning(config: string): Promise<void> {
  expect(await ours(config)).toEqual(await theirs(config));
}

interface Meaning {
  readonly recipients: readonly string[];
  readonly settings: readonly string[];
}

/** `null` where it is refused, or locks for nobody. */
async function ours(text: string): Promise<Meaning | null> {
  try {
    const config = await readConfig(text, { file: '/p/.sops.yaml', name: '.sops.yaml', dialect: 'sops' }, parseYaml);
    const rule = await findRule(config, '/p/f.yaml');
    const recipients = (rule?.groups ?? []).flat().map((recipient) => ('text' in recipient ? recipient.text : ''));
    if (rule === null || recipients.length === 0) return null;
    const { kind, text: selected } = rule.selector ?? { kind: 'unencrypted_suffix', text: '_unencrypted' };
    const threshold = rule.shamirThreshold === null ? [] : [`shamir_threshold: ${rule.shamirThreshold}`];
    const mac = rule.macOnlyEncrypted ? ['mac_only_encrypted: true'] : [];
    return { recipients, settings: [...mac, ...threshold, `${kind}: ${selected}`].sort() };
  } catch (error) {
    if (error instanceof SecError) return null;
    throw error;
  }
}

async function theirs(text: string): Promise<Meaning | null> {
  const folder = await mkdtemp(join(tmpdir(), 'sec-config-'));
  try {
    await writeFile(join(folder, '.sops.yaml'), text);
    await writeFile(join(folder, 'f.yaml'), 'a: 1\n');
    const sealed = await sops(folder);
    if (sealed === null) return null;
    const lines = sealed.split('\n');
    return {
      recipients: lines.flatMap((line) => /recipient: (\S+)/.exec(line)?.[1] ?? []),
      settings: lines.flatMap((line) => /^ {4}((?:shamir|mac_only|(?:un)?encrypted)_\w+: .*)$/.exec(line)?.[1] ?? []).sort(),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function sops(folder: string): Promise<string | null> {
  const options = { cwd: folder, env: { HOME: folder, SOPS_DISABLE_VERSION_CHECK: '1' } };
  return new Promise((resolve) => {
    execFile(programPath('sops-3.13.3'), ['encrypt', 'f.yaml'], options, (error, stdout) => resolve(error === null ? stdout : null));
  });
}

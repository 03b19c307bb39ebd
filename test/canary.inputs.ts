import { canary } from './helpers/canary-world.ts';
import type { CanaryOptions } from './helpers/canary-world.ts';
import { alice } from './helpers/sec.ts';
import type { FileTexts } from './helpers/sec.ts';

export interface Input {
  readonly args: readonly string[];
  readonly files: FileTexts;
  readonly options?: CanaryOptions;
  readonly status: number;
}

/** Plain texts that `encrypt` refuses. */
const texts: readonly (readonly [name: string, text: string, status?: number])[] = [
  ['f.yaml', `a: "${canary}\nb: 1\n`],
  ['f.yaml', `a: '${canary}\n`],
  ['f.yaml', `a: ${canary}: x\n`],
  ['f.yaml', `a: x\n  ${canary}: y\n`],
  ['f.yaml', `a: [${canary}, {${canary}\n`],
  ['f.yaml', `a: {${canary}: [}\n`],
  ['f.yaml', `a: *${canary}\n`],
  ['f.yaml', `a: &${canary} *${canary}\n`],
  ['f.yaml', `a: !!int ${canary}\n`],
  ['f.yaml', `a: !!float ${canary}\n`],
  ['f.yaml', `a: !!bool ${canary}\n`],
  ['f.yaml', `a: !!timestamp ${canary}\n`],
  ['f.yaml', `a: !!binary "${canary}*"\n`],
  ['f.yaml', `a: !<${canary} x\n`],
  ['f.yaml', `a: "\\${canary}"\n`],
  ['f.yaml', `a: "\\xz${canary}"\n`],
  ['f.yaml', `%${canary} 1\na: 1\n`],
  ['f.yaml', `a: |${canary}\n  x\n`],
  ['f.yaml', `a: @${canary}\n`],
  ['f.yaml', `a: \`${canary}\n`],
  ['f.yaml', `\ta: ${canary}\n`],
  ['f.yaml', `a: ${canary}\rb: ${canary}\n`],
  ['f.yaml', `a: ${canary}\na: ${canary}\n`],
  ['f.yaml', `a: ${canary}\n- ${canary}\n`],
  ['f.yaml', `- ${canary}\n`],
  ['f.yaml', `${canary}\n`],
  ['f.yaml', `"${canary}"\n`],
  ['f.yaml', `? [${canary}]\n: ${canary}\n`, 23],
  ['f.yaml', `1: ${canary}\n`, 23],
  ['f.yaml', `a: ${canary}\nb: 18446744073709551615\n`, 23],
  ['f.yaml', `a: ${canary}\nsops: ${canary}\n`, 203],
  ['f.yaml', `a: ${canary}\n---\nsops: ${canary}\n`, 4],
  ['f.yaml', `${'[{a: '.repeat(3000)}${canary}\n`],
  ['f.yaml', `${'a:\n'.repeat(1)}${Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth + 1)}a:\n`).join('')} ${canary}\n`],
  ['f.json', `{"a": "${canary}`],
  ['f.json', `{"a": ${canary}}`],
  ['f.json', `{"a": "${canary}",}`],
  ['f.json', `{"a" "${canary}"}`],
  ['f.json', `{"a": "\\${canary}"}`],
  ['f.json', `{"a": "${canary}\n"}`],
  ['f.json', `{"a": 1e999, "b": "${canary}"}`],
  ['f.json', `["${canary}"]`],
  ['f.json', `"${canary}"`],
  ['f.json', canary],
  ['f.json', `{"sops": "${canary}"}`, 203],
  ['f.json', `${'['.repeat(9000)}"${canary}"`],
  ['f.env', `${canary}\n`],
  ['f.env', `a=1\n  # ${canary}\n`],
  ['f.env', `a="1\n${canary}\n`],
  ['f.env', `sops_mac=${canary}\n`, 203],
  ['f.ini', `${canary}\n`],
  ['f.ini', `[${canary}\n`],
  ['f.ini', `[s]\n${canary}\n`],
  ['f.ini', `[s]\n= ${canary}\n`],
  ['f.ini', `[s]\na = """${canary}\n`],
  ['f.ini', `[s]\n"${canary}\n`],
  ['f.ini', `[sops]\na = ${canary}\n`, 203],
];

const refusedTexts = texts.map(([name, text, status = 2]): readonly [string, Input] => [
  `${name}: ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}`,
  { args: ['encrypt', '--age', alice.recipient, name], files: { [name]: text }, status },
]);

const whole = { 'f.yaml': `a: ${canary}\nb: [{c: ${canary}}, .nan, ~]\n` };

function encrypting(what: string, flags: readonly string[], status: number, more: Partial<Input> = {}): readonly [string, Input] {
  return [
    `encrypt ${what}`,
    { args: ['encrypt', ...flags, 'f.yaml'], files: { ...whole, ...more.files }, status, ...(more.options && { options: more.options }) },
  ];
}

/** What else keeps a good text from being encrypted. */
const refusedRuns: readonly (readonly [string, Input])[] = [
  encrypting('for nobody', [], 1),
  encrypting('by a rule that does not fit', [], 1, {
    files: { '.secretsrc.yaml': `creation_rules:\n  - path_regex: x\n    age: ${alice.recipient}\n` },
  }),
  encrypting('by a broken configuration', [], 1, { files: { '.secretsrc.yaml': `creation_rules: [${canary}\n` } }),
  encrypting('by a configuration of something else', [], 1, {
    files: { '.secretsrc.yaml': `creation_rules:\n  - age: [{${canary}: 1}]\n` },
  }),
  encrypting('for a recipient that is none', ['--age', 'age1nobody'], 1),
  encrypting('for a fingerprint that is none', ['--pgp', 'nobody'], 1),
  encrypting('for an OpenPGP key that is not there', ['--pgp', '0000000000000000000000000000000000000000'], 1),
  encrypting('with an expression that is none', ['--age', alice.recipient, '--encrypted-regex', '('], 1),
  encrypting('with two rules', ['--age', alice.recipient, '--encrypted-regex', 'a', '--unencrypted-suffix', 'b'], 8),
  encrypting('to two places', ['--age', alice.recipient, '-i', '--output', 'x'], 8),
  encrypting('to .env', ['--age', alice.recipient, '--output-type', 'dotenv'], 4),
  encrypting('to INI', ['--age', alice.recipient, '--output-type', 'ini'], 4),
  encrypting('to a type that is none', ['--age', alice.recipient, '--output-type', canary.toLowerCase()], 1),
  encrypting('to a folder that is missing', ['--age', alice.recipient, '--output', 'missing/x'], 3),
  encrypting('with an option that is none', ['--age', alice.recipient, '--what'], 1),
];

export const inputs: readonly (readonly [string, Input])[] = [...refusedTexts, ...refusedRuns];

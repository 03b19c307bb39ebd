import type { DropInCase } from '../../helpers/drop-in.ts';

const rules = (rule: string): Readonly<Record<string, string>> => ({ '.sops.yaml': `creation_rules:\n${rule}` });
const age = '  - age: age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x\n';

/** `encrypt`, and whom and what for. */
export const encrypting: readonly DropInCase[] = [
  { name: 'encrypt to stdout', lines: ['yaml', 'json', 'env', 'ini', 'txt'].map((type) => `sops encrypt --age "$A" p.${type}`), err: true },
  { name: 'encrypt in place', lines: ['sops encrypt -i --age "$A" p.yaml', 'sops -e -i -a "$A" p.json'], err: true },
  {
    name: 'encrypt to another file',
    lines: ['sops encrypt --age "$A" --output o.yaml p.yaml', 'sops encrypt -i --output o.yaml p.yaml'],
    err: true,
  },
  {
    name: 'encrypt from stdin',
    lines: [
      'sops encrypt --age "$A" --filename-override x.yaml < p.yaml',
      'sops encrypt --age "$A" < p.yaml',
      'sops encrypt --age "$A" --filename-override x.json --input-type yaml < p.yaml',
    ],
    err: true,
  },
  {
    name: 'types by suffix',
    lines: [
      'cp p.yaml x.yml; sops encrypt --age "$A" x.yml',
      'cp p.env .env.local; sops encrypt --age "$A" .env.local',
      'cp p.yaml x.YAML; sops encrypt --age "$A" x.YAML',
      'cp p.yaml x.yaml.enc; sops encrypt --age "$A" x.yaml.enc',
      'cp p.env .env; sops encrypt --age "$A" .env',
    ],
  },
  {
    name: 'types by flag',
    lines: [
      'sops encrypt --age "$A" --output-type json p.yaml',
      'sops encrypt --age "$A" --output-type yaml p.json',
      'sops encrypt --age "$A" --output-type yaml p.env',
      'sops encrypt --age "$A" --input-type binary --output-type binary p.yaml',
      'sops encrypt --age "$A" --input-type env p.txt',
      'sops encrypt --age "$A" --input-type nope p.yaml',
      'sops encrypt --age "$A" --output-type dotenv v.yaml',
      'sops encrypt --age "$A" --output-type dotenv p.yaml',
    ],
    files: { 'v.yaml': 'a: x\nb: 1\n' },
  },
  {
    name: 'filename override',
    lines: ['sops encrypt --filename-override prod/x.yaml p.txt', 'sops encrypt --filename-override x.yaml p.yaml'],
    files: rules(`  - path_regex: prod/.*\n  ${age.trim().replace('- ', '  ')}\n`),
  },
  {
    name: 'keys: age',
    lines: [
      'sops encrypt --age "$A,$B" p.yaml',
      'SOPS_AGE_RECIPIENTS="$B" sops encrypt p.yaml',
      'sops encrypt --age "$A , $B" p.yaml',
      'sops encrypt --age "" p.yaml',
      'sops encrypt --age "$A," p.yaml',
      'sops encrypt --age age1nope p.yaml',
    ],
  },
  {
    name: 'keys: PGP',
    lines: [
      'sops encrypt --pgp 0000000000000000000000000000000000000000 p.yaml',
      'gpg --batch --quiet --passphrase "" --quick-generate-key app future-default default never 2>/dev/null',
      'sops encrypt --pgp "$(./fp.sh)" flat.yaml > g.yaml && sops decrypt --output-type json g.yaml; rm g.yaml',
      'sops encrypt --pgp "$(./fp.sh | tr A-F a-f)" --age "$A" p.yaml | grep -c "fp: "',
      'SOPS_PGP_FP="$(./fp.sh)" sops encrypt p.json > g.json && sops decrypt --extract \'["c"]["d"]\' g.json; rm g.json',
      'sops rotate -i --add-pgp "$(./fp.sh)" e.yaml && SOPS_AGE_KEY= sops decrypt e.yaml; grep -c "fp: " e.yaml',
      'sops rotate -i --rm-age "$A" e.yaml && sops decrypt --decryption-order pgp,age e.yaml; grep -c "age1" e.yaml',
      'sops rotate -i --add-age "$A" --rm-pgp "$(./fp.sh)" e.yaml && sops decrypt e.yaml; grep -c "fp: " e.yaml',
      'gpgconf --kill all',
    ],
    files: { 'fp.sh': "#!/bin/sh\ngpg --list-keys --with-colons | sed -n 's/^fpr:*//p' | head -1 | tr -d :\n" },
  },
  {
    name: 'AWS profile and context',
    lines: ['sops encrypt --encryption-context a --age "$A" p.yaml', 'sops encrypt --encryption-context a:b --age "$A" p.yaml'],
  },
  {
    name: 'keys from the configuration',
    lines: ['sops encrypt p.yaml', 'sops encrypt p.json', 'sops encrypt --age "$B" p.yaml'],
    files: rules(age),
  },
  {
    name: 'a rule that does not match',
    lines: [
      'sops encrypt p.yaml',
      'sops encrypt --age "$A" p.yaml',
      'SOPS_AGE_RECIPIENTS="$A" sops encrypt p.yaml',
      'sops decrypt e.yaml',
      'sops set e.yaml \'["a"]\' 3',
      'sops rotate -i e.yaml',
      'sops -r -i e.json',
    ],
    files: rules(`  - path_regex: nope\n    ${age.trim().slice(2)}\n`),
    err: true,
  },
  {
    name: 'the path of the configuration',
    lines: [
      'sops --config c.yaml encrypt p.yaml',
      'SOPS_CONFIG=c.yaml sops encrypt p.yaml',
      'sops --config nope.yaml encrypt --age "$A" p.yaml 2>/dev/null',
      'sops --config nope.yaml decrypt e.yaml 2>/dev/null',
      'sops encrypt --config c.yaml p.yaml >/dev/null 2>&1',
    ],
    files: { 'c.yaml': `creation_rules:\n${age}` },
  },
  {
    name: 'the configuration of the working folder',
    lines: ['sops encrypt sub/x.yaml', 'cd sub && sops encrypt x.yaml', 'cd sub && sops encrypt ../p.yaml'],
    files: {
      ...rules(age),
      'sub/.sops.yaml': `creation_rules:\n  - unencrypted_suffix: _x\n    ${age.trim().slice(2)}\n`,
      'sub/x.yaml': 'a_x: 1\n',
    },
  },
  {
    name: 'a configuration by another name',
    lines: ['sops encrypt p.yaml 2>/dev/null', 'sops decrypt e.yaml 2>/dev/null'],
    files: { '.sops.yml': `creation_rules:\n${age}` },
  },
  {
    name: 'a broken configuration',
    lines: [
      'sops decrypt e.yaml 2>/dev/null',
      'sops encrypt --age "$A" p.yaml 2>/dev/null',
      'sops set e.yaml \'["a"]\' 1 2>/dev/null',
      'sops filestatus e.yaml 2>/dev/null',
      'sops exec-env e-flat.yaml true 2>/dev/null',
    ],
    files: { '.sops.yaml': 'creation_rules: [\n' },
  },
  {
    name: 'unencrypted suffix',
    lines: ['sops encrypt --age "$A" --unencrypted-suffix _x s.yaml', 'sops encrypt --age "$A" s.yaml'],
    files: { 's.yaml': 'a_x: 1\nb_unencrypted: 2\nc: 3\n' },
  },
  { name: 'encrypted suffix', lines: ['sops encrypt --age "$A" --encrypted-suffix _x s.yaml'], files: { 's.yaml': 'a_x: 1\nb: 2\n' } },
  {
    name: 'regexes',
    lines: [
      'sops encrypt --age "$A" --encrypted-regex "^a" s.yaml',
      'sops encrypt --age "$A" --unencrypted-regex "^a" s.yaml',
      'sops encrypt --age "$A" --encrypted-regex "^zzz" s.yaml',
    ],
    files: { 's.yaml': 'a_x: 1\nb: 2\n' },
    err: true,
  },
  {
    name: 'comment regexes',
    lines: [
      'sops -e --age "$A" --encrypted-comment-regex hide s.yaml',
      'sops -e --age "$A" --unencrypted-comment-regex hide s.yaml',
      'sops encrypt --age "$A" --encrypted-comment-regex hide s.yaml >/dev/null 2>&1',
    ],
    files: { 's.yaml': '# hide\na: 1\nb: 2\n' },
  },
  {
    name: 'selectors that exclude each other',
    lines: ['sops encrypt --age "$A" --encrypted-suffix x --unencrypted-suffix y p.yaml', 'sops encrypt p.yaml'],
    files: rules(`  - encrypted_suffix: a\n    encrypted_regex: b\n    ${age.trim().slice(2)}\n`),
  },
  {
    name: 'a MAC over encrypted values only',
    lines: [
      'sops --mac-only-encrypted encrypt --age "$A" --encrypted-suffix _x s.yaml',
      'sops -e --mac-only-encrypted --age "$A" s.yaml',
      'sops encrypt --mac-only-encrypted --age "$A" s.yaml >/dev/null 2>&1',
    ],
    files: { 's.yaml': 'a_x: 1\nb: 2\n' },
  },
  {
    name: 'key groups and threshold',
    lines: [
      'sops encrypt p.yaml',
      'sops encrypt --shamir-secret-sharing-threshold 2 p.yaml',
      'sops encrypt --shamir-secret-sharing-threshold 9 p.yaml',
      'sops encrypt --age "$A" --shamir-secret-sharing-threshold 2 p.yaml',
    ],
    files: rules(
      '  - key_groups:\n      - age: [age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x]\n      - age: [age15fee46pytlsgfgvhq77h58ctk4q62hws04j69h2uvtn7s5cwn45qy4ltdg]\n',
    ),
  },
  {
    name: 'encrypted already',
    lines: [
      'sops encrypt --age "$A" e.yaml',
      'sops encrypt --age "$A" e.json',
      'sops encrypt --age "$A" e.env',
      'sops encrypt --age "$A" e.ini',
      'sops encrypt --age "$A" s.yaml',
    ],
    files: { 's.yaml': 'sops: x\n' },
    err: true,
  },
  {
    name: 'empty input',
    lines: ['sops encrypt --age "$A" s.yaml', 'sops encrypt --age "$A" s.json 2>/dev/null', 'sops encrypt --age "$A" s.txt'],
    files: { 's.yaml': '', 's.json': '', 's.txt': '', 'c.yaml': '# only\n' },
    err: true,
  },
  { name: 'an empty key group', lines: ['sops encrypt p.yaml'], files: rules('  - path_regex: .*\n'), err: true },
  {
    name: 'whole files have no selectors',
    lines: ['sops encrypt --age "$A" --encrypted-regex x p.txt', 'sops encrypt --age "$A" --unencrypted-suffix x p.txt'],
  },
  {
    name: 'indentation',
    lines: [
      'sops --indent 2 -d e.yaml',
      'sops --indent 2 decrypt e.json',
      'sops -d --output-type json e.yaml',
      'sops decrypt --output-type yaml e.json',
      'sops --indent 2 decrypt --output-type yaml e.json',
    ],
  },
  {
    name: 'indentation by the configuration',
    lines: ['sops decrypt --output-type json e.yaml', 'sops decrypt --output-type yaml e.json', 'sops decrypt e.txt'],
    files: { '.sops.yaml': 'stores:\n    yaml:\n        indent: 2\n    json:\n        indent: 3\n' },
  },
  {
    name: 'several documents',
    lines: ['sops encrypt --age "$A" m.yaml', 'sops decrypt e-m.yaml', 'sops decrypt --output-type json e-m.yaml'],
  },
  {
    name: 'plain text that cannot be read',
    lines: [
      'sops encrypt --age "$A" s.yaml 2>/dev/null',
      'sops encrypt --age "$A" s.json 2>/dev/null',
      'sops decrypt s.yaml 2>/dev/null',
      'sops encrypt --age "$A" l.json 2>/dev/null',
    ],
    files: { 's.yaml': 'a: [\n', 's.json': '{', 'l.json': '[1]' },
  },
];

import type { DropInCase } from '../../helpers/drop-in.ts';

const age = 'age: age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x';
const commented = 'list:\n    # first\n    - x\n    - y\n';

/** What surprises in sops, by its numbers in `docs/sops.md`. */
export const quirks: readonly DropInCase[] = [
  { name: 'Q1', lines: ['EDITOR="cp flat.yaml" sops --age "$A" decypt && cat decypt >/dev/null'] },
  { name: 'Q2', lines: ['sops -i decrypt e.yaml', 'sops --output-type json decrypt e.yaml', 'sops --extract \'["a"]\' decrypt e.yaml'] },
  { name: 'Q3', lines: ['sops --verbose decrypt e.yaml'], err: true },
  {
    name: 'Q4',
    lines: [
      'sops set e.yaml --idempotent \'["a"]\' 1',
      'sops decrypt --ignore-mac e.yaml --extract \'["a"]\'',
      'sops exec-file --no-fifo e.yaml true --filename x',
    ],
    err: true,
  },
  { name: 'Q5', lines: ['sops decrypt --input-type YAML e.yaml', 'sops decrypt --output-type env e.yaml'] },
  {
    name: 'Q6',
    lines: [
      'cp p.env .env.local; sops encrypt --age "$A" .env.local | grep -c data:',
      'cp e.yaml x.yaml.enc; sops decrypt x.yaml.enc 2>/dev/null',
    ],
  },
  {
    name: 'Q7',
    lines: ['sops encrypt --age "$A" p.yaml', 'sops -r e.yaml', 'sops --set \'["a"] 1\' e.yaml', 'EDITOR=true sops e.yaml'],
    files: { '.sops.yaml': `creation_rules:\n  - path_regex: nope\n    ${age}\n` },
    err: true,
  },
  {
    name: 'Q8',
    lines: ['cd sub && sops decrypt ../e.yaml 2>/dev/null', 'cd sub && sops rotate ../e.yaml 2>/dev/null'],
    files: { '.sops.yaml': 'creation_rules: [', 'sub/x': '' },
  },
  {
    name: 'Q9',
    lines: ['sops encrypt sub/x.yaml', 'cd sub && sops encrypt x.yaml'],
    files: { 'sub/.sops.yaml': `creation_rules:\n  - ${age}\n`, 'sub/x.yaml': 'a: 1\n' },
    err: true,
  },
  {
    name: 'Q10',
    lines: [
      'SOPS_DISABLE_VERSION_CHECK=maybe sops -v',
      'SOPS_ENABLE_LOCAL_KEYSERVICE=maybe sops filestatus e.yaml',
      'SOPS_DISABLE_VERSION_CHECK= sops decrypt e.json',
      'SOPS_ENABLE_LOCAL_KEYSERVICE= sops decrypt e.yaml 2>/dev/null',
    ],
  },
  { name: 'Q11', lines: ['sops decrypt -', 'cp e.yaml ./-; sops decrypt --input-type yaml --output-type yaml -'] },
  { name: 'Q12', lines: ['ln -s e.yaml link.yaml; sops set link.yaml \'["a"]\' 7; test -h link.yaml; stat -c %a e.yaml; rm link.yaml'] },
  {
    name: 'Q13',
    lines: ['umask 022; sops decrypt --output o.yaml e.yaml; stat -c %a o.yaml'],
    except: { what: ['out'], why: 'a plain text is for nobody else' },
  },
  {
    name: 'Q14',
    lines: ['sops encrypt --age "$A" e.txt'],
    except: { what: ['out', 'status'], why: 'a thing that is done twice should change nothing' },
  },
  {
    name: 'Q15',
    lines: [
      'sops decrypt --extract \'["b"]\' e.yaml',
      'sops decrypt --extract \'["b"]\' e.json',
      'sops decrypt --extract \'["a"]\' e.yaml',
      'sops decrypt --extract \'["a"]\' e.json',
      'sops decrypt --extract \'["c"]["d"]\' e.json',
    ],
  },
  {
    name: 'Q16',
    lines: ['sops encrypt -i --age "$A" s.yaml', 'sops decrypt --extract \'["list"][1]\' s.yaml', 'sops unset s.yaml \'["list"][2]\''],
    files: { 's.yaml': commented },
    except: { what: ['status', 'out', 'files'], why: 'the first host of a list is its first value' },
  },
  {
    name: 'Q17',
    lines: [
      "sops set e.yaml '[\"a\"]' '[1]'",
      'sops set e.yaml \'["k"]\' \'{"l": [1]}\'',
      'sops set e.yaml \'["a"]\' 5',
      'sops set e.env \'["A"]\' 5',
      'sops set e.ini \'["one"]["a"]\' 5',
    ],
  },
  { name: 'Q18', lines: ['sops set e.yaml \'["b"][99]\' \'"far"\''] },
  {
    name: 'Q19',
    lines: [
      "sops decrypt --extract '[]' e.yaml 2>/dev/null",
      'sops decrypt --extract \'["b"]["x"]\' e.yaml 2>/dev/null',
      'sops set e.yaml \'["b"]["x"]\' 1 2>/dev/null',
      'sops set e.yaml "" 1 2>/dev/null',
    ],
    except: { what: ['status'], why: 'it crashes' },
  },
  {
    name: 'Q20',
    lines: ['EDITOR="sed -i s/text/other/" sops edit -s e.yaml'],
    except: { what: ['files'], why: 'an edit is not thrown away' },
  },
  {
    name: 'Q21',
    lines: ['EDITOR=./bad.sh timeout 3 sops edit e.yaml >/dev/null 2>&1'],
    files: { 'bad.sh': '#!/bin/sh\necho "a: [" > "$1"\n' },
    except: { what: ['status'], why: 'it goes on without end' },
  },
  { name: 'Q22', lines: ['EDITOR=./bad.sh sops edit e.yaml 2>/dev/null'], files: { 'bad.sh': '#!/bin/sh\necho "b: 1" > "$1"; exit 3\n' } },
  {
    name: 'Q23',
    lines: ['sops rotate --add-age "$B" e.yaml', 'sops rotate -i --add-age "$A" e.yaml'],
    except: { what: ['files'], why: 'nobody is added twice' },
  },
  {
    name: 'Q24',
    lines: [
      'sops rotate e-both.yaml',
      'cp e-both.yaml x; sops updatekeys -y e-both.yaml >/dev/null 2>&1; grep "^a:" x > y; grep "^a:" e-both.yaml | cmp - y && rm x y',
    ],
    files: { '.sops.yaml': `creation_rules:\n  - ${age}\n` },
  },
  {
    name: 'Q25',
    lines: ['sops updatekeys -y e-groups.yaml 2>/dev/null'],
    files: {
      '.sops.yaml': `creation_rules:\n  - shamir_threshold: 3\n    key_groups:\n      - ${age.replace(': ', ': [')}]\n      - age: [age15fee46pytlsgfgvhq77h58ctk4q62hws04j69h2uvtn7s5cwn45qy4ltdg]\n      - ${age.replace(': ', ': [')}]\n`,
    },
  },
  {
    name: 'Q26',
    lines: ['sops groups add -f e.yaml >/dev/null 2>&1', 'sops groups delete -f e.yaml 0 >/dev/null 2>&1'],
    except: { what: ['status'], why: 'what is written can be opened' },
  },
  { name: 'Q27', lines: ['sops groups add -f e-bob.yaml --age "$A" 2>/dev/null', 'sops groups delete -f e-bob.yaml 0 2>/dev/null'] },
  {
    name: 'Q28',
    lines: ['sops exec-env e.yaml true', 'sops exec-env e-m.yaml \'echo "$a$b"\'', 'sops exec-env e-flat.yaml \'echo "$n"\''],
    err: true,
  },
  { name: 'Q29', lines: ['sops exec-env e-flat.yaml "exit 3"', 'sops exec-file e.yaml "exit 4"'], err: true },
  {
    name: 'Q30',
    lines: ['sops exec-file --filename "a b" e.yaml "echo {}"', 'sops exec-file --background e.yaml "cat {} >/dev/null" 2>/dev/null'],
  },
  { name: 'Q31', lines: ['sops encrypt --encryption-context a:b --age "$A" p.yaml'] },
  {
    name: 'Q32',
    lines: [
      'sops encrypt --encrypted-comment-regex x --age "$A" p.yaml >/dev/null 2>&1',
      'sops -e --encrypted-comment-regex hide --age "$A" s.yaml',
    ],
    files: { 's.yaml': '# hide\na: 1\nb: 2\n' },
  },
  { name: 'Q36', lines: ['sops filestatus p.txt 2>/dev/null', 'sops filestatus s.yaml 2>/dev/null'], files: { 's.yaml': 'a: [' } },
  { name: 'Q38', lines: ['sops --version'], err: true },
  {
    name: 'Q39',
    lines: ['sops encrypt --age "$A" --output-type ini s.yaml >/dev/null 2>&1'],
    files: { 's.yaml': 'one:\n    two:\n        three: 1\n' },
    except: { what: ['status'], why: 'a text in the notation of Go is no value' },
  },
  {
    name: 'Q40',
    lines: ['sops encrypt -i --age "$A" s.yaml', 'sops decrypt --output-type json s.yaml'],
    files: { 's.yaml': 'a: <b> & c\n' },
  },
  { name: 'Q41', lines: ['sops decrypt --nope e.yaml > x; head -1 x; rm x', 'sops --nope e.yaml > x; head -1 x; rm x'], err: true },
  { name: 'Q42', lines: ['sops -d e.yaml x 2>&1 | cat -v'] },
  {
    name: 'Q43',
    lines: ['sops encrypt --age "$A" s.json 2>/dev/null', 'sops encrypt --age "$A" t.json 2>/dev/null'],
    files: { 's.json': '{"a": 1} {"b": 2}', 't.json': '{"a": [1' },
    except: { what: ['out', 'status'], why: 'nothing is dropped without a word' },
  },
  {
    name: 'a null in flat formats',
    lines: ['sops encrypt --age "$A" --output-type dotenv flat.yaml', 'sops decrypt --output-type dotenv e-flat.yaml'],
    except: { what: ['out', 'status'], why: 'null has no text there, and the file would not open' },
  },
  {
    name: 'a file of nothing but comments',
    lines: ['sops encrypt --age "$A" c.yaml'],
    files: { 'c.yaml': '# only\n' },
    except: { what: ['status'], why: 'it holds no document, as an empty file' },
  },
];

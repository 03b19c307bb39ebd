import type { DropInCase } from '../../helpers/drop-in.ts';

const rules = (rule: string): Readonly<Record<string, string>> => ({ '.sops.yaml': `creation_rules:\n${rule}` });
const forBoth =
  '  - age: age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x,age15fee46pytlsgfgvhq77h58ctk4q62hws04j69h2uvtn7s5cwn45qy4ltdg\n';
const forAlice = '  - age: age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x\n';

/** What writes files. */
export const changing: readonly DropInCase[] = [
  {
    name: 'edit a file',
    lines: [
      'EDITOR="sed -i s/text/other/" sops edit e.yaml',
      'EDITOR="sed -i s/1/2/" sops edit e.env',
      'EDITOR="sed -i s/text/other/" sops edit e.ini',
      'EDITOR="sed -i s/text/other/" sops edit e.txt',
      'EDITOR="sed -i s/text/other/" sops edit e.json',
    ],
    err: true,
  },
  {
    name: 'edit a new file',
    lines: [
      'EDITOR="cp flat.yaml" sops edit --age "$A" new.yaml',
      'EDITOR="cp p.json" sops edit --age "$A" new.json',
      'EDITOR=true sops edit --age "$A" same.yaml 2>/dev/null',
      'EDITOR="cp flat.yaml" sops edit none.yaml 2>/dev/null',
      'EDITOR="cp flat.yaml" sops --encrypted-suffix x --age "$A" new2.yaml',
    ],
  },
  {
    name: 'the choice of the editor',
    lines: [
      'SOPS_EDITOR="sed -i s/text/other/" EDITOR=false sops edit e.yaml',
      'EDITOR="sed -i \'s/other text/x/;s/other/spaced  out/\'" sops edit e.yaml',
      'EDITOR="nope-editor" sops edit e.json 2>/dev/null',
    ],
  },
  {
    name: 'the temporary file of edit',
    lines: ['EDITOR="./look.sh" sops edit e.yaml 2>/dev/null'],
    files: { 'look.sh': '#!/bin/sh\nbasename "$1"; stat -c %a "$1" "$(dirname "$1")"\n' },
  },
  { name: 'an edit without a change', lines: ['EDITOR=true sops edit e.yaml', 'EDITOR=true sops e.json'], err: true },
  { name: 'an editor that fails', lines: ['EDITOR=false sops edit e.yaml'], err: true },
  {
    name: 'bad content in the editor',
    lines: ['EDITOR=./once.sh sops edit e.yaml 2>/dev/null'],
    files: { 'once.sh': '#!/bin/sh\nif [ -e tried ]; then cp flat.yaml "$1"; rm tried; else echo "a: [" > "$1"; touch tried; fi\n' },
    except: { what: ['status', 'files'], why: 'where nobody can be asked, the command ends and the text is kept' },
  },
  {
    name: 'edit with master keys',
    lines: ['EDITOR="./see.sh" sops edit -s e.yaml', 'EDITOR="./see.sh" sops -s e.yaml'],
    files: { 'see.sh': '#!/bin/sh\ngrep -c -e "^sops:" -e recipient: -e lastmodified: "$1"; exit 1\n' },
  },
  {
    name: 'edit refuses the key sops',
    lines: ['EDITOR=./bad.sh timeout 3 sops edit e.yaml >/dev/null 2>&1; test $? -ne 0'],
    files: { 'bad.sh': '#!/bin/sh\necho "sops: x" >> "$1"\n' },
  },
  {
    name: 'edit ignoring the MAC',
    lines: [
      'sed -i "/^f:/d" e.yaml; EDITOR="sed -i s/text/other/" sops edit e.yaml 2>/dev/null',
      'EDITOR="sed -i s/text/other/" sops edit --ignore-mac e.yaml',
    ],
  },
  {
    name: 'edit keeps ciphertexts',
    lines: [
      'grep -v -e mac -e lastmod -e "d:" e.yaml > before; EDITOR="sed -i s/text/other/" sops edit e.yaml; grep -v -e mac -e lastmod -e "d:" e.yaml | diff before - && rm before',
    ],
  },
  {
    name: 'edit other types',
    lines: [
      'cp e.yaml x; EDITOR="sed -i s/text/other/" sops edit --input-type yaml --output-type yaml x',
      'EDITOR="sed -i s/text/other/" sops edit --output-type json e.yaml',
    ],
  },
  {
    name: 'rotate',
    lines: [
      'sops rotate e.yaml',
      'sops rotate -i e.json',
      'sops -r -i e.env',
      'sops rotate --output o.yaml e.yaml',
      'sops rotate -i --output o.yaml e.yaml',
      'sops rotate e.txt',
      'grep -c "$(sed -n 1p e.yaml | head -c 30)" e.yaml >/dev/null; sops rotate -i e.ini',
    ],
    err: true,
  },
  {
    name: 'rotate and add keys',
    lines: ['sops rotate -i --add-age "$B" e.yaml', 'sops -r --add-age "$B" e.json'],
    err: true,
  },
  {
    name: 'rotate and remove keys',
    lines: ['sops rotate -i --rm-age "$B" e-both.yaml', 'sops rotate --rm-age "$B" e.yaml', 'sops rotate --rm-age "$A" e.yaml'],
    err: true,
  },
  {
    name: 'set a value',
    lines: [
      'sops set e.yaml \'["c"]["d"]\' \'"new"\'',
      'sops set e.yaml \'["k"]\' \'{"x": [1, "y", true, null]}\'',
      'sops set e.yaml \'["t"]\' true',
      'sops --set \'["a"] "s"\' e.json',
      'sops set e.env \'["A"]\' \'"v"\'',
      'sops set e.ini \'["one"]["a"]\' \'"v"\'',
      'sops set e.yaml \'["b"][0]\' \'"z"\'',
      'sops set e-m.yaml \'["a"]\' \'"q"\'',
      'sops set e.txt \'["data"]\' \'"q"\'',
    ],
    err: true,
  },
  {
    name: 'set a null and a number',
    lines: [
      'sops set e.yaml \'["c"]["d"]\' null',
      'sops set e.yaml \'["a"]\' 5',
      'sops set e.yaml \'["a"]\' 5.25',
      'sops set e.yaml \'["a"]\' 12345678901234567890',
      'sops set e.json \'["a"]\' 5',
      'sops set e.env \'["A"]\' 5',
    ],
  },
  {
    name: 'bad paths and values of set',
    lines: [
      'sops set e.yaml a 1',
      'sops set e.yaml \'["a"]\' foo',
      "sops set e.yaml '[\"a\"]' '[1]'",
      'sops --set \'["a"]\' e.yaml',
      'sops --set \'["a"] x\' e.yaml',
      'sops unset e.yaml a',
      'sops set e.yaml \'["sops"]\' \'"x"\'',
    ],
  },
  {
    name: 'a value from a file',
    lines: ['sops set --value-file e.yaml \'["a"]\' v.json', 'sops set --value-file e.yaml \'["a"]\' nope.json 2>/dev/null'],
    files: { 'v.json': '"from file"\n' },
  },
  {
    name: 'a value from stdin',
    lines: ['echo \'"in"\' | sops set --value-stdin e.yaml \'["a"]\'', 'echo nope | sops set --value-stdin e.yaml \'["a"]\''],
  },
  {
    name: 'nothing is written when equal',
    lines: [
      'cp e.yaml before; sops set --idempotent e.yaml \'["c"]["d"]\' \'"text"\'; cmp before e.yaml && rm before',
      'cp e.yaml before; sops set e.yaml \'["c"]["d"]\' \'"text"\'; cmp -s before e.yaml; echo $?; rm before',
      'cp e.yaml before; sops unset --idempotent e.yaml \'["zz"]\'; cmp before e.yaml && rm before',
    ],
    err: true,
  },
  {
    name: 'set in another format',
    lines: ['sops set --output-type json e.yaml \'["c"]["d"]\' \'"new"\'', 'sops unset --output-type yaml e.json \'["a"]\''],
  },
  {
    name: 'set makes what is missing',
    lines: [
      'sops set e.yaml \'["new"]["deep"]\' \'"v"\'',
      'sops set e.yaml \'["list"][0]["x"]\' \'"v"\'',
      'sops set e.yaml \'["b"][2]\' \'"z"\'',
      'sops set e.yaml \'["b"][99]\' \'"far"\'',
      'sops set e.yaml \'["a"]["below"]\' \'"v"\'',
    ],
  },
  {
    name: 'unset',
    lines: [
      'sops unset e.yaml \'["a"]\'',
      'sops unset e.yaml \'["b"][0]\'',
      'sops unset e.yaml \'["c"]["d"]\'',
      'sops unset e.json \'["c"]\'',
      'sops unset e.env \'["A"]\'',
      'sops unset e.yaml \'["zz"]\'',
      'sops unset e.yaml \'["f"]["x"]\' 2>/dev/null',
    ],
    err: true,
  },
  {
    name: 'updatekeys',
    lines: [
      'sops updatekeys -y e.yaml 2>/dev/null',
      'sops updatekeys -y e.json e-bob.yaml 2>/dev/null',
      'sops updatekeys -y e-groups.yaml 2>/dev/null',
      'sops updatekeys -y nope.yaml 2>/dev/null',
      'sops updatekeys -y . 2>/dev/null',
    ],
    files: rules(forBoth),
  },
  {
    name: 'updatekeys asks',
    lines: ['echo n | sops updatekeys e.yaml 2>/dev/null', 'echo y | sops updatekeys e.yaml 2>/dev/null'],
    files: rules(forBoth),
  },
  {
    name: 'updatekeys with nothing to do',
    lines: [
      'sops updatekeys -y e.yaml 2>/dev/null',
      'sops updatekeys e.yaml 2>/dev/null',
      'cp e.yaml x; sops updatekeys -y --input-type yaml x 2>/dev/null',
    ],
    files: rules(forAlice),
  },
  {
    name: 'updatekeys takes someone out',
    lines: [
      'cp e-both.yaml before; sops updatekeys -y e-both.yaml 2>/dev/null; grep "^a:" before > x; grep "^a:" e-both.yaml | cmp x - && rm x before',
    ],
    files: rules(forAlice),
  },
  { name: 'updatekeys without a rule', lines: ['sops updatekeys -y e.yaml'], err: true },
  {
    name: 'groups add',
    lines: [
      'sops groups add -f e.yaml --age "$B"',
      'sops groups add -i -f e.yaml --age "$B" --age "$A" --shamir-secret-sharing-threshold 2',
      'sops groups add -f e.json --age "$B"',
      'sops groups add -f nope.yaml --age "$B" 2>/dev/null',
    ],
  },
  {
    name: 'groups delete',
    lines: [
      'sops groups delete -f e-groups.yaml 2',
      'sops groups delete -i -f e-groups.yaml 0',
      'sops groups delete -f e-groups.yaml 0 2>/dev/null',
      'sops groups delete -f e-groups.yaml x 2>/dev/null',
    ],
  },
];

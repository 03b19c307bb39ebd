import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { need, programPath } from '../helpers/need.ts';
import { alice, builtSec } from '../helpers/sec.ts';
import { tempFolder, type TempFolder } from '../helpers/temp-folder.ts';

/** Programs that call `sops`: each finds the real one on the PATH, or us, and must not notice. */

const secrets = 'user: web\npassword: p&ss "word"\nport: 5432\n';

describe.skipIf(!need('sops-3.13.3'))('a program that calls sops', () => {
  let folder: TempFolder;
  beforeEach(() => {
    folder = tempFolder();
    for (const [side, target] of [
      ['theirs', programPath('sops-3.13.3')],
      ['ours', builtSec()],
    ] as const) {
      mkdirSync(folder.at(`bin-${side}`));
      symlinkSync(target, folder.at(`bin-${side}/sops`));
    }
    folder.write('secrets.plain.yaml', secrets);
    folder.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient}\n`);
    folder.write('secrets.yaml', run('theirs', 'sops', ['encrypt', 'secrets.plain.yaml']).out);
  });
  afterEach(() => folder.remove());

  interface Ran {
    readonly status: number | null;
    readonly out: string;
    readonly err: string;
  }

  function run(side: 'theirs' | 'ours', file: string, args: readonly string[], input = ''): Ran {
    const env = {
      PATH: `${folder.at(`bin-${side}`)}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      HOME: folder.path,
      SOPS_AGE_KEY: alice.identity,
      SOPS_DISABLE_VERSION_CHECK: 'true',
      KUSTOMIZE_PLUGIN_HOME: folder.at('plugins'),
    };
    const path = file === 'sops' ? folder.at(`bin-${side}/sops`) : file;
    const { status, stdout, stderr } = spawnSync(path, [...args], { cwd: folder.path, env, encoding: 'utf8', input });
    return { status, out: stdout, err: stderr };
  }

  /** Both, which must be the same. */
  function both(file: string, args: readonly string[], input = ''): Ran {
    const [theirs, ours] = [run('theirs', file, args, input), run('ours', file, args, input)];
    expect(ours).toEqual(theirs);
    return ours;
  }

  test('a plugin of Helm: a script that decrypts, keeps, edits and encrypts the values of a chart', () => {
    const script = folder.write(
      'helm-secrets.sh',
      `#!/bin/sh
set -eu
is_encrypted() { grep -q '^sops:$' "$1" && grep -q 'mac: ENC\\[AES256_GCM,.*type:str\\]$' "$1"; }
decrypt() { sops --decrypt --input-type yaml --output-type yaml "$@"; }
is_encrypted secrets.yaml && echo sealed
decrypt secrets.yaml
decrypt --output values.dec secrets.yaml
cmp values.dec secrets.plain.yaml && echo same
cp secrets.plain.yaml new.yaml
sops --encrypt --input-type yaml --output-type yaml --in-place new.yaml
is_encrypted new.yaml && echo sealed again
EDITOR='sed -i s/web/api/' sops new.yaml
decrypt --in-place new.yaml
cat new.yaml
sops --decrypt --input-type yaml --output-type yaml secrets.plain.yaml || echo "status $?"
EDITOR=true sops secrets.yaml || echo "status $?"
rm -f values.dec new.yaml
`,
      0o755,
    );
    const { status, out } = both('/bin/sh', [script]);
    expect({ status, out }).toEqual({
      status: 0,
      out: `sealed\n${secrets}same\nsealed again\n${secrets.replace('web', 'api')}status 1\nstatus 200\n`,
    });
  });

  test.skipIf(!need('python3'))('a program in Python that reads JSON from it', () => {
    const script = folder.write(
      'read.py',
      `import json, subprocess
done = subprocess.run(['sops', '--decrypt', '--output-type', 'json', 'secrets.yaml'], capture_output=True, check=True)
print(sorted(json.loads(done.stdout).items()), done.stderr)
failed = subprocess.run(['sops', '--decrypt', 'nope.yaml'], capture_output=True)
print(failed.returncode, failed.stdout)
`,
    );
    expect(both('python3', [script])).toMatchObject({
      status: 0,
      out: `[('password', 'p&ss "word"'), ('port', 5432), ('user', 'web')] b''\n100 b''\n`,
    });
  });

  test.skipIf(!need('jq'))('an external data source of Terraform: JSON in, a flat map of texts out', () => {
    const program = folder.write(
      'external.sh',
      `#!/bin/sh
set -eu
file=$(jq -r .file)
sops -d --output-type json "$file" | jq 'map_values(tostring)'
`,
      0o755,
    );
    const { status, out } = both('/bin/sh', [program], '{"file": "secrets.yaml"}');
    expect({ status, map: JSON.parse(out) as unknown }).toEqual({
      status: 0,
      map: { user: 'web', password: 'p&ss "word"', port: '5432' },
    });
  });

  test.skipIf(!need('kubectl-1.35.2'))('a generator of kustomize that runs it', () => {
    folder.write('kustomization.yaml', 'generators:\n  - generator.yaml\n');
    folder.write('generator.yaml', 'apiVersion: example.com/v1\nkind: Sealed\nmetadata:\n  name: app\nfile: manifest.yaml\n');
    folder.write('manifest.plain.yaml', 'apiVersion: v1\nkind: Secret\nmetadata:\n    name: app\nstringData:\n    password: hunter2\n');
    const { out } = run('theirs', 'sops', [
      '--config',
      '.sops.yaml',
      'encrypt',
      '--encrypted-regex',
      '^stringData$',
      'manifest.plain.yaml',
    ]);
    folder.write('manifest.yaml', out);
    folder.write('plugins/example.com/v1/sealed/Sealed', '#!/bin/sh\nexec sops -d "$(sed -n "s/^file: //p" "$1")"\n', 0o755);
    expect(both(programPath('kubectl-1.35.2'), ['kustomize', '--enable-alpha-plugins', '.'])).toEqual({
      status: 0,
      out: 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\nstringData:\n  password: hunter2\n',
      err: '',
    });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { alice, bob } from '../helpers/sec.ts';
import { block, mac, moment, seal, smallFile } from './by-hand.ts';
import { inTurn, plainOf } from './case.ts';
import type { Cases } from './case.ts';
import type { Tool } from './tool.ts';

/** Somebody whose key is not there. */
export const carol = 'age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg';

const both = { SOPS_AGE_KEY: `${alice.identity}\n${bob.identity}` };

/** `sops-format.md` §22.5. */
export const keyCases = {
  K1: {
    about: 'three groups, two needed, one lost',
    async observe(tool) {
      groups(tool, [[alice.recipient], [carol], [bob.recipient]], { shamir_threshold: 2 });
      const sealed = await tool.seal('f.yaml', 'a: x\n', []);
      tool.write('f.yaml', sealed);
      return {
        fillers: ['age', 'hc_vault', 'pgp'].map((kind) => sealed.split(`${kind}: []`).length - 1),
        groups: sealed.split('key_groups:').length - 1,
        threshold: /shamir_threshold: (.*)/.exec(sealed)?.[1],
        plain: plainOf(await tool.run(['decrypt', 'f.yaml'], { env: both })),
      };
    },
    sops: { fillers: [0, 3, 0], groups: 1, threshold: '2', plain: 'a: x\n' },
  },
  K2: {
    about: 'two groups, no threshold, one lost',
    async observe(tool) {
      groups(tool, [[alice.recipient], [bob.recipient]]);
      const sealed = await tool.seal('f.yaml', 'a: x\n', []);
      tool.write('f.yaml', sealed);
      return {
        threshold: /shamir_threshold: (.*)/.exec(sealed)?.[1],
        both: plainOf(await tool.run(['decrypt', 'f.yaml'], { env: both })),
        one: plainOf(await tool.run(['decrypt', 'f.yaml'])),
      };
    },
    sops: { threshold: '2', both: 'a: x\n', one: 128 },
  },
  K3: {
    about: 'two groups, one needed',
    async observe(tool) {
      groups(tool, [[alice.recipient], [bob.recipient]], { shamir_threshold: 1 });
      return (await tool.encrypt('f.yaml', 'a: x\n', [])).status;
    },
    sops: 1,
  },
  K6: {
    about: 'no identity: what was tried is said',
    async observe(tool) {
      tool.write('f.json', smallFile());
      const { status, err } = await tool.run(['decrypt', 'f.json'], { env: { SOPS_AGE_KEY: bob.identity } });
      return { status, namesTheKey: err.includes(alice.recipient) };
    },
    sops: { status: 128, namesTheKey: true },
  },
  K7: {
    about: 'two identities on one line of SOPS_AGE_KEY',
    async observe(tool) {
      tool.write('f.json', smallFile());
      return (await tool.run(['decrypt', 'f.json'], { env: { SOPS_AGE_KEY: `${bob.identity} ${alice.identity}` } })).status;
    },
    sops: 0,
    before: { release: 'sops-3.12.2', outcome: 128, since: '3.13.0' },
  },
  K8: {
    about: 'a file of identities with a space before one',
    async observe(tool) {
      tool.write('f.json', smallFile());
      tool.write('key.txt', ` ${alice.identity}\n`);
      return (await tool.run(['decrypt', 'f.json'], { env: { SOPS_AGE_KEY: '', SOPS_AGE_KEY_FILE: 'key.txt' } })).status;
    },
    sops: 128,
  },
  K9: {
    about: 'a kind twice in the decryption order',
    observe: async (tool) => (await tool.decrypt('f.json', smallFile(), ['--decryption-order', 'age,age'])).status,
    sops: 112,
  },
  K10: {
    about: 'no rule matches, and a recipient is given',
    async observe(tool) {
      tool.write('.sops.yaml', JSON.stringify({ creation_rules: [{ path_regex: '^x$', age: alice.recipient }] }));
      return (await tool.encrypt('f.yaml', 'a: 1\n')).status;
    },
    sops: 1,
    sec: { outcome: 0, why: 'rule-for-flags' },
  },
  K11: {
    about: 'the configuration above the working folder counts for a file elsewhere',
    async observe(tool) {
      tool.write('here/.sops.yaml', JSON.stringify({ creation_rules: [{ age: alice.recipient, encrypted_regex: '^a$' }] }));
      tool.write('here/below/x', '');
      tool.write('there/f.yaml', 'a: 1\nb: 2\n');
      const { status, out } = await tool.run(['encrypt', '../../there/f.yaml'], { cwd: 'here/below' });
      return { status, clear: out.includes('b: 2') };
    },
    sops: { status: 0, clear: true },
  },
  K12: {
    about: 'a recipient twice: in a flat rule, in a group',
    async observe(tool) {
      const twice = [alice.recipient, alice.recipient];
      return inTurn([{ age: twice.join(',') }, { key_groups: [{ age: twice }] }], async (settings) => {
        tool.write('.sops.yaml', JSON.stringify({ creation_rules: [settings] }));
        return (await tool.seal('f.yaml', 'a: 1\n', [])).split('recipient: ').length - 1;
      });
    },
    sops: [2, 1],
  },
  K13: {
    about: 'recipients with spaces and a last comma in a rule',
    async observe(tool) {
      tool.write('.sops.yaml', JSON.stringify({ creation_rules: [{ age: `${alice.recipient}, ${bob.recipient} ,` }] }));
      return (await tool.seal('f.yaml', 'a: 1\n', [])).split('recipient: ').length - 1;
    },
    sops: 2,
  },
  K14: {
    about: 'an empty recipient in --age',
    observe: async (tool) => (await tool.encrypt('f.yaml', 'a: 1\n', ['--age', `${alice.recipient},,`])).status,
    sops: 1,
  },
  K16: {
    about: 'a file in the layout of 3.6',
    observe: async (tool) => plainOf(await tool.decrypt('f.yaml', oldLayout())),
    sops: 'a: x\nl:\n    - 1\n',
    sec: { outcome: 'a: x\nl:\n-   1\n', why: 'layout' },
  },
  K17: {
    about: 'an SSH recipient with a comment',
    async observe(tool) {
      const keys = join(import.meta.dirname, '..', 'vectors', 'age');
      const { recipient } = JSON.parse(readFileSync(join(keys, 'ssh-ed25519.json'), 'utf8')) as { readonly recipient: string };
      tool.write('id', readFileSync(join(keys, 'keys', 'id_ed25519')));
      const sealed = await tool.seal('f.yaml', 'a: x\n', ['--age', `${recipient} carol@home`]);
      tool.write('f.yaml', sealed);
      const env = { SOPS_AGE_KEY: '', SOPS_AGE_SSH_PRIVATE_KEY_FILE: 'id' };
      return {
        stored: sealed.includes(`recipient: ${recipient} carol@home\n`),
        plain: plainOf(await tool.run(['decrypt', 'f.yaml'], { env })),
      };
    },
    sops: { stored: true, plain: 'a: x\n' },
  },
} as const satisfies Cases;

/** A configuration with groups of age recipients. */
export function groups(tool: Tool, recipients: readonly (readonly string[])[], settings: object = {}): void {
  tool.write('.sops.yaml', JSON.stringify({ creation_rules: [{ key_groups: recipients.map((age) => ({ age })), ...settings }] }));
}

/** §13.5: single quotes, empty lists, indentation of the old YAML library. */
function oldLayout(): string {
  const [key] = block([])['age'] as readonly { readonly enc: string; readonly recipient: string }[];
  const enc = key?.enc
    .trimEnd()
    .split('\n')
    .map((line) => `            ${line}\n`)
    .join('');
  return `a: ${seal('x', 'str', 'a:')}
l:
-   ${seal('1', 'int', 'l:')}
sops:
    kms: []
    gcp_kms: []
    azure_kv: []
    hc_vault: []
    age:
    -   recipient: ${key?.recipient}
        enc: |
${enc}    lastmodified: '${moment}'
    mac: ${mac(['x', '1'])}
    pgp: []
    unencrypted_suffix: _unencrypted
    version: 3.6.1
`;
}

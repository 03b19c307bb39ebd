import { alice, bob } from '../helpers/sec.ts';
import { block, fieldOf, hash, jsonFile, macOf, moment, seal, shapeOf, smallFile } from './by-hand.ts';
import { inTurn, plainOf, sealedValues } from './case.ts';
import type { Cases } from './case.ts';
import { carol, groups, keyCases } from './key-cases.ts';
import { changeCases } from './change-cases.ts';
import { sharesOf } from './shares.ts';
import type { Tool } from './tool.ts';

/** Of Amazon, where nobody is asked, since Alice's key opens the file first. */
const kms = { arn: 'arn:aws:kms:us-east-1:111122223333:key/abc', created_at: moment, enc: 'AQIC' };

/** `sops-format.md` §21, 57 to 74: metadata, keys and configuration. */
export const metadataPitfalls = {
  57: {
    about: 'fields are written in alphabetical order, and read in any',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: x\n');
      const names = [...sealed.matchAll(/^ {4}(?: {4}[- ] )?(\w+):/gm)].map(([, name]) => name);
      const reversed = jsonFile({ a: seal('x', 'str', 'a:') }, Object.fromEntries(Object.entries(block(['x'])).reverse()));
      return { names, reversed: (await tool.decrypt('f.json', reversed)).status };
    },
    sops: { names: ['age', 'enc', 'recipient', 'lastmodified', 'mac', 'unencrypted_suffix', 'version'], reversed: 0 },
    before: {
      release: 'sops-3.12.2',
      outcome: { names: ['age', 'recipient', 'enc', 'lastmodified', 'mac', 'unencrypted_suffix', 'version'], reversed: 0 },
      since: '3.13.0',
    },
  },
  58: {
    about: 'lists and fields that are written though they are empty',
    async observe(tool) {
      groups(tool, [[alice.recipient], [bob.recipient]]);
      const sealed = await tool.seal('f.yaml', 'a: x\n', []);
      tool.write('.sops.yaml', 'creation_rules: []\n'); // which names nobody that the next file would have to be for
      tool.write('g.json', smallFile({ kms: [kms] }));
      const { status } = await tool.run(['set', 'g.json', '["a"]', '"new"']);
      return { fillers: sealed.split('hc_vault: []').length - 1, status, profile: tool.read('g.json').includes('"aws_profile": ""') };
    },
    sops: { fillers: 2, status: 0, profile: true },
    sec: { outcome: { fillers: 2, status: 0, profile: false }, why: 'block-as-it-is' },
  },
  59: {
    about: 'times of the block have quotes in YAML',
    observe: async (tool) => /^ {4}lastmodified: "\d{4}/m.test(await tool.seal('f.yaml', 'a: x\n')),
    sops: true,
  },
  60: {
    about: 'unknown fields, and names in another case, when something is set',
    async observe(tool) {
      tool.write('f.json', smallFile({ ours: { x: 1 } }).replace('"version"', '"Version"'));
      const { status } = await tool.run(['set', 'f.json', '["a"]', '"new"']);
      const after = tool.read('f.json');
      return { status, unknown: after.includes('"ours"'), version: /"(version)":/i.exec(after)?.[1] };
    },
    sops: { status: 0, unknown: false, version: 'version' },
    sec: { outcome: { status: 0, unknown: true, version: 'Version' }, why: ['unknown-fields', 'block-as-it-is'] },
  },
  61: {
    about: 'keys on the top level win over groups',
    async observe(tool) {
      const file = smallFile({
        key_groups: [{ age: [{ recipient: carol, enc: 'x' }] }, { age: [{ recipient: carol, enc: 'x' }] }],
        shamir_threshold: 2,
      });
      return plainOf(await tool.decrypt('f.json', file));
    },
    sops: '{\n\t"a": "x"\n}\n',
  },
  62: {
    about: 'without a threshold all groups are needed, and one is none',
    observe: async (tool) => [await keyCases.K2.observe(tool), await keyCases.K3.observe(tool)],
    sops: [keyCases.K2.sops, keyCases.K3.sops],
  },
  63: {
    about: 'a share ends with the number of its group',
    async observe(tool) {
      groups(tool, [[alice.recipient], [bob.recipient], [carol]], { shamir_threshold: 2 });
      const sealed = await tool.seal('f.yaml', 'a: x\n', []);
      const shares = await sharesOf(sealed, [alice.identity, bob.identity]);
      return { lengths: shares.lengths, last: shares.last, value: await sealedValues(sealed, ['a:'], shares.secret) };
    },
    sops: { lengths: [33, 33], last: [1, 2], value: ['<str a: "x">'] },
  },
  64: {
    about: 'all groups are tried, also when enough have opened',
    async observe(tool) {
      groups(tool, [[alice.recipient], [carol], [bob.recipient]], { shamir_threshold: 2 });
      tool.write('f.yaml', await tool.seal('f.yaml', 'a: x\n', []));
      const keys = `${alice.identity}\n${bob.identity}`;
      return [
        plainOf(await tool.run(['decrypt', 'f.yaml'], { env: { SOPS_AGE_KEY: keys } })),
        (await tool.run(['decrypt', 'f.yaml'])).status,
      ];
    },
    sops: ['a: x\n', 128],
  },
  65: {
    about: 'what age wrapped ends with a line break',
    observe: async (tool) =>
      /"enc": "-----BEGIN AGE [^"]*-----END AGE ENCRYPTED FILE-----\\n"/.test(await tool.seal('f.json', '{\n\t"a": "x"\n}\n')),
    sops: true,
  },
  66: {
    about: 'set and rotate leave the version as it is, groups the MAC',
    async observe(tool) {
      tool.write('f.json', smallFile({ version: '3.9.0' }));
      const { status } = await tool.run(['set', 'f.json', '["a"]', '"new"']);
      const after = tool.read('f.json');
      return { status, version: fieldOf(after, 'version'), mac: await macOf(after), others: await changes(tool) };
    },
    sops: { status: 0, version: '3.9.0', mac: hash(['new']), others: [changeCases.S17.sops, changeCases.K4.sops] },
  },
  67: {
    about: 'set to a number, a list, a map',
    async observe(tool) {
      tool.write('f.json', jsonFile({ n: seal('x', 'str', 'n:') }, block(['x'])));
      return inTurn(['5', '[1,2]', '{"x":1.5}'], async (value) => {
        const { status } = await tool.run(['set', 'f.json', '["n"]', value]);
        return status === 0 ? sealedValues(tool.read('f.json'), ['n:', 'n:x:']) : status;
      });
    },
    sops: [['<float n: "5">'], 7, ['<float n:x: "1.5">']],
    sec: { outcome: [['<int n: "5">'], ['<int n: "1">', '<int n: "2">'], ['<float n:x: "1.5">']], why: ['set-number', 'set-list'] },
  },
  68: {
    about: 'where the configuration is looked for',
    async observe(tool) {
      const config = (regex: string): string => JSON.stringify({ creation_rules: [{ age: alice.recipient, encrypted_regex: regex }] });
      tool.write('here/.sops.yaml', config('^a$'));
      tool.write('there/.sops.yaml', config('^b$'));
      tool.write('there/f.yaml', 'a: 1\nb: 2\n');
      return shapeOf((await tool.run(['encrypt', '../there/f.yaml'], { cwd: 'here' })).out);
    },
    sops: 'a: <int>\nb: 2\n',
    sec: { outcome: 'a: 1\nb: <int>\n', why: 'config-by-file' },
  },
  69: {
    about: 'rules that do not match, and recipients that are given',
    async observe(tool) {
      tool.write('.sops.yaml', JSON.stringify({ creation_rules: [{ path_regex: '^x$', age: alice.recipient }] }));
      return [(await tool.encrypt('f.yaml', 'a: 1\n')).status, (await tool.encrypt('f.yaml', 'a: 1\n', [])).status];
    },
    sops: [1, 1],
    sec: { outcome: [0, 1], why: 'rule-for-flags' },
  },
  70: {
    about: 'the path of a rule starts at its configuration, for files below it',
    async observe(tool) {
      tool.write(
        'here/.sops.yaml',
        JSON.stringify({
          creation_rules: [
            { path_regex: '^below/f', age: alice.recipient },
            { path_regex: '^/.*/there/f', age: alice.recipient },
          ],
        }),
      );
      tool.write('here/below/f.yaml', 'a: 1\n');
      tool.write('there/f.yaml', 'a: 1\n');
      return inTurn(['below/f.yaml', '../there/f.yaml'], async (file) => (await tool.run(['encrypt', file], { cwd: 'here' })).status);
    },
    sops: [0, 0],
  },
  71: {
    about: 'a recipient twice',
    observe: (tool) => keyCases.K12.observe(tool),
    sops: keyCases.K12.sops,
  },
  72: {
    about: 'the version is needed, in three parts',
    observe: (tool) =>
      inTurn([undefined, '', '3', '3.13', '3.13.3'], async (version) => (await tool.decrypt('f.json', smallFile({ version }))).status),
    sops: [1, 1, 1, 1, 0],
  },
  73: {
    about: 'a block that is empty, and one that is null',
    async observe(tool) {
      const files = [{}, null].map((sops) => jsonFile({ a: 'x' }, sops));
      const yaml = ['a: x\nsops: {}\n', 'a: x\nsops: null\n'];
      return {
        decrypt: await inTurn(files, async (file) => (await tool.decrypt('f.json', file)).status),
        encrypt: await inTurn(files, async (file) => (await tool.encrypt('f.json', file)).status),
        yaml: await inTurn(yaml, async (file) => [
          (await tool.decrypt('f.yaml', file)).status,
          (await tool.encrypt('f.yaml', file)).status,
        ]),
      };
    },
    sops: {
      decrypt: [1, 1],
      encrypt: [203, 203],
      yaml: [
        [1, 203],
        [1, 203],
      ],
    },
  },
  74: {
    about: 'identities from all places; a broken one counts where no other opens',
    async observe(tool) {
      tool.write('f.json', smallFile());
      tool.write('key.txt', `${alice.identity}\n`);
      tool.write('broken.txt', 'no identity\n');
      tool.write('~/.config/sops/age/keys.txt', `${bob.identity}\n`);
      const open = async (env: Readonly<Record<string, string>>): Promise<number> =>
        (await tool.run(['decrypt', 'f.json'], { env })).status;
      return [
        await open({ SOPS_AGE_KEY: '', SOPS_AGE_KEY_FILE: 'key.txt' }),
        await open({ SOPS_AGE_KEY_FILE: 'broken.txt' }),
        await open({ SOPS_AGE_KEY: bob.identity, SOPS_AGE_KEY_FILE: 'broken.txt' }),
      ];
    },
    sops: [0, 0, 128],
  },
} as const satisfies Cases;

async function changes(tool: Tool): Promise<unknown> {
  return [await changeCases.S17.observe(tool), await changeCases.K4.observe(tool)];
}

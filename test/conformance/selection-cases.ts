import { block, fieldOf, jsonFile, seal, shapeOf, smallFile } from './by-hand.ts';
import { inTurn, plainOf, rule, sealedValues, toAlice } from './case.ts';
import type { Cases } from './case.ts';

/** `sops-format.md` §22.4: selection, MAC, metadata. */
export const selectionCases = {
  S1: {
    about: '--encrypted-regex',
    observe: async (tool) =>
      shapeOf(
        await tool.seal('f.yaml', '# top\na: 1\nb:\n    c: x\nd:\n    e:\n        - 1\n', [...toAlice, '--encrypted-regex', '^(a|d)$']),
      ),
    sops: '# top\na: <int>\nb:\n    c: x\nd:\n    e:\n        - <int>\n',
  },
  S2: {
    about: 'two selectors on the command line',
    observe: async (tool) =>
      (await tool.encrypt('f.yaml', 'a: 1\n', [...toAlice, '--encrypted-suffix', '_e', '--unencrypted-suffix', '_u'])).status,
    sops: 8,
  },
  S3: {
    about: 'two selectors in a file',
    observe: async (tool) => (await tool.decrypt('f.json', smallFile({ encrypted_suffix: '_e' }))).status,
    sops: 1,
  },
  S4: {
    about: 'an expression that is none',
    async observe(tool) {
      const { status, out } = await tool.encrypt('f.yaml', 'a: 1\n', [...toAlice, '--encrypted-regex', '[']);
      return { status, data: shapeOf(out) };
    },
    sops: { status: 0, data: 'a: 1\n' },
    sec: { outcome: { status: 1, data: '' }, why: 'expression' },
  },
  S5: {
    about: 'encrypted_comment_regex',
    async observe(tool) {
      rule(tool, { encrypted_comment_regex: 'sops:enc' });
      return shapeOf(await tool.seal('f.yaml', '# sops:enc\n# n\na: 1 # i\nb: 2\n', []));
    },
    sops: '# sops:enc\n#<comment>\na: <int> #<comment>\nb: 2\n',
    before: { release: 'sops-3.12.2', outcome: '# sops:enc\n#<comment>\n#<comment>\na: <int>\nb: 2\n', since: '3.13.0' },
  },
  S6: {
    about: 'mac_only_encrypted, a clear value edited',
    async observe(tool) {
      rule(tool, { mac_only_encrypted: true });
      const sealed = await tool.seal('f.yaml', 'a: 1\nb_unencrypted: x\n', []);
      return plainOf(await tool.decrypt('f.yaml', sealed.replace('b_unencrypted: x', 'b_unencrypted: z')));
    },
    sops: 'a: 1\nb_unencrypted: z\n',
  },
  S7: {
    about: 'a clear value edited',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: 1\nb_unencrypted: x\n');
      return (await tool.decrypt('f.yaml', sealed.replace('b_unencrypted: x', 'b_unencrypted: z'))).status;
    },
    sops: 51,
  },
  S8: {
    about: 'no mac, an empty one, one that is no ciphertext; each also with --ignore-mac',
    observe: (tool) =>
      inTurn([undefined, '', 'x'], async (mac) => {
        const file = smallFile({ mac });
        return [(await tool.decrypt('f.json', file)).status, plainOf(await tool.decrypt('f.json', file, ['--ignore-mac']))];
      }),
    sops: [
      [51, '{\n\t"a": "x"\n}\n'],
      [51, '{\n\t"a": "x"\n}\n'],
      [51, '{\n\t"a": "x"\n}\n'],
    ],
  },
  S9: {
    about: 'lastmodified with a fraction, with +00:00, without quotes, missing',
    async observe(tool) {
      const texts = [smallFile({ lastmodified: '2026-01-02T03:04:05.123Z' }), smallFile({ lastmodified: '2026-01-02T03:04:05+00:00' })];
      const unquoted = smallFile().replace('"2026-01-02T03:04:05Z"', '2026-01-02T03:04:05Z');
      return inTurn(
        [...texts, unquoted, smallFile({ lastmodified: undefined })],
        async (text) => (await tool.decrypt('f.yaml', text)).status,
      );
    },
    sops: [0, 0, 1, 1],
    before: { release: 'sops-3.12.2', outcome: [0, 0, 0, 1], since: '3.13.0' },
    sec: { outcome: [0, 0, 0, 1], why: 'lenient-metadata' },
  },
  S10: {
    about: 'version missing, 3.7, v3.7.0, 1.13, 9.9.9',
    observe: (tool) =>
      inTurn(
        [undefined, '3.7', 'v3.7.0', '1.13', '9.9.9'],
        async (version) => (await tool.decrypt('f.json', smallFile({ version }))).status,
      ),
    sops: [1, 1, 0, 0, 0],
  },
  S11: {
    about: 'fields in other cases',
    async observe(tool) {
      const other = smallFile().replace('lastmodified', 'LastModified').replace('"mac"', '"MAC"').replace('"recipient"', '"Recipient"');
      return (await tool.decrypt('f.json', other)).status;
    },
    sops: 0,
  },
  S12: {
    about: 'lists of keys that are null, empty, an empty map, a text',
    observe: (tool) =>
      inTurn(
        [{ pgp: null }, { kms: [] }, { gcp_kms: {} }, { hc_vault: '' }],
        async (change) => (await tool.decrypt('f.json', smallFile(change))).status,
      ),
    sops: [0, 0, 0, 1],
    before: { release: 'sops-3.12.2', outcome: [0, 0, 1, 1], since: '3.13.0' },
  },
  S13: {
    about: 'a nonce of 12 bytes',
    observe: async (tool) => plainOf(await tool.decrypt('f.json', jsonFile({ a: seal('x', 'str', 'a:', 12) }, block(['x'])))),
    sops: '{\n\t"a": "x"\n}\n',
  },
  S14: {
    about: 'bools written as true, T, 1, yes',
    observe: (tool) =>
      inTurn(['true', 'T', '1', 'yes'], async (text) =>
        plainOf(await tool.decrypt('f.json', jsonFile({ a: seal(text, 'bool', 'a:') }, block(['True'])))),
      ),
    sops: ['{\n\t"a": true\n}\n', '{\n\t"a": true\n}\n', '{\n\t"a": true\n}\n', 25],
  },
  S15: {
    about: 'set to a number, a map, a list, no JSON',
    async observe(tool) {
      tool.write('f.json', jsonFile({ a: seal('x', 'str', 'a:') }, block(['x'])));
      return inTurn(['5', '{"x":1}', '[1]', 'abc'], async (value) => {
        const { status } = await tool.run(['set', 'f.json', '["a"]', value]);
        return status === 0 ? sealedValues(tool.read('f.json'), ['a:', 'a:x:']) : status;
      });
    },
    sops: [['<float a: "5">'], ['<int a:x: "1">'], 7, 7],
    before: { release: 'sops-3.12.2', outcome: [['<float a: "5">'], ['<float a:x: "1">'], 7, 7], since: '3.13.2' },
    sec: { outcome: [['<int a: "5">'], ['<int a:x: "1">'], ['<int a: "1">'], 7], why: ['set-number', 'set-list'] },
  },
  S16: {
    about: 'set changes one line, lastmodified and mac',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: x\nb: z\nl:\n    - p\n    - q\n');
      const old = sealed.replace(fieldOf(sealed, 'lastmodified'), '2020-01-02T03:04:05Z');
      tool.write('f.yaml', old);
      const { status } = await tool.run(['set', '--ignore-mac', 'f.yaml', '["b"]', '"new"']);
      const before = old.split('\n');
      const changed = tool
        .read('f.yaml')
        .split('\n')
        .filter((line, at) => line !== before[at]);
      return { status, changed: changed.map((line) => line.trim().split(':')[0]) };
    },
    sops: { status: 0, changed: ['b', 'lastmodified', 'mac'] },
  },
} as const satisfies Cases;

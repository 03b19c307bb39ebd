import { createHash } from 'node:crypto';

import { block, fieldOf, hash, jsonFile, macOf, moment, seal, shapeOf, smallFile } from './by-hand.ts';
import { inTurn, plainOf, rule, sealedValues } from './case.ts';
import type { Cases } from './case.ts';

const small = '{\n\t"a": "x"\n}\n';

/** `sops-format.md` §21, 1 to 23: cipher, MAC and paths. */
export const cipherPitfalls = {
  1: {
    about: 'a nonce of 12 bytes opens, and does not stand in the way of a change',
    async observe(tool) {
      const file = jsonFile({ a: seal('x', 'str', 'a:', 12), b: seal('z', 'str', 'b:') }, block(['x', 'z']));
      const opened = (await tool.decrypt('f.json', file)).status;
      const changed = (await tool.run(['set', 'f.json', '["b"]', '"new"'])).status;
      return { opened, changed, nonces: noncesOf(await tool.seal('g.yaml', 'a: 1\n')) };
    },
    sops: { opened: 0, changed: 2, nonces: [32] },
    sec: { outcome: { opened: 0, changed: 0, nonces: [32] }, why: 'other-nonces' },
  },
  2: {
    about: 'paths end with a colon, that of the MAC does not',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a:\n    b: x\n');
      return { values: await sealedValues(sealed, ['a:b', 'a:b:']), mac: await macOf(sealed) };
    },
    sops: { values: ['<str a:b: "x">'], mac: hash(['x']) },
  },
  3: {
    about: 'a position in a list is no part of a path',
    observe: async (tool) => sealedValues(await tool.seal('f.yaml', 'a:\n    - x\n    - b: z\n    - - w\n'), ['a:', 'a:b:']),
    sops: ['<str a: "x">', '<str a:b: "z">', '<str a: "w">'],
  },
  4: {
    about: 'the path of a comment on the top level is a colon',
    observe: async (tool) => sealedValues(await tool.seal('f.yaml', '# c\na: x\n'), ['', ':', 'a:']),
    sops: ['<comment : " c">', '<str a: "x">'],
  },
  5: {
    about: 'the path of a comment is that of what holds it',
    observe: async (tool) =>
      sealedValues(await tool.seal('f.yaml', 'a:\n    # c\n    b: x\n    # d\n    l:\n        # e\n        - z\n'), ['a:', 'a:b:', 'a:l:']),
    sops: ['<comment a: " c">', '<str a:b: "x">', '<comment a: " d">', '<comment a:l: " e">', '<str a:l: "z">'],
  },
  6: {
    about: 'the MAC is compared as a text, in upper case',
    observe: async (tool) => {
      const lower = smallFile({ mac: seal(hash(['x']).toLowerCase(), 'str', moment) });
      return [(await tool.decrypt('f.json', lower)).status, (await tool.decrypt('f.json', smallFile())).status];
    },
    sops: [51, 0],
  },
  7: {
    about: 'the MAC knows no borders between values',
    observe: (tool) =>
      inTurn(['a:\n    - ab\n    - c\n', 'b:\n    - a\n    - bc\n'], async (text) => macOf(await tool.seal('f.yaml', text))),
    sops: [hash(['abc']), hash(['abc'])],
  },
  8: {
    about: 'bools have a capital in cipher and MAC, and none in a file',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: true\nb_unencrypted: false\n');
      return {
        shape: shapeOf(sealed),
        values: await sealedValues(sealed, ['a:']),
        mac: await macOf(sealed),
        plain: plainOf(await tool.decrypt('f.yaml', sealed)),
      };
    },
    sops: {
      shape: 'a: <bool>\nb_unencrypted: false\n',
      values: ['<bool a: "True">'],
      mac: hash(['TrueFalse']),
      plain: 'a: true\nb_unencrypted: false\n',
    },
  },
  9: {
    about: 'floats have no exponent in cipher and MAC',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: 1e+21\n');
      const [value = ''] = await sealedValues(sealed, ['a:']);
      return {
        value,
        mac: await macOf(sealed),
        yaml: plainOf(await tool.decrypt('f.yaml', sealed)),
        json: plainOf(await tool.decrypt('f.yaml', sealed, ['--output-type', 'json'])),
      };
    },
    sops: {
      value: '<float a: "1000000000000000000000">',
      mac: hash(['1000000000000000000000']),
      yaml: 'a: 1e+21\n',
      json: '{\n\t"a": 1e+21\n}\n',
    },
    sec: {
      outcome: { value: '<float a: "1e+21">', mac: hash(['1000000000000000000000']), yaml: 'a: 1e+21\n', json: '{\n\t"a": 1e+21\n}\n' },
      why: 'notation',
    },
  },
  10: {
    about: '1.0 is a float, in each format as it is written there',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 's:\n    a: 1.0\n');
      const as = async (type: string): Promise<unknown> => plainOf(await tool.decrypt('f.yaml', sealed, ['--output-type', type]));
      return { values: await sealedValues(sealed, ['s:a:']), yaml: await as('yaml'), json: await as('json'), ini: await as('ini') };
    },
    sops: { values: ['<float s:a: "1">'], yaml: 's:\n    a: 1\n', json: '{\n\t"s": {\n\t\t"a": 1\n\t}\n}\n', ini: '[s]\na = 1.0\n' },
    sec: {
      outcome: {
        values: ['<float s:a: "1.0">'],
        yaml: 's:\n    a: 1.0\n',
        json: '{\n\t"s": {\n\t\t"a": 1\n\t}\n}\n',
        ini: '[s]\na = 1.0\n',
      },
      why: 'notation',
    },
  },
  11: {
    about: 'null in the place of a ciphertext is seen by the MAC alone',
    observe: async (tool) => {
      const file = jsonFile({ a: null }, block(['x']));
      return [(await tool.decrypt('f.json', file)).status, plainOf(await tool.decrypt('f.json', file, ['--ignore-mac']))];
    },
    sops: [51, '{\n\t"a": null\n}\n'],
  },
  12: {
    about: 'the type and what stands behind the bracket are not authenticated',
    observe: async (tool) =>
      plainOf(await tool.decrypt('f.json', jsonFile({ a: `${seal('1', 'int', 'a:').replace('type:int', 'type:str')}!` }, block(['1'])))),
    sops: '{\n\t"a": "1"\n}\n',
  },
  13: {
    about: 'lastmodified is read and written again before it authenticates the MAC',
    observe: (tool) =>
      inTurn(
        ['2026-01-02T03:04:05.123Z', '2026-01-02T03:04:05+00:00', '2026-01-02T03:04:06Z'],
        async (lastmodified) => (await tool.decrypt('f.json', smallFile({ lastmodified }))).status,
      ),
    sops: [0, 0, 51],
  },
  14: {
    about: 'lastmodified is in seconds and in UTC, and what the MAC is sealed with',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: x\n');
      return { isInSeconds: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(fieldOf(sealed, 'lastmodified')), mac: await macOf(sealed) };
    },
    sops: { isInSeconds: true, mac: hash(['x']) },
  },
  15: {
    about: 'mac_only_encrypted leaves clear values out, and begins with 32 bytes of its own',
    observe: (tool) =>
      inTurn(
        [{ mac_only_encrypted: true }, { mac_only_encrypted: true, encrypted_regex: '^b' }, { mac_only_encrypted: false }],
        async (settings) => {
          rule(tool, settings);
          return macOf(await tool.seal('f.yaml', 'a: x\nb_unencrypted: z\n', []));
        },
      ),
    sops: [hash([sopsHash(), 'x']), hash([sopsHash(), 'z']), hash(['xz'])],
  },
  16: {
    about: 'one MAC for all documents, and the first block counts',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: x\n---\nb: z\n');
      const spoilt =
        sealed.slice(0, sealed.lastIndexOf('sops:\n')) + sealed.slice(sealed.lastIndexOf('sops:\n')).replace(/mac: .*/, 'mac: x');
      return { mac: await macOf(sealed), blocks: sealed.split('sops:\n').length - 1, plain: plainOf(await tool.decrypt('f.yaml', spoilt)) };
    },
    sops: { mac: hash(['xz']), blocks: 2, plain: 'a: x\n---\nb: z\n' },
  },
  17: {
    about: 'two sealed files put together are none',
    async observe(tool) {
      const [one, other] = [await tool.seal('f.yaml', 'a: x\n'), await tool.seal('g.yaml', 'b: z\n')];
      return (await tool.decrypt('f.yaml', `${one}---\n${other}`)).status;
    },
    sops: 25,
  },
  18: {
    about: 'comments are no part of the MAC',
    observe: async (tool) => macOf(await tool.seal('f.yaml', '# c\na: x # d\nl:\n    # e\n    - z\n# f\n')),
    sops: hash(['xz']),
  },
  19: {
    about: 'an encrypted comment of a list is an element to whoever reads the sealed file',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'l:\n    # c\n    - z\n');
      return { shape: shapeOf(sealed), opened: plainOf(await tool.decrypt('f.yaml', sealed)) };
    },
    sops: { shape: 'l:\n    - <comment>\n    - <str>\n', opened: 'l:\n    # c\n    - z\n' },
    sec: { outcome: { shape: 'l:\n    #<comment>\n    - <str>\n', opened: 'l:\n    # c\n    - z\n' }, why: 'list-comment' },
  },
  20: {
    about: 'an empty comment in a list',
    observe: async (tool) =>
      plainOf(await tool.decrypt('f.yaml', await tool.seal('f.yaml', 'l:\n    #\n    - z\n'), ['--output-type', 'json'])),
    sops: '{\n\t"l": [\n\t\t"",\n\t\t"z"\n\t]\n}\n',
    sec: { outcome: '{\n\t"l": [\n\t\t"z"\n\t]\n}\n', why: 'layout' },
  },
  21: {
    about: 'a comment behind a value stays there',
    observe: async (tool) => plainOf(await tool.decrypt('f.yaml', await tool.seal('f.yaml', 'a: x # c\n'))),
    sops: '# c\na: x\n',
    sec: { outcome: 'a: x # c\n', why: 'layout' },
  },
  22: {
    about: 'a comment that does not open is no error',
    observe: async (tool) =>
      plainOf(await tool.decrypt('f.yaml', `#${seal(' c', 'comment', 'other:')}\n# plain\n${smallFile()}`, ['--output-type', 'json'])),
    sops: small,
  },
  23: {
    about: 'equal elements of a list after a change',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'l:\n    - x\n    - x\nb: z\n');
      tool.write('f.yaml', sealed);
      const { status } = await tool.run(['set', 'f.yaml', '["b"]', '"new"']);
      const [one, other] = elements(tool.read('f.yaml'));
      return { status, wereEqual: elements(sealed)[0] === elements(sealed)[1], areEqual: one === other };
    },
    sops: { status: 0, wereEqual: false, areEqual: true },
    sec: { outcome: { status: 0, wereEqual: false, areEqual: false }, why: 'equal-elements' },
  },
} as const satisfies Cases;

function elements(sealed: string): readonly string[] {
  return [...sealed.matchAll(/- (ENC\[.*\])$/gm)].map(([, enc = '']) => enc);
}

function noncesOf(sealed: string): readonly number[] {
  return [...shapeless(sealed).matchAll(/,iv:([^,]*),/g)].map(([, iv = '']) => Buffer.from(iv, 'base64').length);
}

function shapeless(sealed: string): string {
  return sealed.slice(0, sealed.indexOf('\nsops:'));
}

function sopsHash(): Buffer {
  return createHash('sha256').update('sops').digest();
}

import { block, jsonFile, seal, smallFile } from './by-hand.ts';
import { inTurn, plainOf, roundTrip, sealedValues, toAlice } from './case.ts';
import type { Cases } from './case.ts';

/** `sops-format.md` §22.2: JSON and whole files. */
export const jsonCases = {
  J1: {
    about: 'ints and floats',
    observe: (tool) => roundTrip(tool, 'f.json', '{"a":1,"b":1.0,"c":1e3,"d":-0,"z":-0.0}'),
    sops: {
      sealed: '{\n\t"a": "<int>",\n\t"b": "<float>",\n\t"c": "<float>",\n\t"d": "<int>",\n\t"z": "<float>"\n}\n',
      plain: '{\n\t"a": 1,\n\t"b": 1,\n\t"c": 1000,\n\t"d": 0,\n\t"z": -0\n}\n',
    },
    before: {
      release: 'sops-3.12.2',
      outcome: {
        sealed: '{\n\t"a": "<float>",\n\t"b": "<float>",\n\t"c": "<float>",\n\t"d": "<float>",\n\t"z": "<float>"\n}\n',
        plain: '{\n\t"a": 1,\n\t"b": 1,\n\t"c": 1000,\n\t"d": -0,\n\t"z": -0\n}\n',
      },
      since: '3.13.2',
    },
    sec: {
      outcome: {
        sealed: '{"a":"<int>","b":"<float>","c":"<float>","d":"<int>","z":"<float>"}',
        plain: '{"a":1,"b":1.0,"c":1e3,"d":-0,"z":-0.0}',
      },
      why: 'layout',
    },
  },
  J2: {
    about: 'the largest int',
    observe: async (tool) => (await roundTrip(tool, 'f.json', '{\n\t"a": 9223372036854775807\n}\n')).plain,
    sops: '{\n\t"a": 9223372036854775807\n}\n',
    before: { release: 'sops-3.12.2', outcome: '{\n\t"a": 9223372036854776000\n}\n', since: '3.13.2' },
  },
  J3: {
    about: 'one more than the largest int',
    async observe(tool) {
      const sealed = await tool.seal('f.json', '{\n\t"a": 9223372036854775808\n}\n');
      return { values: await sealedValues(sealed, ['a:']), plain: plainOf(await tool.decrypt('f.json', sealed)) };
    },
    sops: { values: ['<float a: "9223372036854776000">'], plain: '{\n\t"a": 9223372036854776000\n}\n' },
    sec: {
      outcome: { values: ['<float a: "9223372036854775808">'], plain: '{\n\t"a": 9223372036854775808\n}\n' },
      why: ['layout', 'notation'],
    },
  },
  J4: {
    about: 'a number beyond all floats',
    observe: async (tool) => (await tool.encrypt('f.json', '{"a":1e400}')).status,
    sops: 2,
  },
  J5: {
    about: 'characters that are escaped for HTML',
    observe: async (tool) => plainOf(await tool.decrypt('f.yaml', await tool.seal('f.yaml', 'a: "<&>\\L"\n'), ['--output-type', 'json'])),
    sops: '{\n\t"a": "\\u003c\\u0026\\u003e\\u2028"\n}\n',
  },
  J6: {
    about: 'a key twice',
    observe: async (tool) => (await roundTrip(tool, 'f.json', '{\n\t"a": "x",\n\t"a": "z"\n}\n')).plain,
    sops: '{\n\t"a": "x",\n\t"a": "z"\n}\n',
  },
  J7: {
    about: 'text behind the object, a list, nothing',
    observe: (tool) => inTurn(['{"a":1} x', '[1]', ''], async (text) => (await tool.encrypt('f.json', text)).status),
    sops: [0, 2, 2],
    sec: { outcome: [2, 2, 2], why: 'trailing-json' },
  },
  J8: {
    about: 'empty maps and lists, null, tabs and the final line break',
    observe: (tool) => roundTrip(tool, 'f.json', '{\n\t"a": [],\n\t"b": {},\n\t"c": [\n\t\tnull,\n\t\t{\n\t\t\t"d": true\n\t\t}\n\t]\n}\n'),
    sops: {
      sealed: '{\n\t"a": [],\n\t"b": {},\n\t"c": [\n\t\tnull,\n\t\t{\n\t\t\t"d": "<bool>"\n\t\t}\n\t]\n}\n',
      plain: '{\n\t"a": [],\n\t"b": {},\n\t"c": [\n\t\tnull,\n\t\t{\n\t\t\t"d": true\n\t\t}\n\t]\n}\n',
    },
  },
  J9: {
    about: 'two blocks, a block that is a text, an empty block',
    async observe(tool) {
      const two = smallFile().replace(/("sops": \{[^]*\})\n\}\n$/, '$1,\n\t$1\n}\n');
      const files = [two, jsonFile({ a: seal('x', 'str', 'a:') }, 'x'), jsonFile({ a: seal('x', 'str', 'a:') }, {})];
      return inTurn(files, async (file) => (await tool.decrypt('f.json', file)).status);
    },
    sops: [1, 1, 1],
    before: { release: 'sops-3.12.2', outcome: [2, 1, 1], since: '3.13.0' },
  },
  J10: {
    about: 'an int stored as a float',
    observe: async (tool) => plainOf(await tool.decrypt('f.json', jsonFile({ a: seal('2', 'float', 'a:') }, block(['2'])))),
    sops: '{\n\t"a": 2\n}\n',
  },
  J11: {
    about: '--indent 0',
    observe: async (tool) =>
      plainOf(await tool.decrypt('f.yaml', await tool.seal('f.yaml', 'a:\n    b: 1\n'), ['--indent', '0', '--output-type', 'json'])),
    sops: '{\n"a": {\n"b": 1\n}\n}\n',
    before: { release: 'sops-3.12.2', outcome: '{\n\t"a": {\n\t\t"b": 1\n\t}\n}\n', since: '3.13.0' },
  },
  B1: {
    about: 'bytes',
    async observe(tool) {
      const sealed = await tool.seal('f.bin', Uint8Array.of(0xff, 0xfe, 0, 0x62, 0x0a));
      const { status, bytes } = await tool.decrypt('f.bin', sealed);
      return { status, bytes: bytes.toString('hex'), hasSuffix: sealed.includes('unencrypted_suffix') };
    },
    sops: { status: 0, bytes: 'fffe00620a', hasSuffix: false },
  },
  B2: {
    about: 'no bytes',
    async observe(tool) {
      const sealed = await tool.seal('f.bin', '');
      return { data: sealed.includes('"data": "",'), plain: plainOf(await tool.decrypt('f.bin', sealed)) };
    },
    sops: { data: true, plain: '' },
  },
  B4: {
    about: 'a map decrypted to a whole file',
    observe: async (tool) => (await tool.decrypt('f.yaml', await tool.seal('f.yaml', 'a: 1\n'), ['--output-type', 'binary'])).status,
    sops: 4,
  },
  B5: {
    about: 'YAML with a comment in a list to JSON',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'l:\n    - x\n    # c\n    - z\n', [...toAlice, '--output-type', 'json']);
      const { length } = await sealedValues(sealed, []);
      return { length, plain: plainOf(await tool.decrypt('f.json', sealed)) };
    },
    sops: { length: 3, plain: '{\n\t"l": [\n\t\t"x",\n\t\t"z"\n\t]\n}\n' },
    sec: { outcome: { length: 2, plain: '{\n\t"l": [\n\t\t"x",\n\t\t"z"\n\t]\n}\n' }, why: 'comment-to-json' },
  },
} as const satisfies Cases;

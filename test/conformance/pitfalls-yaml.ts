import { shapeOf } from './by-hand.ts';
import { inTurn, plainOf, roundTrip, sealedValues } from './case.ts';
import type { Cases } from './case.ts';
import type { Tool } from './tool.ts';

/** What a program prints of its own, so that no layout is kept. */
async function printed(tool: Tool, json: string): Promise<string | number> {
  return plainOf(await tool.decrypt('f.json', await tool.seal('f.json', json), ['--output-type', 'yaml']));
}

/** `sops-format.md` §21, 31 to 48: YAML and JSON. */
export const yamlPitfalls = {
  31: {
    about: 'the old words for true and false are texts, and get quotes',
    observe: (tool) => printed(tool, '{"n":"yes","y":"no","b":["on","off","nO"]}'),
    sops: '"n": "yes"\n"y": "no"\nb:\n    - "on"\n    - "off"\n    - nO\n',
  },
  32: {
    about: 'notations of numbers',
    observe: async (tool) => sealedValues(await tool.seal('f.yaml', 'a: [017, 0o17, 1_000, 1:30]\n'), ['a:']),
    sops: ['<int a: "15">', '<int a: "15">', '<int a: "1000">', '<str a: "1:30">'],
  },
  33: {
    about: 'a date is a time',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: 2024-01-01\n');
      return { values: await sealedValues(sealed, ['a:']), plain: plainOf(await tool.decrypt('f.yaml', sealed)) };
    },
    sops: { values: ['<time a: "2024-01-01T00:00:00Z">'], plain: 'a: 2024-01-01T00:00:00Z\n' },
    sec: { outcome: { values: ['<time a: "2024-01-01T00:00:00Z">'], plain: 'a: 2024-01-01\n' }, why: 'layout' },
  },
  34: {
    about: 'ints of 64 bits without a sign, and beyond',
    async observe(tool) {
      const { status, out } = await tool.encrypt('f.yaml', 'a: 12345678901234567890123\n');
      return [(await tool.encrypt('f.yaml', 'a: 9223372036854775808\n')).status, status, shapeOf(out)];
    },
    sops: [23, 0, 'a: <float>\n'],
  },
  35: {
    about: 'merge keys are ordinary keys',
    observe: async (tool) => printed(tool, '{"<<":{"a":1},"b":"<<"}'),
    sops: '!!merge <<:\n    a: 1\nb: !!merge <<\n',
    sec: { outcome: '!!merge <<:\n    a: 1\nb: "<<"\n', why: 'printing' },
  },
  36: {
    about: 'anchors and aliases',
    observe: async (tool) => (await roundTrip(tool, 'f.yaml', 'a: &x [p, q]\nb: *x\n')).plain,
    sops: 'a:\n    - p\n    - q\nb:\n    - p\n    - q\n',
    sec: { outcome: 'a: &x [p, q]\nb: *x\n', why: 'layout' },
  },
  37: {
    about: 'nothing but comments, without and with ---',
    async observe(tool) {
      const first = (await tool.encrypt('f.yaml', '# c\n')).status;
      return [first, (await roundTrip(tool, 'f.yaml', '---\n# c\n')).plain];
    },
    sops: [2, '# c\n{}\n'],
    sec: { outcome: [92, '---\n# c\n'], why: ['layout', 'comments-only'] },
  },
  38: {
    about: 'a key twice in a later document',
    observe: async (tool) => (await roundTrip(tool, 'f.yaml', 'a: 1\n---\nb: 1\nb: 2\n')).plain,
    sops: 'a: 1\n---\nb: 1\nb: 2\n',
  },
  39: {
    about: 'lists are indented below their key',
    observe: (tool) => printed(tool, '{"a":{"b":["x",["z"],{"c":1}]}}'),
    sops: 'a:\n    b:\n        - x\n        - - z\n        - c: 1\n',
  },
  40: {
    about: 'characters beyond U+FFFF get quotes, others do not',
    observe: (tool) => printed(tool, '{"a":"\u{1f600}","b":"grüße 漢字"}'),
    sops: 'a: "\\U0001F600"\nb: grüße 漢字\n',
  },
  41: {
    about: 'large floats in YAML and in JSON',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: 1000000.0\n');
      return [plainOf(await tool.decrypt('f.yaml', sealed)), plainOf(await tool.decrypt('f.yaml', sealed, ['--output-type', 'json']))];
    },
    sops: ['a: 1e+06\n', '{\n\t"a": 1000000\n}\n'],
    sec: { outcome: ['a: 1000000.0\n', '{\n\t"a": 1000000\n}\n'], why: 'layout' },
  },
  42: {
    about: 'keys of 128 and of 129 bytes',
    observe: (tool) => inTurn(['k'.repeat(128), 'é'.repeat(65)], (key) => printed(tool, JSON.stringify({ [key]: 'x' }))),
    sops: [`${'k'.repeat(128)}: x\n`, `? ${'é'.repeat(65)}\n: x\n`],
  },
  43: {
    about: 'texts of several lines',
    observe: (tool) => printed(tool, JSON.stringify({ a: 'p\nq\n', b: 'p \nq', c: 'p\r\nq', d: 'p\nq ', e: 'p\u0001\nq', f: 'p\tq\nr' })),
    sops: 'a: |\n    p\n    q\nb: "p \\nq"\nc: "p\\r\\nq"\nd: "p\\nq "\ne: "p\\x01\\nq"\nf: |-\n    p\tq\n    r\n',
  },
  44: {
    about: 'blank lines and quotes',
    observe: async (tool) => (await roundTrip(tool, 'f.yaml', 'a: "x"\n\n\nb: \'z\'\n')).plain,
    sops: 'a: x\nb: z\n',
    sec: { outcome: 'a: "x"\n\n\nb: \'z\'\n', why: 'layout' },
  },
  45: {
    about: '--extract of a list has an indentation of its own',
    async observe(tool) {
      tool.write('.sops.yaml', 'stores:\n  yaml:\n    indent: 2\n');
      const sealed = await tool.seal('f.yaml', 'a:\n  - b:\n      c: x\n');
      return plainOf(await tool.decrypt('f.yaml', sealed, ['--extract', '["a"]']));
    },
    sops: '- b:\n    c: x\n',
  },
  46: {
    about: 'how JSON is printed',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: <&>\nb: -0.0\nc:\n    d: x\n');
      return plainOf(await tool.decrypt('f.yaml', sealed, ['--output-type', 'json']));
    },
    sops: '{\n\t"a": "\\u003c\\u0026\\u003e",\n\t"b": -0,\n\t"c": {\n\t\t"d": "x"\n\t}\n}\n',
  },
  47: {
    about: 'JSON with a key twice, with text behind it, with a list on top',
    async observe(tool) {
      const { plain } = await roundTrip(tool, 'f.json', '{\n\t"a": 1,\n\t"a": 2\n}\n');
      return [plain, ...(await inTurn(['{"a":1} x', '{"a":1}{"b":2}', '[]'], async (text) => (await tool.encrypt('f.json', text)).status))];
    },
    sops: ['{\n\t"a": 1,\n\t"a": 2\n}\n', 0, 0, 2],
    sec: { outcome: ['{\n\t"a": 1,\n\t"a": 2\n}\n', 2, 2, 2], why: 'trailing-json' },
  },
  48: {
    about: 'large ints in JSON',
    async observe(tool) {
      const sealed = await tool.seal('f.json', '{\n\t"a": 9007199254740993\n}\n');
      return { values: await sealedValues(sealed, ['a:']), plain: plainOf(await tool.decrypt('f.json', sealed)) };
    },
    sops: { values: ['<int a: "9007199254740993">'], plain: '{\n\t"a": 9007199254740993\n}\n' },
    before: {
      release: 'sops-3.12.2',
      outcome: { values: ['<float a: "9007199254740992">'], plain: '{\n\t"a": 9007199254740992\n}\n' },
      since: '3.13.2',
    },
  },
} as const satisfies Cases;

import { shapeOf } from './by-hand.ts';
import { inTurn, plainOf, roundTrip, sealedValues, toAlice } from './case.ts';
import { flatCases } from './flat-cases.ts';
import type { Cases } from './case.ts';

/** `sops-format.md` §21, 49 to 56: dotenv and INI. */
export const flatPitfalls = {
  49: {
    about: '.env.local, and a word for a format that is none',
    async observe(tool) {
      const local = shapeOf(await tool.seal('.env.local', 'A=1\n'));
      const { status, out } = await tool.encrypt('f.yaml', 'a: 1\n', [...toAlice, '--input-type', 'env']);
      return { local, status, out: shapeOf(out) };
    },
    sops: { local: '{\n\t"data": "<str>"\n}\n', status: 0, out: 'a: <int>\n' },
    sec: { outcome: { local: 'A=<str>\n', status: 1, out: '' }, why: ['names', 'unknown-format'] },
  },
  50: {
    about: 'dotenv takes all as it stands, but for \\n',
    async observe(tool) {
      const sealed = await tool.seal('f.env', 'A="x"\nexport B= y \nC=z\r\nD=a\\nb\n');
      return sealedValues(sealed, ['A:', 'export B:', 'C:', 'D:']);
    },
    sops: ['<str A: "\\"x\\"">', '<str export B: " y ">', '<str C: "z\\r">', '<str D: "a\\nb">'],
  },
  51: {
    about: 'sops_ begins the block, sops does not',
    observe: async (tool) => {
      const { plain } = await roundTrip(tool, 'f.env', 'sops=1\nA_sops_=2\n');
      return [plain, (await tool.encrypt('f.env', 'A=1\nsops_=1\n')).status];
    },
    sops: ['sops=1\nA_sops_=2\n', 203],
  },
  52: {
    about: 'INI has a section DEFAULT, and keeps sections, but not keys, that are there twice',
    async observe(tool) {
      const sealed = await tool.seal('f.ini', '[s]\nk = 1\n\n[s]\nk = 2\n');
      const json = plainOf(await tool.decrypt('f.ini', sealed, ['--output-type', 'json']));
      return [json, (await tool.encrypt('f.ini', '[s]\nk = 1\nk = 2\n')).status];
    },
    sops: ['{\n\t"DEFAULT": {},\n\t"s": {\n\t\t"k": "1"\n\t},\n\t"s": {\n\t\t"k": "2"\n\t}\n}\n', 0],
    sec: { outcome: ['{\n\t"DEFAULT": {},\n\t"s": {\n\t\t"k": "1"\n\t},\n\t"s": {\n\t\t"k": "2"\n\t}\n}\n', 2], why: 'ini-duplicate' },
  },
  53: {
    about: 'a comment sign in quotes begins a comment',
    observe: (tool) =>
      inTurn(['x = "a;b"\n', 'x = "a#b"\n', 'x = `a;b`\n', 'x = """a#b"""\n'], async (text) =>
        [...(await sealedValues(await tool.seal('f.ini', text), ['DEFAULT:', 'DEFAULT:x:']))].sort(),
      ),
    sops: [
      ['<comment DEFAULT: "b\\"">', '<str DEFAULT:x: "\\"a">'],
      ['<comment DEFAULT: "b\\"">', '<str DEFAULT:x: "\\"a">'],
      ['<str DEFAULT:x: "a;b">'],
      ['<str DEFAULT:x: "a#b">'],
    ],
  },
  54: {
    about: 'a comment of several lines is one, under the path of its section',
    observe: async (tool) => sealedValues(await tool.seal('f.ini', '[s]\n; c1\n# c2\nk = x\n'), ['s:', 's:k:']),
    sops: ['<comment s: "c1\\n# c2">', '<str s:k: "x">'],
  },
  55: {
    about: 'INI lines are aligned in bytes',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 's:\n    k: ""\n    lönger: x\n', [...toAlice, '--output-type', 'ini']);
      return [shapeOf(sealed), plainOf(await tool.decrypt('f.ini', sealed))];
    },
    sops: ['[s]\nk       = \nlönger = <str>\n', '[s]\nk       = \nlönger = x\n'],
  },
  56: {
    about: 'line breaks of the block, as \\n and as they are',
    async observe(tool) {
      const sealed = await tool.seal('f.ini', '[s]\nk = x\n');
      return { escaped: /list_0__map_enc +=.*FILE-----\\n/.test(sealed), real: await flatCases.I6.observe(tool) };
    },
    sops: { escaped: true, real: '[s]\nk = x\n' },
  },
} as const satisfies Cases;

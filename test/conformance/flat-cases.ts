import { alice } from '../helpers/sec.ts';
import { block, mac, moment, seal } from './by-hand.ts';
import { inTurn, plainOf, roundTrip, sealedValues, toAlice } from './case.ts';
import type { Cases } from './case.ts';

/** `sops-format.md` §22.3: dotenv and INI. */
export const flatCases = {
  D1: {
    about: 'a comment, a blank line, \\n, an empty value',
    async observe(tool) {
      const sealed = await tool.seal('f.env', '# c\nA=1\n\nB=x\\ny\nE=\n');
      return { values: await sealedValues(sealed, [':', 'A:', 'B:']), plain: plainOf(await tool.decrypt('f.env', sealed)) };
    },
    sops: { values: ['<comment : " c">', '<str A: "1">', '<str B: "x\\ny">'], plain: '# c\nA=1\nB=x\\ny\nE=\n' },
    sec: {
      outcome: { values: ['<comment : " c">', '<str A: "1">', '<str B: "x\\ny">'], plain: '# c\nA=1\n\nB=x\\ny\nE=\n' },
      why: 'layout',
    },
  },
  D2: {
    about: 'space, export and quotes belong to keys and values',
    async observe(tool) {
      const sealed = await tool.seal('f.env', 'B = two \nexport C=3\nQ="q"\n');
      return { values: await sealedValues(sealed, ['B :', 'export C:', 'Q:']), plain: plainOf(await tool.decrypt('f.env', sealed)) };
    },
    sops: { values: ['<str B : " two ">', '<str export C: "3">', '<str Q: "\\"q\\"">'], plain: 'B = two \nexport C=3\nQ="q"\n' },
  },
  D3: {
    about: 'a line without =, an indented comment',
    observe: (tool) => inTurn(['novalue\n', ' # c\n'], async (text) => (await tool.encrypt('f.env', text)).status),
    sops: [2, 2],
  },
  D4: {
    about: 'keys that look like the block',
    observe: (tool) => inTurn(['sops_x=1\n', 'sops=1\n'], async (text) => (await tool.encrypt('f.env', text)).status),
    sops: [203, 0],
  },
  D5: {
    about: 'an empty file',
    async observe(tool) {
      const sealed = await tool.seal('f.env', '');
      return { data: sealed.replaceAll(/^sops_.*\n/gm, ''), plain: plainOf(await tool.decrypt('f.env', sealed)) };
    },
    sops: { data: '', plain: '' },
  },
  D6: {
    about: 'a key twice',
    observe: async (tool) => (await roundTrip(tool, 'f.env', 'A=1\nA=2\n')).plain,
    sops: 'A=1\nA=2\n',
  },
  D7: {
    about: 'the block on top, its lines reversed',
    async observe(tool) {
      const lines = (await tool.seal('f.env', 'A=1\nB=2\n')).trimEnd().split('\n');
      const blockLines = lines.filter((line) => line.startsWith('sops_')).reverse();
      const others = lines.filter((line) => !line.startsWith('sops_'));
      return plainOf(await tool.decrypt('f.env', [...blockLines, ...others, ''].join('\n')));
    },
    sops: 'A=1\nB=2\n',
  },
  D8: {
    about: 'eleven recipients',
    async observe(tool) {
      tool.write('.sops.yaml', JSON.stringify({ creation_rules: [{ age: Array.from({ length: 11 }, () => alice.recipient) }] }));
      const sealed = await tool.seal('f.env', 'A=1\n', []);
      return [...sealed.matchAll(/^sops_age__list_(\d+)__map_recipient/gm)].map(([, index]) => Number(index));
    },
    sops: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    before: { release: 'sops-3.12.2', outcome: [0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9], since: '3.13.0' },
  },
  D9: {
    about: 'a clear bool becomes a text in dotenv',
    async observe(tool) {
      const { status, out } = await tool.encrypt('f.yaml', 'x_unencrypted: true\nz: 1\n', [...toAlice, '--output-type', 'dotenv']);
      return status === 0 ? (await tool.decrypt('f.env', out)).status : `refused with ${status}`;
    },
    sops: 51,
    sec: { outcome: 'refused with 4', why: 'clear-conversion' },
  },
  D10: {
    about: 'a nested map to dotenv',
    observe: async (tool) => (await tool.encrypt('f.yaml', 'a:\n    b: 1\n', [...toAlice, '--output-type', 'dotenv'])).status,
    sops: 4,
  },
  I1: {
    about: 'comments of a section and of a key, alignment, quotes',
    async observe(tool) {
      const text = '; s\n[sec]\n; k1\n; k2\nk = v\nlonger = "  sp "\nh = `a#b`\n';
      const sealed = await tool.seal('f.ini', text);
      return {
        values: await sealedValues(sealed, ['sec:', 'sec:k:', 'sec:longer:', 'sec:h:']),
        plain: plainOf(await tool.decrypt('f.ini', sealed)),
      };
    },
    sops: {
      values: ['<comment sec: "s">', '<comment sec: "k1\\n; k2">', '<str sec:k: "v">', '<str sec:longer: "  sp ">', '<str sec:h: "a#b">'],
      plain: '; s\n[sec]\n; k1\n; k2\nk      = v\nlonger = "  sp "\nh      = `a#b`\n',
    },
    sec: {
      outcome: {
        values: ['<comment sec: "s">', '<comment sec: "k1\\n; k2">', '<str sec:k: "v">', '<str sec:longer: "  sp ">', '<str sec:h: "a#b">'],
        plain: '; s\n[sec]\n; k1\n; k2\nk = v\nlonger = "  sp "\nh = `a#b`\n',
      },
      why: 'layout',
    },
  },
  I2: {
    about: 'keys without a section, a section twice',
    observe: async (tool) => plainOf(await tool.decrypt('f.ini', await tool.seal('f.ini', 'g = 1\n\n[s]\nk = 1\n\n[s]\nk = 1\n'))),
    sops: 'g = 1\n\n[s]\nk = 1\n\n[s]\nk = 1\n',
  },
  I3: {
    about: 'a key twice',
    async observe(tool) {
      const { status, out } = await tool.encrypt('f.ini', '[s]\nx=1\nx=2\n');
      return status === 0 ? sealedValues(out, ['s:x:']) : status;
    },
    sops: ['<str s:x: "2">'],
    sec: { outcome: 2, why: 'ini-duplicate' },
  },
  I4: {
    about: 'quotes do not protect a comment sign',
    observe: async (tool) => [...(await sealedValues(await tool.seal('f.ini', 'x = "a;b"\n'), ['DEFAULT:x:', 'DEFAULT:']))].sort(),
    sops: ['<comment DEFAULT: "b\\"">', '<str DEFAULT:x: "\\"a">'],
  },
  I5: {
    about: 'a section sops, a key sops',
    observe: (tool) => inTurn(['[sops]\nk=1\n', 'sops=1\n'], async (text) => (await tool.encrypt('f.ini', text)).status),
    sops: [203, 0],
  },
  I6: {
    about: 'a block with real line breaks',
    observe: async (tool) => plainOf(await tool.decrypt('f.ini', iniWithRealBreaks())),
    sops: '[s]\nk = x\n',
  },
  I7: {
    about: 'a value of several lines',
    async observe(tool) {
      const sealed = await tool.seal('f.ini', '[s]\nk = """a\nb"""\n');
      return { values: await sealedValues(sealed, ['s:k:']), plain: plainOf(await tool.decrypt('f.ini', sealed)) };
    },
    sops: { values: ['<str s:k: "a\\nb">'], plain: '[s]\nk = """a\nb"""\n' },
  },
  I8: {
    about: 'values of YAML as texts of INI',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 's: {t: 2001-12-14T21:59:43.5Z, f: 1.0, h: 3, b: true}\n', [
        ...toAlice,
        '--output-type',
        'ini',
      ]);
      return plainOf(await tool.decrypt('f.ini', sealed));
    },
    sops: '[s]\nt = 2001-12-14T21:59:43Z\nf = 1.0\nh = 3\nb = true\n',
  },
} as const satisfies Cases;

/** As 3.13.0 and 3.13.1 wrote it (§8.3). */
function iniWithRealBreaks(): string {
  const [key] = block(['x'])['age'] as readonly { readonly enc: string; readonly recipient: string }[];
  return `[s]
k = ${seal('x', 'str', 's:k:')}

[sops]
age__list_0__map_enc       = """${key?.enc}"""
age__list_0__map_recipient = ${key?.recipient}
lastmodified               = ${moment}
mac                        = ${mac(['x'])}
unencrypted_suffix         = _unencrypted
version                    = 3.13.1
`;
}

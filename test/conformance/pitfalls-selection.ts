import { shapeOf, block, jsonFile, seal } from './by-hand.ts';
import { inTurn, rule, toAlice, plainOf } from './case.ts';
import type { Cases } from './case.ts';

/** `sops-format.md` §21, 24 to 30: what is encrypted. */
export const selectionPitfalls = {
  24: {
    about: 'a key above is enough',
    observe: async (tool) =>
      shapeOf(await tool.seal('f.yaml', 'data:\n    a:\n        - x\nkind: z\n', [...toAlice, '--encrypted-regex', '^data$'])),
    sops: 'data:\n    a:\n        - <str>\nkind: z\n',
  },
  25: {
    about: 'comments on the top level, by each rule',
    observe: (tool) =>
      inTurn([{ encrypted_suffix: '_e' }, { encrypted_regex: '_e$' }, {}], async (settings) => {
        rule(tool, settings);
        return shapeOf(await tool.seal('f.yaml', '# c\nx_unencrypted: x\n# d\na_e: z\n', []));
      }),
    sops: [
      '# c\nx_unencrypted: x\n# d\na_e: <str>\n',
      '# c\nx_unencrypted: x\n# d\na_e: <str>\n',
      '#<comment>\nx_unencrypted: x\n#<comment>\na_e: <str>\n',
    ],
  },
  26: {
    about: 'the suffix _unencrypted is written, and holds where nothing is written',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: x\n');
      const without = jsonFile({ a: seal('x', 'str', 'a:'), b_unencrypted: 'z' }, block(['xz'], { unencrypted_suffix: undefined }));
      return { written: sealed.includes('    unencrypted_suffix: _unencrypted\n'), opened: (await tool.decrypt('f.json', without)).status };
    },
    sops: { written: true, opened: 0 },
  },
  27: {
    about: 'an expression that RE2 has not matches nothing',
    async observe(tool) {
      const { status, out } = await tool.encrypt('f.yaml', 'a: x\n', [...toAlice, '--encrypted-regex', '^(?!x)']);
      return { status, data: shapeOf(out) };
    },
    sops: { status: 0, data: 'a: x\n' },
    sec: { outcome: { status: 1, data: '' }, why: 'expression' },
  },
  28: {
    about: 'the comment that says so stays clear, those after it do not',
    async observe(tool) {
      rule(tool, { encrypted_comment_regex: 'secret' });
      return shapeOf(await tool.seal('f.yaml', '# first\n# secret\n# third\na: x\n# fourth\nb: z\n', []));
    },
    sops: '# first\n# secret\n#<comment>\na: <str>\n# fourth\nb: z\n',
  },
  29: {
    about: 'a comment counts for all below its entry, and for nothing after it',
    async observe(tool) {
      rule(tool, { unencrypted_comment_regex: 'open' });
      return shapeOf(await tool.seal('f.yaml', '# open\na:\n    b:\n        c: x\n    d: z\ne: w\n', []));
    },
    sops: '# open\na:\n    b:\n        c: x\n    d: z\ne: <str>\n',
  },
  30: {
    about: 'a whole file knows no selection, and has none written',
    async observe(tool) {
      rule(tool, { encrypted_regex: '^x$' });
      const sealed = await tool.seal('f.bin', 'bytes', []);
      return {
        shape: shapeOf(sealed),
        rules: /\w+_(?:suffix|regex)/.exec(sealed)?.[0] ?? null,
        plain: plainOf(await tool.decrypt('f.bin', sealed)),
      };
    },
    sops: { shape: '{\n\t"data": "<str>"\n}\n', rules: null, plain: 'bytes' },
  },
} as const satisfies Cases;

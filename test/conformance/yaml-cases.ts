import { block, jsonFile, macOf, hash, seal } from './by-hand.ts';
import { inTurn, plainOf, roundTrip, sealedValues } from './case.ts';
import type { Cases } from './case.ts';

/** `sops-format.md` §22.1. */
export const yamlCases = {
  Y1: {
    about: 'int and str',
    observe: (tool) => roundTrip(tool, 'f.yaml', 'a: 1\nb: x\n'),
    sops: { sealed: 'a: <int>\nb: <str>\n', plain: 'a: 1\nb: x\n' },
  },
  Y2: {
    about: 'what is empty stays clear and adds nothing to the MAC',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'e: ""\nn: null\nm: {}\nl: []\n');
      return {
        values: await sealedValues(sealed, []),
        isMacOfNothing: (await macOf(sealed)) === hash([]),
        plain: plainOf(await tool.decrypt('f.yaml', sealed)),
      };
    },
    sops: { values: [], isMacOfNothing: true, plain: 'e: ""\n"n": null\nm: {}\nl: []\n' },
    sec: { outcome: { values: [], isMacOfNothing: true, plain: 'e: ""\nn: null\nm: {}\nl: []\n' }, why: 'layout' },
  },
  Y3: {
    about: 'floats',
    observe: (tool) => roundTrip(tool, 'f.yaml', 'f: 1.0\ng: 1e3\nh: 12345678.9\n'),
    sops: { sealed: 'f: <float>\ng: <float>\nh: <float>\n', plain: 'f: 1\ng: 1000\nh: 1.23456789e+07\n' },
    sec: { outcome: { sealed: 'f: <float>\ng: <float>\nh: <float>\n', plain: 'f: 1.0\ng: 1e3\nh: 12345678.9\n' }, why: 'layout' },
  },
  Y4: {
    about: 'ints in other notations',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: 017\nb: 0o17\nc: 1_000\nd: 0x1F\ne: 08\n');
      return { values: await sealedValues(sealed, ['a:', 'b:', 'c:', 'd:', 'e:']), plain: plainOf(await tool.decrypt('f.yaml', sealed)) };
    },
    sops: {
      values: ['<int a: "15">', '<int b: "15">', '<int c: "1000">', '<int d: "31">', '<float e: "8">'],
      plain: 'a: 15\nb: 15\nc: 1000\nd: 31\ne: 8\n',
    },
    sec: {
      outcome: {
        values: ['<int a: "15">', '<int b: "15">', '<int c: "1000">', '<int d: "31">', '<float e: "08">'],
        plain: 'a: 017\nb: 0o17\nc: 1_000\nd: 0x1F\ne: 08\n',
      },
      why: 'layout',
    },
  },
  Y5: {
    about: 'yes is a text, True is none',
    observe: (tool) => roundTrip(tool, 'f.yaml', 'a: yes\nb: True\n'),
    sops: { sealed: 'a: <str>\nb: <bool>\n', plain: 'a: "yes"\nb: true\n' },
    sec: { outcome: { sealed: 'a: <str>\nb: <bool>\n', plain: 'a: yes\nb: True\n' }, why: 'layout' },
  },
  Y6: {
    about: 'times',
    observe: (tool) => roundTrip(tool, 'f.yaml', 'a: 2024-01-01\nb: 2006-01-02T15:04:05+07:06\n'),
    sops: { sealed: 'a: <time>\nb: <time>\n', plain: 'a: 2024-01-01T00:00:00Z\nb: 2006-01-02T15:04:05+07:06\n' },
    sec: { outcome: { sealed: 'a: <time>\nb: <time>\n', plain: 'a: 2024-01-01\nb: 2006-01-02T15:04:05+07:06\n' }, why: 'layout' },
  },
  Y7: {
    about: 'a time with a zone behind a space is a text',
    observe: (tool) => roundTrip(tool, 'f.yaml', 'a: 2001-12-14 21:59:43.10 -5\n'),
    sops: { sealed: 'a: <str>\n', plain: 'a: 2001-12-14 21:59:43.10 -5\n' },
  },
  Y8: {
    about: 'an int between 63 and 64 bits',
    observe: async (tool) => (await tool.encrypt('f.yaml', 'a: 18446744073709551615\n')).status,
    sops: 23,
  },
  Y9: {
    about: 'a key twice, in the first document and in the second',
    observe: async (tool) => [
      (await tool.encrypt('f.yaml', 'a: 1\na: 2\n')).status,
      (await tool.encrypt('f.yaml', 'a: 1\n---\nb: 1\nb: 2\n')).status,
    ],
    sops: [2, 0],
  },
  Y10: {
    about: 'a key that is no text',
    observe: async (tool) => (await tool.encrypt('f.yaml', 'a: {1: x}\n')).status,
    sops: 23,
  },
  Y11: {
    about: 'a top level that is no map',
    observe: async (tool) => [(await tool.encrypt('f.yaml', '- a\n')).status, (await tool.encrypt('f.yaml', 'foo\n')).status],
    sops: [2, 2],
  },
  Y12: {
    about: 'no document, only a comment, an empty document',
    async observe(tool) {
      const statuses = [(await tool.encrypt('f.yaml', '')).status, (await tool.encrypt('f.yaml', '# c\n')).status];
      const { plain } = await roundTrip(tool, 'f.yaml', '---\n');
      return [...statuses, plain];
    },
    sops: [92, 2, '{}\n'],
    sec: { outcome: [92, 92, '---\n'], why: ['layout', 'comments-only'] },
  },
  Y13: {
    about: 'several documents: the first block counts',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: 1\n---\nb: 2\n');
      const [first = '', second = ''] = sealed.split(/^---\n/m);
      const blockOf = (text: string): string => text.slice(text.indexOf('sops:\n'));
      return {
        same: blockOf(first) === blockOf(second),
        both: plainOf(await tool.decrypt('f.yaml', sealed)),
        onlyFirst: plainOf(await tool.decrypt('f.yaml', `${first}---\n${second.replace(blockOf(second), '')}`)),
        onlySecond: plainOf(await tool.decrypt('f.yaml', `${first.replace(blockOf(first), '')}---\n${second}`)),
      };
    },
    sops: { same: true, both: 'a: 1\n---\nb: 2\n', onlyFirst: 'a: 1\n---\nb: 2\n', onlySecond: 1 },
  },
  Y14: {
    about: 'the key sops in a later document',
    observe: async (tool) => (await tool.encrypt('f.yaml', 'a: 1\n---\nsops: 2\n')).status,
    sops: 4,
    before: { release: 'sops-3.12.2', outcome: 0, since: '3.13.0' },
  },
  Y15: {
    about: 'anchors and merge keys',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: &x {k: 1}\nb: *x\nc: {<<: *x}\n');
      return { values: await sealedValues(sealed, ['a:k:', 'b:k:', 'c:<<:k:']), plain: plainOf(await tool.decrypt('f.yaml', sealed)) };
    },
    sops: {
      values: ['<int a:k: "1">', '<int b:k: "1">', '<int c:<<:k: "1">'],
      plain: 'a:\n    k: 1\nb:\n    k: 1\nc:\n    !!merge <<:\n        k: 1\n',
    },
    sec: {
      outcome: { values: ['<int a:k: "1">', '<int b:k: "1">', '<int c:<<:k: "1">'], plain: 'a: &x {k: 1}\nb: *x\nc: {<<: *x}\n' },
      why: 'layout',
    },
  },
  Y16: {
    about: 'comments above, behind and below',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', '# h\na: 1 # i\n# t\n');
      return { values: await sealedValues(sealed, [':', 'a:']), ...(await roundTrip(tool, 'f.yaml', '# h\na: 1 # i\n# t\n')) };
    },
    sops: {
      values: ['<comment : " h">', '<int a: "1">', '<comment : " i">', '<comment : " t">'],
      sealed: '#<comment>\na: <int> #<comment>\n#<comment>\n',
      plain: '# h\n# i\na: 1\n# t\n',
    },
    before: {
      release: 'sops-3.12.2',
      outcome: {
        values: ['<comment : " h">', '<comment : " i">', '<int a: "1">', '<comment : " t">'],
        sealed: '#<comment>\n#<comment>\na: <int>\n#<comment>\n',
        plain: '# h\n# i\na: 1\n# t\n',
      },
      since: '3.13.0',
    },
    sec: {
      outcome: {
        values: ['<comment : " h">', '<int a: "1">', '<comment : " i">', '<comment : " t">'],
        sealed: '#<comment>\na: <int> #<comment>\n#<comment>\n',
        plain: '# h\na: 1 # i\n# t\n',
      },
      why: 'layout',
    },
  },
  Y17: {
    about: 'a comment in a list',
    observe: (tool) => roundTrip(tool, 'f.yaml', 'l:\n    - x\n    # c\n    - z\n'),
    sops: { sealed: 'l:\n    - <str>\n    - <comment>\n    - <str>\n', plain: 'l:\n    - x\n    # c\n    - z\n' },
    sec: {
      outcome: { sealed: 'l:\n    - <str>\n    #<comment>\n    - <str>\n', plain: 'l:\n    - x\n    # c\n    - z\n' },
      why: 'list-comment',
    },
  },
  Y18: {
    about: 'an empty comment in a list',
    observe: async (tool) => (await roundTrip(tool, 'f.yaml', 'l:\n    - x\n    #\n    - z\n')).plain,
    sops: 'l:\n    - x\n    - ""\n    - z\n',
    sec: { outcome: 'l:\n    - x\n    #\n    - z\n', why: 'layout' },
  },
  Y19: {
    about: 'a text of several lines',
    observe: async (tool) => (await roundTrip(tool, 'f.yaml', 's: "multi\\nline\\n"\n')).plain,
    sops: 's: |\n    multi\n    line\n',
    sec: { outcome: 's: "multi\\nline\\n"\n', why: 'layout' },
  },
  Y20: {
    about: 'texts that only double quotes hold',
    observe: async (tool) =>
      plainOf(
        await tool.decrypt('f.json', await tool.seal('f.json', '{"s":"a\\r\\nb","t":"x \\n","u":"\\ud83d\\ude00"}'), [
          '--output-type',
          'yaml',
        ]),
      ),
    sops: 's: "a\\r\\nb"\nt: "x \\n"\nu: "\\U0001F600"\n',
  },
  Y21: {
    about: 'a text of several lines that starts with a tab',
    observe: async (tool) =>
      plainOf(await tool.decrypt('f.json', await tool.seal('f.json', '{"s":"\\ta\\nb"}'), ['--output-type', 'yaml'])),
    sops: 's: null\n',
    sec: { outcome: 's: "\\ta\\nb"\n', why: 'printing' },
  },
  Y22: {
    about: 'a key of 129 characters',
    observe: async (tool) =>
      plainOf(await tool.decrypt('f.json', await tool.seal('f.json', `{"${'k'.repeat(129)}":"x"}`), ['--output-type', 'yaml'])),
    sops: `? ${'k'.repeat(129)}\n: x\n`,
  },
  Y23: {
    about: 'bytes that are no text',
    async observe(tool) {
      const sealed = await tool.seal('f.yaml', 'a: !!binary /w==\n');
      return [plainOf(await tool.decrypt('f.yaml', sealed)), plainOf(await tool.decrypt('f.yaml', sealed, ['--output-type', 'json']))];
    },
    sops: ['a: !!binary /w==\n', '{\n\t"a": "\\ufffd"\n}\n'],
  },
  Y24: {
    about: 'stores.yaml.indent',
    async observe(tool) {
      tool.write('.sops.yaml', 'stores:\n  yaml:\n    indent: 2\n');
      const sealed = await tool.seal('f.json', '{"a":["x",{"b":"w","c":"z"}],"d":{"e":"f"}}');
      return plainOf(await tool.decrypt('f.json', sealed, ['--output-type', 'yaml']));
    },
    sops: 'a:\n  - x\n  - b: w\n    c: z\nd:\n  e: f\n',
  },
  Y25: {
    about: 'two elements of a list swapped',
    observe: async (tool) =>
      (await tool.decrypt('f.yaml', jsonFile({ a: [seal('q', 'str', 'a:'), seal('p', 'str', 'a:')] }, block(['p', 'q'])))).status,
    sops: 51,
  },
  Y26: {
    about: 'another key over a ciphertext',
    observe: async (tool) => (await tool.decrypt('f.yaml', jsonFile({ b: seal('x', 'str', 'a:') }, block(['x'])))).status,
    sops: 25,
  },
  Y27: {
    about: 'type:int changed to type:str',
    observe: async (tool) =>
      plainOf(
        await tool.decrypt('f.yaml', jsonFile({ a: seal('1', 'int', 'a:').replace('type:int', 'type:str') }, block(['1'])), [
          '--output-type',
          'json',
        ]),
      ),
    sops: '{\n\t"a": "1"\n}\n',
  },
  Y28: {
    about: 'text behind the closing bracket',
    observe: async (tool) =>
      plainOf(await tool.decrypt('f.yaml', jsonFile({ a: `${seal('x', 'str', 'a:')} and more` }, block(['x'])), ['--output-type', 'json'])),
    sops: '{\n\t"a": "x"\n}\n',
  },
  Y29: {
    about: 'a ciphertext replaced by 5, null, nothing and x',
    observe: (tool) => inTurn([5, null, '', 'x'], async (a) => (await tool.decrypt('f.yaml', jsonFile({ a }, block(['x'])))).status),
    sops: [25, 51, 51, 25],
    before: { release: 'sops-3.12.2', outcome: [2, 51, 51, 25], since: '3.13.0' },
  },
  Y30: {
    about: 'a key beyond ASCII',
    observe: async (tool) => sealedValues(await tool.seal('f.yaml', 'é: ü\n'), ['é:']),
    sops: ['<str é: "ü">'],
  },
} as const satisfies Cases;

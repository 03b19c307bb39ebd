import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { need } from '../helpers/need.ts';
import { sec } from '../helpers/sec.ts';
import { sopsFolder } from '../helpers/sops-folder.ts';
import type { Sops, SopsFolder } from '../helpers/sops-folder.ts';

/** INI files and whole files that go from one program to the other. */

const everything = [
  '; about the keys before any section',
  'first : 1',
  '',
  '; about s',
  '[s] ; behind',
  '; one',
  '',
  '   ; two',
  'plain      = v ; behind a value',
  'longer     = "  sp " # another',
  'quoted     = `a#b`',
  '-          = counted',
  "single     = 'x'",
  '`a=b`      = c = d',
  '; above',
  'lines      = """a',
  '  b"""',
  'joined     = a \\',
  '             b',
  'empty      =',
  '[s]',
  'plain      = again',
  '[u.v]',
  '; the end',
  '',
].join('\n');

/** What sops prints of it once it was sealed: its own layout and its own markers, with all values and comments. */
const asSopsPrints = [
  '; about the keys before any section',
  'first = 1',
  '',
  '; about s',
  '; behind',
  '[s]',
  '; one',
  '; two',
  '; behind a value',
  'plain  = v',
  '; another',
  'longer = "  sp "',
  'quoted = `a#b`',
  '#1     = counted',
  'single = x',
  '`a=b`  = c = d',
  '; above',
  'lines  = """a',
  '  b"""',
  'joined = a b',
  'empty  = ',
  '',
  '[s]',
  'plain = again',
  '',
  '[u.v]',
  '',
].join('\n');

describe.skipIf(!need('age-keygen', 'sops-3.12.2', 'sops-3.13.3')).each(['sops-3.12.2', 'sops-3.13.3'] satisfies Sops[])(
  '%s',
  (version) => {
    let world: SopsFolder;
    let files: Readonly<Record<string, string>>;
    beforeAll(() => {
      world = sopsFolder();
      files = { '~/.config/sops/age/keys.txt': readFileSync(world.folder.at('key.txt'), 'utf8') };
    });
    afterAll(() => world.folder.remove());

    const sealedBySec = async (name: string, text: string, args: readonly string[] = []): Promise<string> => {
      const { status, out } = await sec(['encrypt', '--age', world.recipient, ...args, name], { [name]: text });
      expect(status).toBe(0);
      return out;
    };
    const openedBySops = (name: string, text: string, args: readonly string[] = []): string => {
      world.folder.write(name, text);
      const { status, out, err } = world.sops(version, ['decrypt', ...args, name]);
      expect([status, err]).toEqual([0, '']);
      return out;
    };
    const sealedBySops = (name: string, text: string | Uint8Array, args: readonly string[] = []): string => {
      world.folder.write(name, text);
      const { status, out, err } = world.sops(version, ['encrypt', '--age', world.recipient, ...args, name]);
      expect([status, err]).toEqual([0, '']);
      return out;
    };

    test('opens an INI file of ours, with all its values and comments', async () => {
      const sealed = await sealedBySec('x.ini', everything);

      expect(openedBySops('x.ini', sealed)).toBe(asSopsPrints);
    });

    test('opens an INI file of ours with CRLF and without a final line end', async () => {
      const sealed = await sealedBySec('x.ini', '[s]\r\n; c\r\nk = v\r\nj = "w"');

      expect(sealed.replaceAll('\r\n', '').includes('\n')).toBe(false);
      expect(openedBySops('x.ini', sealed)).toBe('[s]\n; c\nk = v\nj = w\n');
    });

    test('opens comments of ours that it cannot even write itself', async () => {
      const sealed = await sealedBySec('x.ini', ';;;;;;\n; Banner\n;;;;;;\nk = v\n;\n;\nj = w\n');

      expect(openedBySops('x.ini', sealed)).toBe('; Banner\n; ;;;;;\nk = v\n; \nj = w\n');
    });

    test('opens what we leave in the clear', async () => {
      const sealed = await sealedBySec('x.ini', everything, ['--encrypted-regex', '^plain$']);

      expect(sealed).toContain('\nquoted     = `a#b`\n');
      expect(openedBySops('x.ini', sealed)).toBe(asSopsPrints);
    });

    test('writes INI files that we read', async () => {
      const sealed = sealedBySops('x.ini', everything.replace('-          = counted\n', ''));
      const { status, out } = await sec(['decrypt', 'x.ini'], { ...files, 'x.ini': sealed });

      expect(status).toBe(0);
      expect(out).toBe(asSopsPrints.replace('#1     = counted\n', ''));
    });

    test('prints YAML as INI as we do', async () => {
      const text =
        "s:\n  a: 1\n  bb: 'x y '\n  f: 1.5e10\n  g: 1.0\n  o: true\n  d: 2001-12-14T21:59:43.5Z\n  'k=1': 'a;b'\n  n: |\n    a\n    b\nu: {}\n";
      const sealed = sealedBySops('x.yaml', text);
      const { status, out } = await sec(['decrypt', '--output-type', 'ini', 'x.yaml'], { ...files, 'x.yaml': sealed });

      expect([status, out]).toEqual([0, openedBySops('x.yaml', sealed, ['--output-type', 'ini'])]);
    });

    test('opens a YAML file that we encrypt as INI', async () => {
      const sealed = await sealedBySec('x.yaml', 's:\n  a: 1\n  b: "x"\n  # c\n  d: 1.50\n', ['--output-type', 'ini']);

      expect(openedBySops('y.ini', sealed, ['--output-type', 'json'])).toBe(
        '{\n\t"DEFAULT": {},\n\t"s": {\n\t\t"a": 1,\n\t\t"b": "x",\n\t\t"d": 1.5\n\t}\n}\n',
      );
    });

    test('opens whole files of ours, and writes those that we open', async () => {
      for (const content of ['', 'text', '{"sops": "x"}\n', 'né\r\n', '\u0000\u0001']) {
        const sealed = await sealedBySec('x.bin', content);
        const ours = await sec(['decrypt', 'x.bin'], { ...files, 'x.bin': sealedBySops('x.bin', content) });

        expect(openedBySops('x.bin', sealed)).toBe(content);
        expect([ours.status, ours.out]).toEqual([0, content]);
        expect(/_suffix|_regex/.test(sealed)).toBe(false);
      }
    });

    test('writes bytes that are no text, which we open', async () => {
      const content = Buffer.from([0xff, 0xfe, 0x00, 0x62, 0x0a]);
      const { status, outBytes } = await sec(['decrypt', 'x.bin'], { ...files, 'x.bin': sealedBySops('x.bin', content) });

      expect([status, [...outBytes]]).toEqual([0, [...content]]);
    });
  },
);

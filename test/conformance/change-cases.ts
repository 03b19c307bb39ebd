import { alice, bob } from '../helpers/sec.ts';
import { block, fieldOf, jsonFile, moment, seal, smallFile } from './by-hand.ts';
import { inTurn, plainOf } from './case.ts';
import type { Cases } from './case.ts';
import { groups } from './key-cases.ts';

/** Rows of `sops-format.md` §22 on commands that change who can open a file, or its data key. */
export const changeCases = {
  B3: {
    about: 'a whole file rotated',
    async observe(tool) {
      tool.write('f.bin', await tool.seal('f.bin', Uint8Array.of(0xff, 0xfe, 0, 0x62, 0x0a)));
      const { status } = await tool.run(['rotate', '-i', 'f.bin']);
      const rotated = tool.read('f.bin');
      const { bytes } = await tool.run(['decrypt', 'f.bin']);
      return { status, suffix: fieldOf(rotated, 'unencrypted_suffix'), bytes: bytes.toString('hex') };
    },
    sops: { status: 0, suffix: '_unencrypted', bytes: 'fffe00620a' },
    sec: { outcome: { status: 0, suffix: '', bytes: 'fffe00620a' }, why: 'whole-file-rule' },
  },
  S17: {
    about: 'rotate',
    async observe(tool) {
      const before = jsonFile({ a: seal('x', 'str', 'a:'), b: seal('z', 'str', 'b:') }, block(['x', 'z'], { version: '3.9.0' }));
      tool.write('f.json', before);
      const { status } = await tool.run(['rotate', '-i', 'f.json']);
      const after = tool.read('f.json');
      const kept = textsToChange(before).filter((text) => after.includes(text));
      return {
        status,
        texts: textsToChange(after).length,
        kept,
        version: fieldOf(after, 'version'),
        plain: plainOf(await tool.run(['decrypt', 'f.json'])),
      };
    },
    sops: { status: 0, texts: 4, kept: [], version: '3.9.0', plain: '{\n\t"a": "x",\n\t"b": "z"\n}\n' },
  },
  K4: {
    about: 'groups add',
    async observe(tool) {
      tool.write('f.json', smallFile());
      const { status } = await tool.run(['groups', 'add', '-i', '-f', 'f.json', '--age', bob.recipient]);
      const after = tool.read('f.json');
      return { status, ...unchangedIn(after), threshold: /"shamir_threshold": (\d)/.exec(after)?.[1] };
    },
    sops: { status: 0, mac: true, lastmodified: true, threshold: '2' },
  },
  K5: {
    about: 'groups delete below the threshold',
    async observe(tool) {
      groups(tool, [[alice.recipient], [bob.recipient]]);
      tool.write('f.yaml', await tool.seal('f.yaml', 'a: x\n', []));
      const env = { SOPS_AGE_KEY: `${alice.identity}\n${bob.identity}` };
      return (await tool.run(['groups', 'delete', '-i', '-f', 'f.yaml', '0'], { env })).status;
    },
    sops: 1,
  },
  K15: {
    about: 'updatekeys from one group to two and back',
    async observe(tool) {
      tool.write('f.json', smallFile());
      const env = { SOPS_AGE_KEY: `${alice.identity}\n${bob.identity}` };
      return inTurn([[[alice.recipient], [bob.recipient]], [[alice.recipient]]], async (recipients) => {
        groups(tool, recipients);
        const { status } = await tool.run(['updatekeys', '-y', 'f.json'], { env });
        const after = tool.read('f.json');
        return { status, ...unchangedIn(after), threshold: /"shamir_threshold": (\d)/.exec(after)?.[1] };
      });
    },
    sops: [
      { status: 0, mac: true, lastmodified: true, threshold: '2' },
      { status: 0, mac: true, lastmodified: true, threshold: '1' },
    ],
    sec: {
      outcome: [
        { status: 0, mac: true, lastmodified: true, threshold: '2' },
        { status: 0, mac: false, lastmodified: true, threshold: undefined },
      ],
      why: 'taken-out',
    },
  },
} as const satisfies Cases;

/** Ciphertexts and wrapped keys. */
function textsToChange(sealed: string): readonly string[] {
  return sealed.match(/ENC\[[^\]]*\]|-----BEGIN AGE[^"]*/g) ?? [];
}

function unchangedIn(sealed: string): { readonly mac: boolean; readonly lastmodified: boolean } {
  return { mac: sealed.includes(String(block(['x'])['mac'])), lastmodified: fieldOf(sealed, 'lastmodified') === moment };
}

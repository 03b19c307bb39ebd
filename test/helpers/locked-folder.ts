import { expect, onTestFinished } from 'vitest';
import { peerFolder, type PeerFolder } from './peer-folder.ts';
import type { Sops } from './sops-folder.ts';

/** The same secret in three formats, as `plain.yaml`, `plain.json` and `plain.env` of a folder. */
export const texts = { yaml: 'db:\n  password: hunter2\n', json: '{"db": {"password": "hunter2"}}\n', env: 'PASSWORD=hunter2\n' };

/** Where `hunter2` is in each. */
export const secretIn = { yaml: '["db"]["password"]', json: '["db"]["password"]', env: '["PASSWORD"]' };

/** What comes of `plain.yaml`, locked and opened. */
export const opened = { status: 0, out: texts.yaml, err: '' };

/** A folder with plain files, and a locked one. */
export interface LockedFolder extends PeerFolder {
  /** Makes `locked.yaml` of `plain.yaml`, and gives its text. */
  lock(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** Why the only key of `locked.yaml` does not open it, and the command that helps, as they are reported. */
  why(env?: Readonly<Record<string, string>>): Promise<readonly [reason: string, help: string]>;
}

/** Is gone at the end of the test. @param env how the servers are reached, and as whom */
export function lockedFolder(env: Readonly<Record<string, string>>): LockedFolder {
  const folder = peerFolder(env);
  onTestFinished(folder.remove);
  for (const [ending, text] of Object.entries(texts)) folder.write(`plain.${ending}`, text);
  return {
    ...folder,
    lock: async (args, more = {}) => {
      const { out, err } = await folder.sec(['encrypt', ...args, 'plain.yaml'], more);
      expect(err).toBe('');
      folder.write('locked.yaml', out);
      return out;
    },
    why: async (more = {}) => {
      const { status, out, err } = await folder.sec(['decrypt', 'locked.yaml'], more);
      expect({ status, out }).toEqual({ status: 128, out: '' });
      const lines = err.split('\n').map((line) => line.trim());
      const at = lines.indexOf('the file wants this key:') + 1;
      return [lines[at]?.replace(/^\S+: /, '') ?? '', lines[at + 1] ?? ''];
    },
  };
}

/** Expects that sops reads what we lock, and we read what it locks. @param args for whom, by the format */
export async function expectExchange(
  here: LockedFolder,
  release: Sops,
  args: Readonly<Partial<Record<keyof typeof texts, readonly string[]>>>,
): Promise<void> {
  for (const ending of ['yaml', 'json', 'env'] as const) {
    const line = args[ending];
    if (line === undefined) continue;
    const ours = await here.sec(['encrypt', ...line, `plain.${ending}`]);
    const theirs = await here.sops(release, ['encrypt', ...line, `plain.${ending}`]);
    here.write(`ours.${ending}`, ours.out);
    here.write(`theirs.${ending}`, theirs.out);

    expect([ours.err, theirs.err]).toEqual(['', '']);
    expect(await here.sec(['decrypt', `ours.${ending}`])).toEqual({ status: 0, out: texts[ending], err: '' });
    expect((await here.sec(['decrypt', '--extract', secretIn[ending], `theirs.${ending}`])).out).toBe('hunter2');
    expect((await here.sops(release, ['decrypt', '--extract', secretIn[ending], `ours.${ending}`])).out).toBe('hunter2');
  }
}

/** With another character in the wrapped data key. @param at behind how many others */
export function withOtherEnc(text: string, at = 50): string {
  return text.replace(new RegExp(`(enc: .{${at}})(.)`), (_, before: string, letter: string) => before + (letter === 'A' ? 'B' : 'A'));
}

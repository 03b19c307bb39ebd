import { afterAll, describe, expect, test } from 'vitest';

import { commentPlaces } from '../helpers/comment-places.ts';
import { need } from '../helpers/need.ts';
import { sec } from '../helpers/sec.ts';
import { sopsFolder } from '../helpers/sops-folder.ts';

/** Both look for a comment where the other has put it: else it stays sealed. */
describe.skipIf(!need('age-keygen', 'sops-3.13.3'))('comments of YAML', () => {
  const { folder, recipient, identity, encrypt, sops } = sopsFolder();
  afterAll(() => folder.remove());

  describe.each(commentPlaces)('%s', (_, text, paths) => {
    const texts = Object.keys(paths).toSorted();

    test('sops opens', async () => {
      const { out, err } = await sec(['encrypt', '--age', recipient, 'x.yaml'], { 'x.yaml': text });
      folder.write('x.yaml', out);
      const opened = sops('sops-3.13.3', ['decrypt', 'x.yaml']);

      expect({ err, status: opened.status }).toEqual({ err: '', status: 0 });
      expect(commentsOf(opened.out)).toEqual(texts);
    });

    test('sec opens', async () => {
      const sealed = encrypt('x.yaml', text, { age: recipient });
      const { out, err } = await sec(['decrypt', 'x.yaml'], { 'x.yaml': sealed }, { env: { SOPS_AGE_KEY: identity } });

      expect(err).toBe('');
      expect(commentsOf(out)).toEqual(texts);
    });
  });
});

/** Each once: sops repeats those of what an alias stands for. No value of the texts has such a sign in it. */
function commentsOf(text: string): readonly string[] {
  const found = text.split(/\r?\n/).flatMap((line) => (line.includes('#') ? [line.slice(line.indexOf('#') + 1)] : []));
  return [...new Set(found)].toSorted();
}

import { describe, expect, test } from 'vitest';
import { alice, bob, sec } from '../helpers/sec.ts';

const plain = '# top\ndb:\n  password: "s3cret" # why\n  port: 0x1F\nlist: [a, b]\n';
const forAlice = { SOPS_AGE_KEY: alice.identity };
const forBob = { SOPS_AGE_KEY: bob.identity };

let known: string | null = null;

/** The plain text, sealed for alice once. */
async function sealedForAlice(): Promise<string> {
  known ??= (await sec(['encrypt', '--age', alice.recipient, 's.yaml'], { 's.yaml': plain })).out;
  return known;
}

const sealedValues = (text: string): readonly string[] => text.match(/ENC\[[^\]]*\]/g) ?? [];

describe('rotate', () => {
  test('encrypts everything anew and keeps values, layout and version', async () => {
    const sealed = await sealedForAlice();
    const { status, out, err } = await sec(['rotate', 's.yaml'], { 's.yaml': sealed }, { env: forAlice });
    expect({ status, err }).toEqual({ status: 0, err: `sec: s.yaml: now locked for ${alice.recipient}\n` });
    const [before, after] = [sealedValues(sealed), sealedValues(out)];
    expect(after).toHaveLength(before.length);
    expect(after.filter((value) => before.includes(value))).toEqual([]);
    expect((await sec(['decrypt', 's.yaml'], { 's.yaml': out }, { env: forAlice })).out).toBe(plain);
    expect(/version: .*/.exec(out)?.[0]).toBe(/version: .*/.exec(sealed)?.[0]);
  });

  test('adds a recipient once, and takes one out', async () => {
    const sealed = await sealedForAlice();
    const added = await sec(
      ['rotate', '-i', '--add-age', `${bob.recipient},${alice.recipient}`, 's.yaml'],
      { 's.yaml': sealed },
      { env: forAlice },
    );
    expect({ status: added.status, out: added.out }).toEqual({ status: 0, out: '' });
    expect(added.err).toBe(`sec: s.yaml: now locked for ${alice.recipient}, ${bob.recipient}\n`);
    expect(added.files['s.yaml']?.match(/recipient: /g)).toHaveLength(2);
    expect((await sec(['decrypt', 's.yaml'], added.files, { env: forBob })).out).toBe(plain);
    const removed = await sec(['rotate', '-i', '--rm-age', alice.recipient, 's.yaml'], added.files, { env: forBob });
    expect((await sec(['decrypt', 's.yaml'], removed.files, { env: forAlice })).status).toBe(128);
    expect((await sec(['decrypt', 's.yaml'], removed.files, { env: forBob })).out).toBe(plain);
  });

  test('refuses to leave a file without a recipient, and writes nothing', async () => {
    const sealed = await sealedForAlice();
    const { status, err, files } = await sec(
      ['rotate', '-i', '--rm-age', alice.recipient, 's.yaml'],
      { 's.yaml': sealed },
      { env: forAlice },
    );
    expect(status).toBe(1);
    expect(err).toContain('empty key group');
    expect(files['s.yaml']).toBe(sealed);
  });

  test('refuses a file whose MAC does not fit', async () => {
    const sealed = await sealedForAlice();
    const changed = sealed.replace(/\n {2}port: .*\n/, '\n');
    const { status, out } = await sec(['rotate', 's.yaml'], { 's.yaml': changed }, { env: forAlice });
    expect({ status, out }).toEqual({ status: 51, out: '' });
  });
});

describe('updatekeys', () => {
  const rule = (...names: readonly string[]): string =>
    `creation_rules:\n  - age: [${names.join(', ')}]\npeople:\n  alice: { age: ${alice.recipient} }\n  bob: { age: ${bob.recipient} }\n`;

  test('adds a recipient under the same data key, and touches no value', async () => {
    const sealed = await sealedForAlice();
    const files = { 's.yaml': sealed, '.secretsrc.yaml': rule('alice', 'bob') };
    const { status, out, files: after } = await sec(['updatekeys', '-y', 's.yaml'], files, { env: forAlice });
    expect({ status, out }).toEqual({ status: 0, out: '' });
    expect(sealedValues(after['s.yaml'] ?? '')).toEqual(sealedValues(sealed));
    expect((await sec(['decrypt', 's.yaml'], after, { env: forBob })).out).toBe(plain);
    const again = await sec(['updatekeys', 's.yaml'], after, { env: forAlice });
    expect(again).toMatchObject({ status: 0, err: 'sec: s.yaml: its recipients are those of its rule\n' });
    expect(again.files['s.yaml']).toBe(after['s.yaml']);
  });

  test('makes a new data key where it takes someone out, unless told otherwise', async () => {
    const sealed = await sealedForAlice();
    const both = (await sec(['rotate', '--add-age', bob.recipient, 's.yaml'], { 's.yaml': sealed }, { env: forAlice })).out;
    const files = { 's.yaml': both, '.secretsrc.yaml': rule('bob') };
    const rotated = await sec(['updatekeys', '-y', 's.yaml'], files, { env: forAlice });
    expect(rotated.err).toBe(`s.yaml:\n    ${bob.recipient}\n--- ${alice.recipient}\n`);
    expect(sealedValues(rotated.files['s.yaml'] ?? '').filter((value) => both.includes(value))).toEqual([]);
    expect((await sec(['decrypt', 's.yaml'], rotated.files, { env: forBob })).out).toBe(plain);
    const kept = await sec(['updatekeys', '-y', '--keep-data-key', 's.yaml'], files, { env: forAlice });
    expect(sealedValues(kept.files['s.yaml'] ?? '')).toEqual(sealedValues(both));
  });

  test('changes nothing where nobody is there to confirm', async () => {
    const sealed = await sealedForAlice();
    const files = { 's.yaml': sealed, '.secretsrc.yaml': rule('alice', 'bob') };
    const { status, files: after } = await sec(['updatekeys', 's.yaml'], files, { env: forAlice });
    expect(status).toBe(1);
    expect(after['s.yaml']).toBe(sealed);
  });
});

describe('groups', () => {
  test('adds a group, so that both are needed, and takes it out again', async () => {
    const sealed = await sealedForAlice();
    const added = await sec(['groups', 'add', '-f', 's.yaml', '-i', '--age', bob.recipient], { 's.yaml': sealed }, { env: forAlice });
    expect({ status: added.status, out: added.out, err: added.err }).toEqual({ status: 0, out: '', err: '' });
    expect(added.files['s.yaml']).toContain('shamir_threshold: 2');
    expect(sealedValues(added.files['s.yaml'] ?? '')).toEqual(sealedValues(sealed));
    expect((await sec(['decrypt', 's.yaml'], added.files, { env: forAlice })).status).toBe(128);
    const both = { SOPS_AGE_KEY: `${alice.identity}\n${bob.identity}` };
    expect((await sec(['decrypt', 's.yaml'], added.files, { env: both })).out).toBe(plain);
    const refused = await sec(['groups', 'delete', '-f', 's.yaml', '-i', '1'], added.files, { env: both });
    expect({ status: refused.status, file: refused.files['s.yaml'] }).toEqual({ status: 1, file: added.files['s.yaml'] });
    const args = ['groups', 'delete', '-f', 's.yaml', '-i', '1', '--shamir-secret-sharing-threshold', '1'];
    const deleted = await sec(args, added.files, { env: both });
    expect((await sec(['decrypt', 's.yaml'], deleted.files, { env: forAlice })).out).toBe(plain);
  });

  test('refuses an empty group, a group that is not there, and the last one', async () => {
    const sealed = await sealedForAlice();
    const files = { 's.yaml': sealed };
    const results = [
      await sec(['groups', 'add', '-f', 's.yaml'], files, { env: forAlice }),
      await sec(['groups', 'delete', '-f', 's.yaml', '4'], files, { env: forAlice }),
      await sec(['groups', 'delete', '-f', 's.yaml', '0'], files, { env: forAlice }),
    ];
    expect(results.map(({ status, out }) => ({ status, out }))).toEqual(Array.from({ length: 3 }, () => ({ status: 1, out: '' })));
  });
});

import { describe, expect, test } from 'vitest';
import { unusable } from '../../src/keys/unusable.ts';
import { answeringService } from '../helpers/answering-service.ts';
import { problemOf } from '../helpers/problem.ts';
import { alice, sec } from '../helpers/sec.ts';

/** A file for alice, and for a key of HuaweiCloud that sops put there. */
const env = { SEC_AGE_KEY: alice.identity };
const entry = ['  hckms:', '    - created_at: "2026-01-02T03:04:05Z"', '      enc: c29tZXRoaW5n', '      key_id: tr-west-1:1234-abcd'];

async function locked(): Promise<string> {
  const { out } = await sec(['encrypt', '--age', alice.recipient, 'a.yaml'], { 'a.yaml': 'db:\n  password: hunter2\n' });
  return out.replace('sops:\n', `sops:\n${entry.join('\n')}\n`);
}

describe('a key of HuaweiCloud KMS', () => {
  test('stays in the file as it is, whatever becomes of the values', async () => {
    const { status, files } = await sec(['set', 'a.yaml', '["db"]["password"]', '"other"'], { 'a.yaml': await locked() }, { env });

    expect(status).toBe(0);
    expect(files['a.yaml']).toContain(entry.join('\n'));
    expect((await sec(['decrypt', 'a.yaml'], { 'a.yaml': files['a.yaml'] ?? '' }, { env })).out).toBe('db:\n  password: other\n');
  });

  test('opens nothing, and is named', async () => {
    const { status, err } = await sec(['decrypt', 'a.yaml'], { 'a.yaml': await locked() });

    expect(status).toBe(128);
    expect(err).toContain('tr-west-1:1234-abcd: cannot be used here: sec has no client for keys of the kind hckms\n');
  });

  test('gets no new data key, so nobody who relies on it is left out without a word', async () => {
    const file = await locked();
    const { status, err, files } = await sec(['rotate', '-i', 'a.yaml'], { 'a.yaml': file }, { env });

    expect({ status, err }).toEqual({
      status: 1,
      err: 'sec: the data key cannot be encrypted for tr-west-1:1234-abcd: sec cannot use keys of the kind hckms\n',
    });
    expect(files['a.yaml']).toBe(file);
  });

  test('is refused as a recipient, by name', async () => {
    const args = ['encrypt', '--hckms', 'tr-west-1:1234-abcd', 'a.yaml'];
    const { status, err } = await sec(args, { 'a.yaml': 'a: b\n' });

    expect({ status, err }).toEqual({
      status: 1,
      err: 'sec: the data key cannot be encrypted for tr-west-1:1234-abcd: sec cannot use keys of the kind hckms\n',
    });
  });

  test('is locked for by a key service, and opened by it, where that can use it', async () => {
    const asked: unknown[] = [];
    const SEC_KEYSERVICE = await answeringService(({ key, bytes }, method) => {
      asked.push([method, key?.kind, key?.fields]);
      return method === 'Encrypt'
        ? Buffer.from(Buffer.from(bytes).toString('base64'))
        : Buffer.from(Buffer.from(bytes).toString(), 'base64');
    });
    const args = ['encrypt', '--hckms', 'tr-west-1:1234-abcd', 'a.yaml'];
    const { status, out } = await sec(args, { 'a.yaml': 'a: b\n' }, { env: { SEC_KEYSERVICE } });
    const opened = await sec(['decrypt', 'a.yaml'], { 'a.yaml': out }, { env: { SEC_KEYSERVICE } });

    expect(status).toBe(0);
    expect(out).toMatch(/^ {4}hckms:\n {8}- created_at: ".*"\n {10}enc: .*\n {10}key_id: tr-west-1:1234-abcd$/m);
    expect(opened).toMatchObject({ status: 0, out: 'a: b\n', err: '' });
    const fields = new Map([['key_id', 'tr-west-1:1234-abcd']]);
    expect(asked).toEqual([
      ['Encrypt', 'hckms', fields],
      ['Decrypt', 'hckms', fields],
    ]);
  });

  test('is taken out by name', async () => {
    const { status, files } = await sec(
      ['rotate', '-i', '--rm-hckms', 'tr-west-1:1234-abcd', 'a.yaml'],
      { 'a.yaml': await locked() },
      { env },
    );

    expect(status).toBe(0);
    expect(files['a.yaml']).not.toContain('hckms');
  });
});

test.each([
  ['hckms', '1234-abcd', 'it is no key of HuaweiCloud KMS, as in REGION:UUID'],
  ['new_kind', 'region:uuid', 'sec cannot use keys of the kind new_kind'],
])('a recipient that is none is refused by its text: %s %s', (kind, text, reason) => {
  expect(problemOf(() => unusable(kind).parse(text))).toEqual({ code: 'bad-recipient', kind, text, reason });
});

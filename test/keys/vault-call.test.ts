import { describe, expect, test } from 'vitest';
import { callVault, vaultLimits, type VaultReply } from '../../src/keys/vault-call.ts';
import { FakeNetwork } from '../helpers/fake-network.ts';
import { keyWorld } from '../helpers/key-world.ts';

const tls = { ca: null, certificate: null, key: null, serverName: null };
type Answers = readonly ReturnType<ConstructorParameters<typeof FakeNetwork>[0]>[];

async function call(answers: Answers): Promise<{ readonly reply: VaultReply; readonly pauses: readonly number[]; readonly asked: number }> {
  const network = new FakeNetwork((_, before) => answers[before] ?? 'ENOTHING');
  const world = { ...keyWorld(), network: network.network };
  const reply = await callVault(
    { address: 'https://v', path: 'transit/decrypt/app', body: {}, token: 't' },
    { world, tls, limits: vaultLimits },
  );
  return { reply, pauses: network.pauses, asked: network.asked.length };
}

const done = { status: 200, body: '{"data":{}}' };

describe('a server is asked again', () => {
  test.each<readonly [string, Answers, readonly number[]]>([
    ['that takes no more calls', [{ status: 429 }, done], [250]],
    ['that says when', [{ status: 429, headers: { 'retry-after': '2' } }, done], [2000]],
    ['that says a time beyond patience', [{ status: 429, headers: { 'retry-after': '3600' } }, done], [5000]],
    ['that says a date', [{ status: 429, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:00 GMT' } }, done], [250]],
    ['behind one that fails', [{ status: 502 }, { status: 504 }, done], [250, 500]],
    ['that breaks the connection', ['ECONNRESET', 'EPIPE', done], [250, 500]],
  ])('%s', async (_, answers, pauses) => {
    expect(await call(answers)).toEqual({
      reply: { answered: true, status: 200, content: { data: {} }, errors: null },
      pauses,
      asked: answers.length,
    });
  });

  test('twice, and no more', async () => {
    const busy = { status: 429, body: '{"errors":["rate limit quota exceeded"]}' };

    expect(await call([busy, busy, busy, done])).toMatchObject({ reply: { status: 429 }, asked: 3, pauses: [250, 500] });
  });
});

test.each([[{ status: 403 }], [{ status: 503 }], [{ status: 500 }], ['ECONNREFUSED'], ['ETIMEDOUT']])(
  'a server is asked once: %j',
  async (answer) => {
    expect((await call([answer, done])).asked).toBe(1);
  },
);

import { spawnSync } from 'node:child_process';
import { Encrypter } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { age } from '../../src/keys/age.ts';
import { agentCacheId } from '../../src/keys/gpg-agent.ts';
import { fakeTerminal } from '../helpers/fake-terminal.ts';
import { gpgHome, type GpgHome } from '../helpers/gpg-home.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { need, programPath } from '../helpers/need.ts';
import { alice, sec } from '../helpers/sec.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);

// SHA-256 of nothing, and base32 by coreutils: printf '' | sha256sum | cut -c 1-50 | xxd -r -p | base32
test('the agent knows a file by the name that sops gives it', () => {
  expect(agentCacheId(new Uint8Array())).toBe('SopsAge4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFE');
});

describe.skipIf(!need('gpg', 'sops-3.13.3'))('an agent that runs', () => {
  const home = tempFolder();
  let gpg: GpgHome;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    gpg = gpgHome();
    env = { SEC_AGE_KEY_FILE: home.at('keys.age'), SOPS_AGE_KEY_FILE: home.at('keys.age'), GNUPGHOME: gpg.path };
    const encrypter = new Encrypter();
    encrypter.setPassphrase('open sesame');
    encrypter.setScryptWorkFactor(10);
    home.write('keys.age', await encrypter.encrypt(`${alice.identity}\n`));
  });
  afterAll(() => {
    gpg.remove();
    home.remove();
  });

  /** The agent knows nothing, and its pinentry will answer this. */
  function fresh(answer: string | null): number {
    gpg.answer(answer);
    spawnSync('gpgconf', ['--launch', 'gpg-agent'], { env: { ...process.env, GNUPGHOME: gpg.path } });
    return gpg.questions();
  }

  async function open(terminal: ReturnType<typeof fakeTerminal> | null = null): Promise<unknown> {
    const world = keyWorld({ home: home.path, env, terminal });
    const stored = await age().parse(alice.recipient).wrap(dataKey, '', world);
    const result = await age().read(stored, 'a.yaml').unwrap(stored, world);
    return result.opened ? 'opened' : result.failure;
  }

  test('asks once for several commands, without a terminal of ours', async () => {
    const before = fresh('open sesame');

    expect([await open(), await open()]).toEqual(['opened', 'opened']);
    expect(gpg.questions() - before).toBe(1);
  });

  test('is asked before the terminal, which has its turn where no agent runs', async () => {
    fresh('open sesame');
    const idle = fakeTerminal();
    expect(await open(idle)).toBe('opened');
    expect(idle.asked).toEqual([]);

    spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env: { ...process.env, GNUPGHOME: gpg.path } });
    const person = fakeTerminal('open sesame');
    expect(await open(person)).toBe('opened');
    expect(person.asked.length).toBe(1);
  });

  test('is asked again where the passphrase was wrong, and not for ever', async () => {
    const before = fresh('wrong');

    expect(await open()).toMatchObject({
      reason: 'bad-key-file',
      detail: `the passphrase of SEC_AGE_KEY_FILE (${home.at('keys.age')}) was wrong`,
    });
    expect(gpg.questions() - before).toBe(4);
  });

  test('where somebody says no is not asked again', async () => {
    const before = fresh(null);

    expect(await open(fakeTerminal('open sesame'))).toMatchObject({
      reason: 'bad-key-file',
      detail: `no passphrase was given for SEC_AGE_KEY_FILE (${home.at('keys.age')})`,
    });
    expect(gpg.questions() - before).toBe(1);
  });

  // It looks for the agent in ~/.gnupg of the user's own home, or as GPG_AGENT_INFO says, and needs TERM.
  test('has what sops was told, and sops has what we were told', async () => {
    const { out } = await sec(['encrypt', '--age', alice.recipient, 'a.yaml'], { 'a.yaml': 'a: b\n' });
    const file = home.write('a.yaml', out);
    const sops = () =>
      spawnSync(programPath('sops-3.13.3'), ['--disable-version-check', 'decrypt', file], {
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: home.path,
          TERM: 'xterm',
          GPG_AGENT_INFO: `${gpg.path}/S.gpg-agent:1:1`,
          ...env,
        },
        encoding: 'utf8',
      });
    const before = fresh('open sesame');
    expect(sops().stdout).toBe('a: b\n');
    expect(await open()).toBe('opened');
    expect(gpg.questions() - before).toBe(1);

    const again = fresh('open sesame');
    expect(await open()).toBe('opened');
    expect(sops().stdout).toBe('a: b\n');
    expect(gpg.questions() - again).toBe(1);
  });
});

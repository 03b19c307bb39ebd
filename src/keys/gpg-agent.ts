import { createHash } from 'node:crypto';
import { type KeyWorld, remembered } from './key.ts';
import { terminalName } from './pgp-gpg-run.ts';

/** What the agent of GnuPG gave: a passphrase, or nothing, because somebody said no, or because there is no agent that can ask. */
export type AgentAnswer = { readonly kind: 'given'; readonly passphrase: string } | { readonly kind: 'refused' | 'absent' };

const cancelled = /^ERR 83886179 /m;
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The name under which sops has the agent keep the passphrase of a file of identities (`sops-format.md` §15.1), so that both ask once.
 *
 * @param file the age file, without armor
 */
export function agentCacheId(file: Uint8Array): string {
  const bits = [...createHash('sha256').update(file).digest().subarray(0, 25)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{5}/g) ?? [];
  return `SopsAge${letters.map((five) => base32.charAt(Number.parseInt(five, 2))).join('')}`;
}

/** Asks an agent that runs already; it knows the passphrase, or has its pinentry ask for it. */
export async function askAgent(world: KeyWorld, cacheId: string, what: string, isAgain: boolean): Promise<AgentAnswer> {
  if (isAgain) await agent(world, [`CLEAR_PASSPHRASE ${cacheId}`]);
  const error = isAgain ? 'that was not it, once more' : 'X';
  const said = await agent(world, [`GET_PASSPHRASE ${[cacheId, error, 'Passphrase:', `passphrase of ${what}`].map(escaped).join(' ')}`]);
  if (said === null) return { kind: 'absent' };
  const hex = /^OK ([0-9A-Fa-f]+)\s*$/m.exec(said)?.[1];
  if (hex !== undefined) return { kind: 'given', passphrase: Buffer.from(hex, 'hex').toString('utf8') };
  return { kind: cancelled.test(said) ? 'refused' : 'absent' };
}

/** A space would end an argument. */
function escaped(text: string): string {
  return text.replace(/[%+\p{Cc}]/gu, (char) => encodeURIComponent(char)).replaceAll(' ', '+');
}

/** `null` where no agent runs, or its program is missing: then nobody is made to wait for one to start. */
async function agent(world: KeyWorld, commands: readonly string[]): Promise<string | null> {
  const file = await remembered(world, 'gpg-agent: program', () => world.programs.find('gpg-connect-agent'));
  if (file === null) return null;
  const args = ['--no-autostart', ...commands, '/bye'];
  const env = world.terminal === null ? world.env : { ...world.env, ...(await terminalName(world)) };
  const finished = await world.programs.run({ file, args, env }).catch(() => null);
  return finished?.status === 0 ? Buffer.from(finished.stdout).toString('utf8') : null;
}

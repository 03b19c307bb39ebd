import { quoteWord } from '../shell-words.ts';
import { type Failure, remembered } from './key.ts';
import { callVault, type VaultReply, type VaultSetting } from './vault-call.ts';
import { noToken } from './vault-failure.ts';
import { networkFailure } from './vault-failure-network.ts';
import { findToken, type VaultToken } from './vault-token.ts';
import { toolFor } from './vault-tool.ts';

/** A token for a server, or why there is none. */
export type Login = { readonly token: VaultToken } | { readonly failure: Failure };

/** The token of the user; where `SEC_VAULT_ROLE` names a role, that of a login with the token of this job. Each server is asked once. */
export function logIn(address: string, setting: VaultSetting): Promise<Login> {
  const role = setting.world.env['SEC_VAULT_ROLE'] ?? '';
  return remembered(setting.world, `vault: login ${address}`, () =>
    role === '' ? byToken(address, setting) : byRole(address, role, setting),
  );
}

async function byToken(address: string, { world }: VaultSetting): Promise<Login> {
  const token = await findToken(world);
  return token.from === null ? { failure: noToken(address, token.why, await toolFor(address, world)) } : { token };
}

interface Job {
  readonly role: string;
  /** Where the method of the login is mounted. */
  readonly method: string;
  readonly file: string;
}

async function byRole(address: string, role: string, setting: VaultSetting): Promise<Login> {
  const { env, files } = setting.world;
  const job: Job = { role, method: env['SEC_VAULT_AUTH'] || 'jwt', file: env['SEC_VAULT_JWT_FILE'] || kubernetesToken };
  try {
    const jwt = Buffer.from(await files.read(job.file))
      .toString()
      .trim();
    return await byJob(address, job, jwt, setting);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const detail = `the token for the login cannot be read from ${job.file} (${String(error.code)})`;
    return { failure: { reason: 'bad-key-file', detail, hint: 'export SEC_VAULT_JWT_FILE=FILE, with the token of this job' } };
  }
}

/** Where a container of Kubernetes finds its own. */
const kubernetesToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** The answer is for all calls of the command, so that no single one may end it. */
async function byJob(address: string, job: Job, jwt: string, setting: VaultSetting): Promise<Login> {
  const { role, method } = job;
  const world = { ...setting.world, signal: new AbortController().signal };
  const call = { address, path: `auth/${method}/login`, body: { role, jwt }, token: null };
  const reply = await callVault(call, { ...setting, world });
  const value = tokenIn(reply);
  if (value !== null) return { token: { from: `the role ${role} of this job`, value } };
  const tool = await toolFor(address, world);
  return { failure: reply.answered ? explainLogin(reply, address, job, tool) : networkFailure(reply.code, address) };
}

function tokenIn(reply: VaultReply): string | null {
  const auth = reply.answered && reply.status === 200 ? reply.content['auth'] : null;
  const token: unknown = typeof auth === 'object' && auth !== null ? Reflect.get(auth, 'client_token') : null;
  return typeof token === 'string' && token !== '' ? token : null;
}

function explainLogin(
  { status, errors }: Extract<VaultReply, { readonly answered: true }>,
  address: string,
  { role, method }: Job,
  tool: string,
): Failure {
  const words = (errors ?? []).join('\n');
  if (/expired/.test(words))
    return { reason: 'expired-login', detail: 'the token of this job has run out', hint: 'run the job again: it is given a new token' };
  const hint = `compare the claims of the token with the role: ${tool} read ${quoteWord(`auth/${method}/role/${role}`)}`;
  if (status === 400 || status === 403) return { reason: 'denied', detail: `${address} takes no such token for the role ${role}`, hint };
  return { reason: 'unreachable', detail: `${address} has no login at auth/${method} (status ${status})`, hint: `${tool} auth list` };
}

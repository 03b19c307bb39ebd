import type { HttpAnswer, HttpRequest, TlsSettings } from '../context.ts';
import type { KeyWorld } from './key.ts';
import { vaultVariable } from './vault-variable.ts';

/** What is asked of a server. */
export interface VaultCall {
  readonly address: string;
  /** Behind `/v1/`. */
  readonly path: string;
  /** What is sent; `null` only reads. */
  readonly body: Readonly<Record<string, string>> | null;
  /** `null` for a call that needs none, as a login does. */
  readonly token: string | null;
}

/** What came of it. The texts of `errors` are to look for words in, never to show. */
export type VaultReply =
  | { readonly answered: true; readonly status: number; readonly content: Content; readonly errors: readonly string[] | null }
  /** The code of a system error, such as ECONNREFUSED. */
  | { readonly answered: false; readonly code: string };

/** The fields of an answer, none of them checked. */
export type Content = Readonly<Record<string, unknown>>;

/** How a server is asked. */
export interface VaultSetting {
  readonly world: KeyWorld;
  readonly tls: TlsSettings;
  readonly limits: VaultLimits;
}

/** How long to wait, and how often to ask where a server is overburdened or a connection breaks. */
export interface VaultLimits extends Readonly<HttpRequest['limits']> {
  readonly attempts: number;
  /** Before the second time, in milliseconds; before the third twice as long, and so on. */
  readonly pauseMs: number;
}

/** The usual ones. */
export const vaultLimits: VaultLimits = { connectMs: 5_000, answerMs: 10_000, attempts: 3, pauseMs: 250 };

const longestPause = 5_000;

/** Asks, and asks again where that may help. */
export async function callVault(call: VaultCall, setting: VaultSetting): Promise<VaultReply> {
  const { attempts, pauseMs } = setting.limits;
  for (let attempt = 1; ; attempt++) {
    const { reply, waits } = await callOnce(call, setting);
    if (attempt >= attempts || !mayPass(reply)) return reply;
    await setting.world.network.pause(Math.min(waits ?? pauseMs * 2 ** (attempt - 1), longestPause));
  }
}

async function callOnce(call: VaultCall, setting: VaultSetting): Promise<{ readonly reply: VaultReply; readonly waits: number | null }> {
  try {
    const answer = await setting.world.network.request(requestFor(call, setting));
    return { reply: read(answer), waits: waitOf(answer) };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { reply: { answered: false, code: String(error.code) }, waits: null };
  }
}

function requestFor({ address, path, body, token }: VaultCall, { world, tls, limits }: VaultSetting): HttpRequest {
  const namespace = vaultVariable(world.env, 'NAMESPACE');
  return {
    method: body === null ? 'GET' : 'PUT',
    url: `${address}/v1/${path.split('/').map(encodeURIComponent).join('/')}`,
    headers: {
      'x-vault-request': 'true',
      ...(token === null ? {} : { 'x-vault-token': token }),
      ...(namespace === null ? {} : { 'x-vault-namespace': namespace.value }),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    body: body === null ? '' : JSON.stringify(body),
    tls,
    signal: world.signal ?? null,
    limits,
  };
}

/** Whether it may be otherwise the next time. */
function mayPass(reply: VaultReply): boolean {
  return reply.answered ? [429, 502, 504].includes(reply.status) : ['ECONNRESET', 'EPIPE'].includes(reply.code);
}

/** What `Retry-After` says, in milliseconds. */
function waitOf({ headers }: HttpAnswer): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

function read({ status, body }: HttpAnswer): VaultReply {
  const content = contentOf(body);
  const errors = content['errors'];
  return {
    answered: true,
    status,
    content,
    errors: Array.isArray(errors) ? errors.map(String) : null,
  };
}

function contentOf(body: string): Content {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

import { SecError } from '../core/problem.ts';
import type { KeyWorld } from './key.ts';
import { variable } from './variable.ts';

/** A server that uses its own keys for others (`sops-cli.md` §15). */
export interface ServicePlace {
  /** As it was given, such as `tcp://host:5000` or `unix:///run/keys.sock`. */
  readonly url: string;
  /** The same as gRPC names it. */
  readonly target: string;
}

/** Who is asked for a key: ourselves, then these servers in their order. */
export interface KeyServices {
  readonly local: boolean;
  readonly remote: readonly ServicePlace[];
}

/** What Go takes for true and false. */
const truths: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((word) => [word, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((word) => [word, false] as const),
]);

/**
 * The key services that the environment names, or options in its place.
 *
 * @throws SecError `usage` for a place that is none, or an answer that is neither yes nor no
 */
export function keyServices({ env }: Pick<KeyWorld, 'env'>): KeyServices {
  const { value = '' } = variable(env, 'KEYSERVICE') ?? {};
  const urls = value.split(',').map((url) => url.trim());
  return { local: usesLocalKeys(env), remote: urls.filter((url) => url !== '').map((url) => servicePlace(url)) };
}

/** An empty variable of sops means no, as in sops. */
function usesLocalKeys(env: KeyWorld['env']): boolean {
  const text = env['SEC_ENABLE_LOCAL_KEYSERVICE'] || (env['SOPS_ENABLE_LOCAL_KEYSERVICE'] ?? 'true');
  return text === '' ? false : truthOf(text);
}

/** Yes or no, as Go writes it. @throws SecError `usage` */
export function truthOf(text: string): boolean {
  const answer = truths.get(text);
  if (answer !== undefined) return answer;
  throw new SecError({ code: 'usage', message: '--enable-local-keyservice (SEC_ENABLE_LOCAL_KEYSERVICE) takes true or false' });
}

function servicePlace(url: string): ServicePlace {
  const path = /^unix:\/\/(\/.+)$/.exec(url)?.[1];
  if (path !== undefined) return { url, target: `unix:${path}` };
  const host = /^tcp:\/\/((?:\[[0-9a-fA-F:.]+\]|[^\s/:@?#]+):\d{1,5})\/?$/.exec(url)?.[1];
  if (host !== undefined) return { url, target: `dns:${host}` };
  const hint = 'a key service is tcp://HOST:PORT or unix:///PATH';
  throw new SecError({ code: 'usage', message: `no key service: ${url}`, hint });
}

import type { Failure } from './key.ts';

/** Why a proxy is of no use, by the code of an error of `Network.agents`; `null` for any other code. The address of a proxy may hold a password. */
export function proxyFailure(code: string): Failure | null {
  const what = /^EPROXY_(.*)$/.exec(code)?.[1];
  if (what === undefined) return null;
  const unreachable = (detail: string, hint: string): Failure => ({ reason: 'unreachable', detail, hint });
  if (what === 'ADDRESS') return unreachable('HTTPS_PROXY is no address of a proxy, as in http://HOST:PORT', look);
  if (what === '407') return unreachable('the proxy wants to know who asks', 'export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT');
  if (/^\d+$/.test(what))
    return unreachable(`the proxy lets nobody through to there (status ${what})`, 'name what needs no proxy in NO_PROXY');
  return unreachable(`the proxy is out of reach (${what})`, look);
}

const look = 'check HTTPS_PROXY, and HTTP_PROXY for http: env | grep -i _proxy';

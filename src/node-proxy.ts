import { BlockList, isIP } from 'node:net';

/** Which servers are reached through another one, by the variables that programs in Go go by, and so sops. */

/** The variables, with those in lower case as their second names. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an address; `null` where it is reached directly. `HTTPS_PROXY` is for `https:`, and `HTTP_PROXY` for `http:`; `NO_PROXY`
 * names what needs none. This machine needs none, nor does the address where a machine in a cloud asks who it is.
 *
 * @throws an error with a `code` where the variable holds no address of a proxy that can be used
 */
export function proxyFor(target: URL, env: Variables): URL | null {
  const given = variable(env, target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  return given === '' || isDirect(target, variable(env, 'NO_PROXY')) ? null : proxyIn(given);
}

function variable(env: Variables, name: string): string {
  return env[name] || env[name.toLowerCase()] || '';
}

/** Go takes a host without a scheme for one of `http:`, and so does everybody. */
function proxyIn(text: string): URL {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const proxy = URL.canParse(whole) ? new URL(whole) : null;
  if (proxy !== null && ['http:', 'https:'].includes(proxy.protocol) && proxy.hostname !== '') return proxy;
  throw proxyError('ADDRESS');
}

/** What a proxy did wrong, for reports: the status of its answer, the code of a system error, or `ADDRESS` where it has none. */
export function proxyError(what: string): Error {
  const code = `EPROXY_${what}`;
  // Some packages keep nothing but the text.
  return Object.assign(new Error(`the proxy is of no use: ${code}`), { code });
}

function isDirect(target: URL, noProxy: string): boolean {
  const host = hostOf(target);
  if (host === 'localhost' || (isIP(host) !== 0 && own.check(host, familyOf(host)))) return true;
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  const entries = noProxy
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim());
  return entries.some((entry) => entry !== '' && names(entry, host, port));
}

/** Loopback, and the address of the metadata of a machine. */
const own = new BlockList();
own.addSubnet('127.0.0.0', 8, 'ipv4');
own.addAddress('::1', 'ipv6');
own.addSubnet('169.254.0.0', 16, 'ipv4');

function hostOf({ hostname }: URL): string {
  return hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Whether an entry means a host: `*`, an address, a range of them, or a domain, which means what is below it too. */
function names(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isIn(entry, host);
  const [, bracketed, plain = entry, ofPort] = /^(?:\[([^\]]+)\]|([^:]+|[^:]*:[^:]*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
  if (ofPort !== undefined && ofPort !== port) return false;
  const name = (bracketed ?? plain).replace(/^\*\./, '.');
  if (name.startsWith('.')) return host.endsWith(name);
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

function isIn(range: string, host: string): boolean {
  const [net = '', bits = ''] = range.split('/');
  const family = isIP(net);
  if (family === 0 || family !== isIP(host) || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(bits), familyOf(net));
  return list.check(host, familyOf(host));
}

import { describe, expect, test } from 'vitest';
import { proxyFor } from '../src/node-proxy.ts';

/** Each answer but those that say otherwise was given by `http.ProxyFromEnvironment` of Go 1.26, by which sops goes. */

const through = (url: string, env: Readonly<Record<string, string>>): string => proxyFor(new URL(url), env)?.href ?? 'directly';
const both = { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' };

test.each<readonly [string, Readonly<Record<string, string>>, string]>([
  ['https://a.test', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
  ['https://a.test', { https_proxy: 'p:1' }, 'http://p:1/'],
  ['https://a.test', { HTTPS_PROXY: 'p' }, 'http://p/'],
  ['https://a.test', { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://r:1' }, 'http://p:1/'],
  ['https://a.test', { HTTPS_PROXY: '', https_proxy: 'http://r:1' }, 'http://r:1/'],
  ['https://a.test', { HTTPS_PROXY: 'https://u:w@p' }, 'https://u:w@p/'],
  ['https://a.test', { HTTPS_PROXY: 'u:w@p:3' }, 'http://u:w@p:3/'],
  ['https://a.test', { HTTP_PROXY: 'http://q:2' }, 'directly'],
  ['https://a.test', { ALL_PROXY: 'http://x:1' }, 'directly'],
  ['http://a.test', both, 'http://q:2/'],
  ['https://localhost:1', both, 'directly'],
  ['https://127.1.2.3:8', both, 'directly'],
  ['https://[::1]:5', both, 'directly'],
  ['https://foo.localhost', both, 'http://p:1/'],
])('%s with %j: %s', (url, env, proxy) => {
  expect(through(url, env)).toBe(proxy);
});

describe('NO_PROXY', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['*', ['https://a.test', 'http://10.1.2.3'], []],
    ['a, *', ['https://a.test'], []],
    ['example.com', ['https://example.com', 'https://a.example.com', 'https://A.Example.com:8'], ['https://badexample.com']],
    ['.example.com', ['https://a.example.com'], ['https://example.com']],
    ['*.EXAMPLE.com', ['https://a.example.com'], ['https://example.com']],
    ['com', ['https://example.com'], ['https://a.test']],
    [' a.example.com , foo', ['https://a.example.com', 'https://foo'], ['https://example.com']],
    ['example.com:8200', ['https://example.com:8200'], ['https://example.com', 'https://a.example.com']],
    ['example.com:443', ['https://example.com', 'https://a.example.com'], ['https://example.com:8200']],
    ['10.0.0.0/8', ['https://10.1.2.3', 'https://10.1.2.3:8443'], ['https://11.0.0.1', 'https://a.test']],
    ['10.0.0.0/33', [], ['https://10.1.2.3']],
    ['10.1.2.3', ['https://10.1.2.3:8443'], ['https://10.1.2.4']],
    ['10.1.2.3:443', ['https://10.1.2.3'], ['https://10.1.2.3:8443']],
    ['fe80::1', ['https://[fe80::1]:9'], ['https://[fe80::2]']],
    ['[fe80::1]:9', ['https://[fe80::1]:9'], ['https://[fe80::1]']],
    ['fe80::/16', ['https://[fe80::1]'], ['https://[fe81::1]', 'https://10.1.2.3']],
    ['http://example.com', [], ['https://example.com']],
    ['e*.com', [], ['https://example.com']],
    [',,', [], ['https://example.com']],
  ])('%s', (list, without, proxied) => {
    for (const env of [
      { ...both, NO_PROXY: list },
      { ...both, no_proxy: list },
    ]) {
      expect(without.map((url) => through(url, env))).toEqual(without.map(() => 'directly'));
      expect(proxied.map((url) => through(url, env))).toEqual(proxied.map(() => 'http://p:1/'));
    }
  });
});

test('otherwise than in Go, a machine of a cloud asks who it is without a proxy, and the dot at the end of a name counts for nothing', () => {
  expect(through('http://169.254.169.254/latest', both)).toBe('directly');
  expect(through('https://a.example.com.', { ...both, NO_PROXY: 'example.com' })).toBe('directly');
});

test.each(['socks5://s:1', 'ftp://s:1', 'http://', '::', 'http://a b'])('otherwise than in Go, %s is refused', (text) => {
  expect(() => through('https://a.test', { HTTPS_PROXY: text })).toThrow('the proxy is of no use: EPROXY_ADDRESS');
});

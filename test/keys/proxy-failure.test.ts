import { expect, test } from 'vitest';
import { proxyFailure } from '../../src/keys/proxy-failure.ts';

const look = 'check HTTPS_PROXY, and HTTP_PROXY for http: env | grep -i _proxy';

test.each([
  ['EPROXY_ADDRESS', 'HTTPS_PROXY is no address of a proxy, as in http://HOST:PORT', look],
  ['EPROXY_407', 'the proxy wants to know who asks', 'export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT'],
  ['EPROXY_403', 'the proxy lets nobody through to there (status 403)', 'name what needs no proxy in NO_PROXY'],
  ['EPROXY_ETIMEDOUT', 'the proxy is out of reach (ETIMEDOUT)', look],
])('%s', (code, detail, hint) => {
  expect(proxyFailure(code)).toEqual({ reason: 'unreachable', detail, hint });
});

test('what is no matter of a proxy is none', () => {
  expect(proxyFailure('ECONNREFUSED')).toBeNull();
});

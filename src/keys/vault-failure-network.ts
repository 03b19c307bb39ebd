import { quoteWord } from '../shell-words.ts';
import type { Failure } from './key.ts';
import { proxyFailure } from './proxy-failure.ts';

/** Why no answer came, by the code of the system. */
export function networkFailure(code: string, address: string): Failure {
  return proxyFailure(code) ?? { reason: 'unreachable', ...wordsFor(code, address) };
}

type Words = Pick<Failure, 'detail' | 'hint'>;

function wordsFor(code: string, address: string): Words {
  const look = `curl ${quoteWord(`${address}/v1/sys/health`)}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { detail: `no address is known for ${address}`, hint: 'check the network, and the name of the server' };
  if (code === 'ECONNREFUSED') return { detail: `nothing answers at ${address}`, hint: look };
  if (/EPROTO|WRONG_VERSION|PACKET_LENGTH|HPE_/.test(code))
    return { detail: `${address} does not speak ${schemeOf(address)} (${code})`, hint: look };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      detail: `the certificate of ${address} is for another name`,
      hint: 'export VAULT_TLS_SERVER_NAME=NAME, if you know that name',
    };
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|ERR_OSSL/.test(code))
    return {
      detail: `the certificate of ${address} is not trusted (${code})`,
      hint: 'export VAULT_CACERT=FILE, with the certificate of its authority',
    };
  if (code === 'ETIMEDOUT') return { detail: `${address} did not answer in time`, hint: look };
  if (code === 'EMSGSIZE') return { detail: `${address} does not answer as Vault or OpenBao does`, hint: look };
  return { detail: `the connection to ${address} broke (${code})`, hint: 'check the network, and run the same command again' };
}

function schemeOf(address: string): string {
  return address.startsWith('https:') ? 'https' : 'http';
}

import type { AwsFault } from './aws-fault.ts';
import type { AwsFailure, AwsTry } from './aws-failure-words.ts';

/** Why no answer came, or none that is one. `null` where it is no matter of the network. */
export function networkFailure({ name, code, status }: AwsFault, { access }: AwsTry): AwsFailure | null {
  const found = reachability(code, access.region) ?? patience(name, code) ?? burden(name, status);
  return found === null ? null : { reason: 'unreachable', ...found };
}

type Words = Pick<AwsFailure, 'detail' | 'hint' | 'isBusy'>;

function reachability(code: string, region: string): Words | null {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return {
      detail: `no address is known for AWS in ${region}: the network is down, or there is no such region`,
      hint: `aws ec2 describe-regions --region-names ${region}`,
    };
  if (code === 'ECONNREFUSED')
    return { detail: 'nothing answers at the address of AWS', hint: 'check AWS_ENDPOINT_URL, if it is set: echo "$AWS_ENDPOINT_URL"' };
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(code))
    return {
      detail: `the certificate of the server is not trusted (${code})`,
      hint: 'export NODE_EXTRA_CA_CERTS=FILE, with the certificate of your network',
    };
  return ['ECONNRESET', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED'].includes(code)
    ? { detail: `the connection to AWS broke (${code})`, hint: again }
    : null;
}

function patience(name: string, code: string): Words | null {
  const isTimeout = ['TimeoutError', 'AbortError', 'RequestTimeout', 'RequestTimeoutException'].includes(name) || code === 'ETIMEDOUT';
  return isTimeout ? { detail: 'AWS did not answer in time', hint: again } : null;
}

function burden(name: string, status: number | null): Words | null {
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(name) || status === 429)
    return { detail: 'AWS takes no more calls for now', hint: again, isBusy: true };
  return status !== null && status >= 500 ? { detail: `AWS has a failure of its own (status ${status})`, hint: again } : null;
}

const again = 'check the network, and run the same command again';

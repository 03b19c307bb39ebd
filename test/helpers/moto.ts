import { programPath } from './need.ts';
import { freePort, startServer } from './peer-server.ts';

/** moto: KMS, STS and IAM on this machine, all in its memory. */
export interface Moto {
  readonly url: string;
  /** A call of KMS, as nobody in particular. Gives the answer. @throws where AWS would refuse it */
  kms(target: string, input: object, at: Place): Promise<Readonly<Record<string, unknown>>>;
  /** Makes a key, and an alias of it where a name is given. Gives the ARN of the key. */
  makeKey(at: Place, alias?: string): Promise<string>;
  /** A call of IAM or STS. Gives the XML of the answer. @throws as `kms` */
  query(service: 'iam' | 'sts', input: Readonly<Record<string, string>>, as?: AccessKey): Promise<string>;
  /** A session in a role. */
  assume(role: string, as?: AccessKey): Promise<AccessKey>;
  /** From here on signatures and policies count, or no longer. */
  setPolicies(on: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** A region, and whose account; nobody's in particular where it is not said. */
export interface Place {
  readonly region: string;
  readonly as?: AccessKey;
}

export interface AccessKey {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_SESSION_TOKEN?: string;
}

/** The account of whoever says of no other. */
export const motoAccount = '123456789012';

/** For as long as policies do not count. */
export const anybody: AccessKey = { AWS_ACCESS_KEY_ID: 'AKIAANYBODY', AWS_SECRET_ACCESS_KEY: 'anything' };

/** Starts one, on a port of its own. Needs `moto-5.2.5`. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  const file = programPath('moto-5.2.5');
  const isReady = async (): Promise<boolean> => (await fetch(`${url}/moto-api/data.json`)).ok;
  const { stop } = await startServer({ name: 'moto', file, args, isReady });
  const kms: Moto['kms'] = async (target, input, { region, as }) => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${target}` };
    const text = await post(url, { ...headers, ...signed('kms', region, as) }, JSON.stringify(input));
    return JSON.parse(text === '' ? '{}' : text) as Readonly<Record<string, unknown>>;
  };
  const query: Moto['query'] = (service, input, as) => {
    const version = service === 'iam' ? '2010-05-08' : '2011-06-15';
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ...signed(service, 'us-east-1', as) };
    return post(url, headers, new URLSearchParams({ ...input, Version: version }).toString());
  };
  return {
    url,
    kms,
    query,
    stop,
    makeKey: async (at, alias) => {
      const { KeyMetadata } = (await kms('CreateKey', {}, at)) as {
        readonly KeyMetadata: { readonly KeyId: string; readonly Arn: string };
      };
      if (alias !== undefined) await kms('CreateAlias', { AliasName: `alias/${alias}`, TargetKeyId: KeyMetadata.KeyId }, at);
      return KeyMetadata.Arn;
    },
    assume: async (role, as) => accessKeyIn(await query('sts', { Action: 'AssumeRole', RoleArn: role, RoleSessionName: 'test' }, as)),
    setPolicies: async (on) => void (await post(`${url}/moto-api/reset-auth`, {}, on ? '0' : 'inf')),
  };
}

/** Moto tells services and accounts by the scope of a signature, and checks none while policies do not count. */
function signed(service: string, region: string, as: AccessKey = anybody): Readonly<Record<string, string>> {
  const scope = `${as.AWS_ACCESS_KEY_ID}/20260102/${region}/${service}/aws4_request`;
  const token = as.AWS_SESSION_TOKEN;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    'x-amz-date': '20260102T030405Z',
    ...(token === undefined ? {} : { 'x-amz-security-token': token }),
  };
}

/** What an answer of IAM or STS holds of an access key. */
export function accessKeyIn(xml: string): AccessKey {
  const inside = (tag: string): string | undefined => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(xml)?.[1];
  const token = inside('SessionToken');
  return {
    AWS_ACCESS_KEY_ID: inside('AccessKeyId') ?? '',
    AWS_SECRET_ACCESS_KEY: inside('SecretAccessKey') ?? '',
    ...(token === undefined ? {} : { AWS_SESSION_TOKEN: token }),
  };
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<string> {
  const answer = await fetch(url, { method: 'POST', headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`moto: ${answer.status} ${text}`);
  return text;
}

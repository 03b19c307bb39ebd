import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Terminal } from '../../src/context.ts';
import type { MetaValue } from '../../src/core/metadata.ts';
import { connectToAws, type AwsLimits } from '../../src/keys/aws-connect.ts';
import { awsKms } from '../../src/keys/aws.ts';
import type { Unwrapped } from '../../src/keys/key.ts';
import { faultProxy, type Fault, type FaultProxy, type Seen } from './fault-proxy.ts';
import { keyWorld, type TestKeyWorld } from './key-world.ts';
import { tempFolder, type TempFolder } from './temp-folder.ts';

/** The real SDK, before a server that answers as AWS would. */

export const arn = 'arn:aws:kms:eu-west-1:111122223333:key/abc';
export const role = 'arn:aws:iam::111122223333:role/app';
export const ownKeys = { AWS_ACCESS_KEY_ID: 'AKIAOWN', AWS_SECRET_ACCESS_KEY: 'x' };
/** An entry that the server opens. */
export const entry: ReadonlyMap<string, string> = new Map([
  ['arn', arn],
  ['enc', 'AAAA'],
]);
/** What is in it. */
export const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);

export interface SdkSetting {
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: Terminal;
  readonly limits?: AwsLimits;
}

export interface SdkWorld {
  /** The home of the test at hand. */
  readonly home: TempFolder;
  worldAt(url: string, setting?: SdkSetting): TestKeyWorld;
  /** What becomes of an entry where the server answers so. */
  opened(
    answer: (seen: Seen) => Fault,
    setting?: SdkSetting,
    fields?: ReadonlyMap<string, MetaValue>,
  ): Promise<{ readonly proxy: FaultProxy; readonly result: Unwrapped }>;
}

/** For the tests of a file. The SDK reads variables of the process itself, so each test has its own; and it may say nothing to the console. */
export function sdkWorld(): SdkWorld {
  let home = tempFolder();
  home.remove();
  const ways = ['log', 'warn', 'error'] as const;
  beforeEach(() => {
    home = tempFolder();
    for (const way of ways) vi.spyOn(console, way).mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    home.remove();
    for (const way of ways) expect(console[way]).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
  const worldAt: SdkWorld['worldAt'] = (url, { env = {}, terminal } = {}) => {
    const all = { HOME: home.path, AWS_ENDPOINT_URL: url, AWS_EC2_METADATA_DISABLED: 'true', ...env };
    vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
    for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
    return keyWorld({ env: all, home: home.path, terminal: terminal ?? null });
  };
  return {
    get home() {
      return home;
    },
    worldAt,
    opened: async (answer, setting = {}, fields = entry) => {
      const proxy = await faultProxy(nowhere, answer);
      const provider = awsKms((access, world) => connectToAws(access, world, setting.limits));
      const stored = { kind: 'kms', fields };
      return { proxy, result: await provider.read(stored, 'a.yaml').unwrap(stored, worldAt(proxy.url, setting)) };
    },
  };
}

/** Where nobody listens: a proxy that answers all by itself needs no more. */
export const nowhere = 'http://127.0.0.1:1';

export function json(status: number, body: object): Fault {
  return { kind: 'answer', status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}

/** The answer that opens `entry`. */
export const plaintext = json(200, { KeyId: arn, Plaintext: Buffer.from(dataKey).toString('base64') });

export function xml(status: number, body: string): Fault {
  return { kind: 'answer', status, headers: { 'content-type': 'text/xml' }, body };
}

export function assumed(call: string): Fault {
  const credentials = `<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>y</SecretAccessKey><SessionToken>z</SessionToken>`;
  const expires = '<Expiration>2099-01-01T00:00:00Z</Expiration>';
  return xml(200, `<${call}Response><${call}Result><Credentials>${credentials}${expires}</Credentials></${call}Result></${call}Response>`);
}

export function refused(code: string, message: string): Fault {
  return xml(403, `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`);
}

export function isSts({ body }: Seen): boolean {
  return body.startsWith('Action=');
}

/** The access key and the region that signed a request, and what it was. */
export function signers({ seen }: FaultProxy): readonly string[] {
  return seen.map(({ headers, body }) => {
    const [, key, region] = /Credential=(\w+)\/\d+\/([\w-]+)\//.exec(String(headers['authorization'])) ?? [];
    const what = String(headers['x-amz-target'] ?? new URLSearchParams(body).get('Action')).replace('TrentService.', '');
    return `${what} by ${key ?? 'nobody'} in ${region ?? 'no region'}`;
  });
}

export function failure(result: Unwrapped): string {
  return result.opened ? 'opened' : `${result.failure.reason}: ${result.failure.detail}; ${result.failure.hint}`;
}

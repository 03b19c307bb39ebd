import type { Agents } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { isInRole, sessionName } from './aws-arn.ts';
import { callerIn, faultIn } from './aws-fault.ts';
import { SdkError, type SdkStage } from './sdk-error.ts';
import type { AwsIdentity } from './aws-identity.ts';
import type { AwsPackages } from './aws-package.ts';
import type { KeyWorld } from './key.ts';

/** An access key, of somebody or for an hour. */
export interface AwsSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export type AwsSessions = () => Promise<AwsSession>;

/** How the SDK is set up, in its inner clients too (STS, SSO). */
export interface AwsSetting {
  readonly aws: AwsPackages;
  readonly world: KeyWorld;
  /** Where the key lives: STS is asked there, as sops does. */
  readonly region: string;
  readonly settings: ClientSettings;
  /** In place of AWS's own address of STS; `null` where nobody gave one. */
  readonly stsEndpoint: string | null;
}

/** For every client of the SDK. */
export interface ClientSettings {
  readonly logger: Logger;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
    readonly httpAgent: Agents['http'];
    readonly httpsAgent: Agents['https'];
  };
}

type Logger = Readonly<Record<'trace' | 'debug' | 'info' | 'warn' | 'error', () => void>>;

/** Sessions of an identity in a role (empty: as itself). Each is asked for once, and again when it has run out. Throws `SdkError`. */
export function sessionsOf(identity: AwsIdentity, role: string, setting: AwsSetting): AwsSessions {
  const own = remembering(tagged('identity', ownSessions(identity, setting)), setting.world);
  return role === '' ? own : remembering(tagged('role', inRole(role, own, setting)), setting.world);
}

function ownSessions(identity: AwsIdentity, setting: AwsSetting): AwsSessions {
  const { providers } = setting.aws;
  const { env, hostname } = setting.world;
  const options = { ...innerOptions(setting), ...mfaQuestion(setting.world) };
  switch (identity.kind) {
    case 'keys':
      return () => Promise.resolve(keysOf(env));
    case 'profile':
      return providers.fromIni({ ...options, profile: identity.name });
    case 'web-identity':
      return providers.fromTokenFile({
        ...stsOptions(setting),
        webIdentityTokenFile: identity.tokenFile,
        roleArn: identity.role,
        roleSessionName: identity.session ?? sessionName(hostname),
      });
    case 'container':
      return providers.fromHttp(options);
    case 'default':
      return providers.fromNodeProviderChain(options);
  }
}

/** STS says who asked when it refuses. One who has the role already may go on as he is: a role need not be allowed to take on itself. */
function inRole(role: string, own: AwsSessions, setting: AwsSetting): AwsSessions {
  const params = { RoleArn: role, RoleSessionName: sessionName(setting.world.hostname) };
  const assume = setting.aws.providers.fromTemporaryCredentials({ ...stsOptions(setting), params, masterCredentials: own });
  return async () => {
    try {
      return await assume();
    } catch (error) {
      if (isInRole(callerIn(faultIn(error)), role)) return own();
      throw error;
    }
  };
}

function keysOf(env: KeyWorld['env']): AwsSession {
  const token = env['AWS_SESSION_TOKEN'] ?? '';
  return {
    accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    ...(token === '' ? {} : { sessionToken: token }),
  };
}

/** An SSO client has a region of its own, so the key's is given only to those that ask their parent. */
function innerOptions({ region, settings }: AwsSetting) {
  return { logger: settings.logger, clientConfig: settings, parentClientConfig: { region } };
}

function stsOptions({ region, settings, stsEndpoint }: AwsSetting) {
  return { logger: settings.logger, clientConfig: { ...settings, region, ...(stsEndpoint === null ? {} : { endpoint: stsEndpoint }) } };
}

function mfaQuestion({ terminal }: KeyWorld) {
  return terminal === null ? {} : { mfaCodeProvider: (device: string) => terminal.secret(`MFA code of ${device}`) };
}

/** What a person or an earlier stage said goes on as it is. */
function tagged(stage: SdkStage, sessions: AwsSessions): AwsSessions {
  return async () => {
    try {
      return await sessions();
    } catch (error) {
      throw error instanceof SdkError || error instanceof SecError ? error : new SdkError(stage, error);
    }
  };
}

/** A failure is remembered too: nobody is asked twice, and no server. */
function remembering(sessions: AwsSessions, { now }: KeyWorld): AwsSessions {
  const reserve = 60_000;
  let held: Promise<AwsSession> | null = null;
  return async () => {
    held ??= sessions();
    const session = await held;
    if (session.expiration === undefined || session.expiration.getTime() - now().getTime() > reserve) return session;
    held = sessions();
    return held;
  };
}

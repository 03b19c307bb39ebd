import { describe, expect, test } from 'vitest';
import type { MetaValue } from '../../src/core/metadata.ts';
import type { AwsLimits } from '../../src/keys/aws-connect.ts';
import { awsKms } from '../../src/keys/aws.ts';
import {
  arn,
  assumed,
  dataKey,
  entry,
  failure,
  isSts,
  json,
  nowhere,
  ownKeys,
  plaintext,
  refused,
  role,
  sdkWorld,
  signers,
  xml,
} from '../helpers/aws-server.ts';
import { faultProxy, type Fault } from '../helpers/fault-proxy.ts';
import { keyWorld } from '../helpers/key-world.ts';

const aws = sdkWorld();
const stored = { kind: 'kms', fields: entry };

describe('what is sent', () => {
  test('is the key, the bytes and the context, even an empty one', async () => {
    const { proxy, result } = await aws.opened(() => plaintext, { env: ownKeys });

    expect(result).toEqual({ opened: true, dataKey });
    expect(proxy.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { CiphertextBlob: 'AAAA', EncryptionContext: {}, KeyId: arn },
    ]);
    expect(signers(proxy)).toEqual(['Decrypt by AKIAOWN in eu-west-1']);
  });

  test('goes where the variables of the world say, whatever those of the process say', async () => {
    const proxy = await faultProxy(nowhere, () => plaintext);
    const world = keyWorld({ env: { ...ownKeys, AWS_ENDPOINT_URL: nowhere, AWS_ENDPOINT_URL_KMS: proxy.url } });

    expect(await awsKms().read(stored, 'a.yaml').unwrap(stored, world)).toEqual({ opened: true, dataKey });
  });

  test('is bound to the context', async () => {
    const fields = new Map<string, MetaValue>([...entry, ['context', new Map([['app', 'web']])]]);
    const { proxy } = await aws.opened(() => plaintext, { env: ownKeys }, fields);

    expect(proxy.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { CiphertextBlob: 'AAAA', EncryptionContext: { app: 'web' }, KeyId: arn },
    ]);
  });

  test('to lock is the same', async () => {
    const proxy = await faultProxy(nowhere, () => json(200, { CiphertextBlob: 'BBBB' }));
    const wrapped = await awsKms()
      .parse(arn)
      .wrap(dataKey, '2026-01-02T03:04:05Z', aws.worldAt(proxy.url, { env: ownKeys }));

    expect(wrapped.fields.get('enc')).toBe('BBBB');
    expect(proxy.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { Plaintext: Buffer.from(dataKey).toString('base64'), EncryptionContext: {}, KeyId: arn },
    ]);
  });
});

describe('a role', () => {
  const inRole = new Map([...entry, ['role', role]]);

  test("is taken on in the key's region, under sops's name for the session", async () => {
    const { proxy, result } = await aws.opened(
      (seen) => (isSts(seen) ? assumed('AssumeRole') : plaintext),
      { env: { ...ownKeys, AWS_REGION: 'us-west-2' } },
      inRole,
    );

    expect(result.opened).toBe(true);
    expect(signers(proxy)).toEqual(['AssumeRole by AKIAOWN in eu-west-1', 'Decrypt by ASIAROLE in eu-west-1']);
    expect(Object.fromEntries(new URLSearchParams(proxy.seen[0]?.body))).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: 'sops@testhost',
    });
  });

  test('is not taken on again by one who is in it', async () => {
    const caller = 'arn:aws:sts::111122223333:assumed-role/app/session';
    const denied = refused('AccessDenied', `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${role}`);
    const { proxy, result } = await aws.opened((seen) => (isSts(seen) ? denied : plaintext), { env: ownKeys }, inRole);

    expect(result.opened).toBe(true);
    expect(signers(proxy)).toEqual(['AssumeRole by AKIAOWN in eu-west-1', 'Decrypt by AKIAOWN in eu-west-1']);
  });

  test('that one may not take on is told so', async () => {
    const caller = 'arn:aws:sts::111122223333:assumed-role/other/session';
    const denied = refused('AccessDenied', `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${role}`);
    const { proxy, result } = await aws.opened((seen) => (isSts(seen) ? denied : plaintext), { env: ownKeys }, inRole);

    expect(failure(result)).toBe(
      `denied: the access key of AWS_ACCESS_KEY_ID may not take on the role ${role}; see who you are, and have the role trust that: aws sts get-caller-identity`,
    );
    expect(signers(proxy)).toEqual(['AssumeRole by AKIAOWN in eu-west-1']);
  });
});

describe('a profile', () => {
  test('says another address for AWS', async () => {
    const proxy = await faultProxy(nowhere, () => plaintext);
    aws.home.write('.aws/config', `[profile dev]\nendpoint_url = ${proxy.url}\n`);
    aws.home.write('.aws/credentials', '[dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = x\n');
    const world = aws.worldAt('', { env: { SEC_AWS_PROFILE: 'dev' } });

    expect(await awsKms().read(stored, 'a.yaml').unwrap(stored, world)).toEqual({ opened: true, dataKey });
    expect(signers(proxy)).toEqual(['Decrypt by AKIADEV in eu-west-1']);
  });
});

describe('a server', () => {
  const limits: AwsLimits = { connection: 500, answer: 300, call: 5_000, attempts: 1 };
  const again = 'check the network, and run the same command again';

  test.each<readonly [string, Fault, string]>([
    [
      'says no',
      json(400, { __type: 'AccessDeniedException' }),
      'denied: the access key of AWS_ACCESS_KEY_ID is not allowed kms:Decrypt; see who you are, and have that allowed: aws sts get-caller-identity',
    ],
    [
      'says no in a language that the SDK does not read',
      xml(403, '<Error/>'),
      'denied: the access key of AWS_ACCESS_KEY_ID is not allowed kms:Decrypt; see who you are, and have that allowed: aws sts get-caller-identity',
    ],
    [
      'says that the session has run out',
      json(400, { __type: 'com.amazon.coral.service#ExpiredTokenException' }),
      'expired-login: the session of the access key of AWS_ACCESS_KEY_ID has run out; eval "$(aws configure export-credentials --format env --profile PROFILE)"',
    ],
    ['never answers', { kind: 'silence' }, `unreachable: AWS did not answer in time; ${again}`],
    ['cuts the connection', { kind: 'cut' }, `unreachable: the connection to AWS broke (ECONNRESET); ${again}`],
    ['is overburdened', json(400, { __type: 'ThrottlingException' }), `unreachable: AWS takes no more calls for now; ${again}`],
    ['has a failure', json(500, { __type: 'KMSInternalException' }), `unreachable: AWS has a failure of its own (status 500); ${again}`],
  ])('%s', async (_, fault, told) => {
    const { result } = await aws.opened(() => fault, { env: ownKeys, limits });

    expect(failure(result)).toBe(told);
  });

  test('that is slow every time is given up', async () => {
    const { proxy, result } = await aws.opened(() => ({ kind: 'silence' }), {
      env: ownKeys,
      limits: { ...limits, answer: 60_000, call: 300 },
    });

    expect(failure(result)).toBe(`unreachable: AWS did not answer in time; ${again}`);
    expect(proxy.seen.length).toBe(1);
  });

  test('that is slow at first is asked again, in the time of the whole call', async () => {
    let calls = 0;
    const { result } = await aws.opened(() => (++calls === 1 ? { kind: 'silence' } : plaintext), {
      env: ownKeys,
      limits: { ...limits, attempts: 2 },
    });

    expect(failure(result)).toBe('opened');
    expect(calls).toBe(2);
  });

  test('that fails once is asked again', async () => {
    let calls = 0;
    const { result } = await aws.opened(() => (++calls === 1 ? json(500, { __type: 'KMSInternalException' }) : plaintext), {
      env: ownKeys,
    });

    expect(failure(result)).toBe('opened');
    expect(calls).toBe(2);
  });

  test('that is down is told so', async () => {
    const proxy = await faultProxy(nowhere);
    await proxy.stop();
    const world = aws.worldAt(proxy.url, { env: ownKeys });

    expect(failure(await awsKms().read(stored, 'a.yaml').unwrap(stored, world))).toBe(
      'unreachable: nothing answers at the address of AWS; check AWS_ENDPOINT_URL, if it is set: echo "$AWS_ENDPOINT_URL"',
    );
  });
});

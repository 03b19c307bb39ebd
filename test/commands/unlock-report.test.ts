import { beforeEach, describe, expect, test } from 'vitest';
import { json, nowhere } from '../helpers/aws-server.ts';
import { faultProxy } from '../helpers/fault-proxy.ts';
import { ownService } from '../helpers/own-service.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { alice, bob, sec } from '../helpers/sec.ts';

/** What is said where no key opens a file: a text for each class of reasons. */

const arn = 'arn:aws:kms:eu-west-1:111122223333:key/abc';
const own = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_EC2_METADATA_DISABLED: 'true' };
let forAlice = '';
beforeEach(async () => {
  forAlice = (await sec(['encrypt', '--age', alice.recipient, 'a.yaml'], { 'a.yaml': 'a: b\n' })).out;
});

/** The file of Alice, with an entry for AWS in place of hers. */
function forAws(enc = 'AAAA'): string {
  const entry = `    kms:\n        - arn: ${arn}\n          created_at: "2026-01-02T03:04:05Z"\n          enc: ${enc}\n          aws_profile: ""\n`;
  return forAlice.replace(/ +age:\n(?: {8}.*\n)+/, entry);
}

async function told(file: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Promise<readonly string[]> {
  const { status, out, err } = await sec(['decrypt', ...args, 'a.yaml'], { 'a.yaml': file }, { env });
  expect({ status, out }).toEqual({ status: 128, out: '' });
  return err
    .replace(/\/\S*\/home\//g, '~/')
    .trimEnd()
    .split('\n');
}

describe('a key that', () => {
  test('is not there', async () => {
    expect(await told(forAlice)).toEqual([
      'sec: none of your keys opens a.yaml',
      '  you have no keys',
      '  the file wants this key:',
      `    ${alice.recipient}: not one of yours: no age identity in SEC_AGE_KEY, SEC_AGE_KEY_FILE, SEC_AGE_KEY_CMD (or the same with SOPS_) or ~/.config/sops/age/keys.txt`,
      '      try: make one with: sec init',
      'hint: name the file of your key in SEC_AGE_KEY_FILE, or run sec init and ask someone who can read a.yaml to add your new key',
    ]);
  });

  test('is another', async () => {
    expect(await told(forAlice, { SEC_AGE_KEY: bob.identity })).toEqual([
      'sec: none of your keys opens a.yaml',
      `  your keys: ${bob.recipient}`,
      '  the file wants this key:',
      `    ${alice.recipient}: your key does not open it`,
      `hint: ask someone who can read a.yaml to add a key of yours, such as ${bob.recipient}`,
    ]);
  });

  test('is refused', async () => {
    const message = 'User: arn:aws:iam::111122223333:user/eve is not authorized to perform: kms:Decrypt';
    const proxy = await faultProxy(nowhere, () => json(400, { __type: 'AccessDeniedException', message }));
    expect(await told(forAws(), { ...own, AWS_ENDPOINT_URL: proxy.url })).toEqual([
      'sec: none of your keys opens a.yaml',
      '  your keys: the access key of AWS_ACCESS_KEY_ID',
      '  the file wants this key:',
      `    ${arn}: refused: the access key of AWS_ACCESS_KEY_ID is not allowed kms:Decrypt`,
      '      try: see who you are, and have that allowed: aws sts get-caller-identity',
      'hint: put that right, and run the same command again',
    ]);
  });

  test('needs a login that has expired', async () => {
    const proxy = await faultProxy(nowhere, () => json(400, { __type: 'ExpiredTokenException' }));
    expect(await told(forAws(), { ...own, AWS_ENDPOINT_URL: proxy.url, AWS_SESSION_TOKEN: 'z' })).toEqual([
      'sec: none of your keys opens a.yaml',
      '  your keys: the access key of AWS_ACCESS_KEY_ID',
      '  the file wants this key:',
      `    ${arn}: your login has expired: the session of the access key of AWS_ACCESS_KEY_ID has run out`,
      '      try: eval "$(aws configure export-credentials --format env --profile PROFILE)"',
      'hint: put that right, and run the same command again',
    ]);
  });

  test('is out of reach', async () => {
    expect(await told(forAws(), { ...own, AWS_ENDPOINT_URL: nowhere })).toEqual([
      'sec: none of your keys opens a.yaml',
      '  your keys: the access key of AWS_ACCESS_KEY_ID',
      '  the file wants this key:',
      `    ${arn}: out of reach: nothing answers at the address of AWS`,
      '      try: check AWS_ENDPOINT_URL, if it is set: echo "$AWS_ENDPOINT_URL"',
      'hint: put that right, and run the same command again',
    ]);
  });

  test('is in a file that cannot be read', async () => {
    expect(await told(forAlice, { SEC_AGE_KEY_FILE: '/nonexistent/keys.txt' })).toEqual([
      'sec: none of your keys opens a.yaml',
      '  you have no keys',
      '  the file wants this key:',
      `    ${alice.recipient}: your key file cannot be read: SEC_AGE_KEY_FILE (/nonexistent/keys.txt) does not exist`,
      'hint: put that right, and run the same command again',
    ]);
  });

  test('is damaged in the file', async () => {
    expect(await told(forAws('"?"'), { ...own, AWS_ENDPOINT_URL: nowhere })).toEqual([
      'sec: none of your keys opens a.yaml',
      '  your keys: the access key of AWS_ACCESS_KEY_ID',
      '  the file wants this key:',
      `    ${arn}: damaged in the file: the entry holds no encrypted data key`,
      'hint: ask someone who can read a.yaml to add a key of yours, such as the access key of AWS_ACCESS_KEY_ID',
    ]);
  });

  test('is of a kind that nobody has', async () => {
    const entry = '    hckms:\n        - key_id: eu-west-101:1234\n          created_at: "2026-01-02T03:04:05Z"\n          enc: x\n';
    expect(await told(forAlice.replace(/ +age:\n(?: {8}.*\n)+/, entry))).toEqual([
      'sec: none of your keys opens a.yaml',
      '  you have no keys',
      '  the file wants this key:',
      '    eu-west-101:1234: cannot be used here: sec has no client for keys of the kind hckms',
      'hint: name the file of your key in SEC_AGE_KEY_FILE, or run sec init and ask someone who can read a.yaml to add your new key',
    ]);
  });
});

test('key services are told apart from your own keys', async () => {
  const service = await ownService(() => keyWorld({ env: { SEC_AGE_KEY: bob.identity } }));
  const args = ['--enable-local-keyservice=false', '--keyservice', 'unix:///nonexistent/socket', '--keyservice', service.url];
  expect(await told(forAlice, { SEC_AGE_KEY: alice.identity }, args)).toEqual([
    'sec: none of your keys opens a.yaml',
    `  your keys: ${alice.recipient}`,
    '  the file wants this key:',
    '    the key service unix:///nonexistent/socket: out of reach: nobody listens there',
    '      try: sec keyservice --network unix --address /nonexistent/socket',
    `    ${alice.recipient}, by ${service.url}: refused: the key service says: wrong-key`,
    'hint: put that right, and run the same command again',
  ]);
});

test('keys that are switched off are called so, and the option takes nothing but an answer', async () => {
  expect(await told(forAlice, { SEC_AGE_KEY: alice.identity }, ['--enable-local-keyservice=false'])).toEqual([
    'sec: none of your keys opens a.yaml',
    `  your keys: ${alice.recipient}`,
    '  the file wants this key:',
    `    ${alice.recipient}: cannot be used here: local keys are switched off, and no key service is named`,
    '      try: name a key service with: --keyservice tcp://HOST:PORT',
    'hint: put that right, and run the same command again',
  ]);
  const { status, err } = await sec(['decrypt', '--enable-local-keyservice', 'a.yaml'], { 'a.yaml': forAlice });
  expect({ status, err }).toEqual({
    status: 1,
    err: 'sec: --enable-local-keyservice (SEC_ENABLE_LOCAL_KEYSERVICE) takes true or false\n',
  });
  const env = { SEC_AGE_KEY: alice.identity };
  expect(await sec(['decrypt', 'a.yaml', '--enable-local-keyservice'], { 'a.yaml': forAlice }, { env })).toMatchObject({
    status: 0,
    out: 'a: b\n',
  });
});

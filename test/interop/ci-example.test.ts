import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { startMoto, type Moto } from '../helpers/moto.ts';
import { need } from '../helpers/need.ts';
import { peerFolder, type PeerFolder } from '../helpers/peer-folder.ts';
import { builtSec } from '../helpers/sec.ts';

/** The examples of `docs/ci.md`: their steps are run as they stand there, with an issuer of tokens and an AWS of this machine. */

const page = readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8');
const requestToken = 'the-bearer-of-this-job';
const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const subject = 'repo:acme/app:ref:refs/heads/main';

const github = z.object({
  jobs: z.object({
    deploy: z.object({
      env: z.record(z.string(), z.string()),
      steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  }),
});
const gitlab = z.object({
  deploy: z.object({ variables: z.record(z.string(), z.string()), script: z.array(z.string()) }),
});

describe.skipIf(!need('moto-5.2.5', 'bash', 'curl', 'jq'))('the examples for CI', () => {
  const issuer = new OAuth2Server();
  let moto: Moto;
  let tokens: Server;
  let here: PeerFolder;
  beforeAll(async () => {
    await issuer.issuer.keys.generate('RS256');
    await issuer.start(0, '127.0.0.1');
    tokens = await startTokenServer(issuer);
    moto = await startMoto();
    const owner = await moto.assume(role('owner'));
    const key = await moto.makeKey({ region: 'eu-west-1', as: owner }, 'deploy');
    here = peerFolder({ AWS_ENDPOINT_URL: moto.url, AWS_EC2_METADATA_DISABLED: 'true' });
    here.write('plain.yaml', 'db:\n  password: hunter2\n');
    here.write('secrets.yaml', (await here.sec(['encrypt', '--kms', key, 'plain.yaml'], owner)).out);
    here.write('bin/sec', `#!/bin/sh\nexec ${process.execPath} ${builtSec()} "$@"\n`, 0o755);
    here.write('deploy.sh', '#!/bin/sh\nprintf "deployed with %s\\n" "$DB_PASSWORD"\n', 0o755);
  });
  afterAll(async () => {
    await Promise.all([moto.stop(), issuer.stop(), new Promise((done) => tokens.close(done))]);
    here.remove();
  });

  /** What every job has, and where AWS is. */
  const machine = (): Record<string, string> => ({
    PATH: `${join(here.path, 'bin')}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: here.path,
    AWS_ENDPOINT_URL: moto.url,
    AWS_EC2_METADATA_DISABLED: 'true',
  });

  test('GitHub Actions: the token of the job opens the file', async () => {
    const { deploy } = github.parse(parse(exampleOf('GitHub Actions'))).jobs;
    const steps = deploy.steps.flatMap(({ run }) => (run === undefined || run.startsWith('npm install') ? [] : [run]));
    const env = {
      ...machine(),
      ...deploy.env,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${urlOf(tokens)}/token?api-version=2.0`,
      RUNNER_TEMP: here.path,
      GITHUB_ENV: here.write('github-env', ''),
    };

    expect(steps).toHaveLength(2);
    const first = await shell(steps[0] ?? '', env);
    const second = await shell(steps[1] ?? '', { ...env, ...variablesIn(env.GITHUB_ENV) });

    expect([first, second]).toEqual([
      { status: 0, out: '', err: '' },
      { status: 0, out: 'deployed with hunter2\n', err: '' },
    ]);
    expect(claimsOf(readFileSync(join(here.path, 'aws-token'), 'utf8'))).toMatchObject({ sub: subject, aud: 'sts.amazonaws.com' });
  });

  test('GitHub Actions: a job without the right to a token stops at that step', async () => {
    const { deploy } = github.parse(parse(exampleOf('GitHub Actions'))).jobs;
    const ask = deploy.steps.find(({ run }) => run?.includes('curl'))?.run ?? '';
    const { status } = await shell(ask, {
      ...machine(),
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'another',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${urlOf(tokens)}/token?api-version=2.0`,
      RUNNER_TEMP: here.path,
      GITHUB_ENV: here.write('github-env', ''),
    });

    expect(status).not.toBe(0);
  });

  test('GitLab: the token of the job opens the file', async () => {
    const { deploy } = gitlab.parse(parse(exampleOf('GitLab')));
    const script = deploy.script.filter((line) => !line.startsWith('npm install')).join('\n');
    const token = await issuer.issuer.buildToken({
      scopesOrTransform: (_, claims) => void Object.assign(claims, { sub: subject, aud: 'sts.amazonaws.com' }),
    });

    expect(await shell(script, { ...machine(), ...deploy.variables, AWS_TOKEN: token })).toEqual({
      status: 0,
      out: 'deployed with hunter2\n',
      err: '',
    });
  });

  test('a container: what the platform sets is enough', async () => {
    const { command } = z.object({ command: z.array(z.string()) }).parse(parse(exampleOf('A container')));
    const token = here.write('service-account-token', 'a.b.c');
    const env = {
      ...machine(),
      AWS_REGION: 'eu-west-1',
      AWS_ROLE_ARN: role('app'),
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
    };
    here.write('server.js', 'console.log(`served with ${process.env.DB_PASSWORD}`);\n');

    expect(await shell(command.join(' '), env)).toEqual({ status: 0, out: 'served with hunter2\n', err: '' });
  });
});

/** The last YAML block below a heading. */
function exampleOf(heading: string): string {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return /^```yaml\n(.*?)^```/ms.exec(section)?.[1] ?? '';
}

/** As a runner runs a step: `bash -e -o pipefail`. */
function shell(script: string, env: Readonly<Record<string, string>>): Promise<{ status: number; out: string; err: string }> {
  return new Promise((done) => {
    execFile('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { cwd: env['HOME'], env }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

function variablesIn(path: string): Record<string, string> {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** As GitHub gives a job its token: to whoever has the bearer of the job, for the audience of the query. */
async function startTokenServer({ issuer }: OAuth2Server): Promise<Server> {
  const server = createServer((asked, answer) => {
    const audience = new URL(asked.url ?? '', 'http://runner').searchParams.get('audience');
    if (asked.headers.authorization !== `bearer ${requestToken}`) {
      answer.writeHead(401).end();
      return;
    }
    const claims = { sub: subject, aud: audience };
    void issuer.buildToken({ scopesOrTransform: (_, payload) => void Object.assign(payload, claims) }).then(
      (value) => answer.end(JSON.stringify({ value })),
      () => answer.writeHead(500).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

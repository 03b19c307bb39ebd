// The action of action.yml. It depends on nothing, so that what runs is what stands here.

import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';

const version = '0.1.0';
const { env } = process;

try {
  const files = input('files')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (files.length === 0) throw new Error('the input "files" names no file');
  const target = targetFile(input('to') || 'env');
  const variables = read(files, { ...env, ...(input('role') === '' ? {} : await identity(input('role'))) });
  // Before anything else can be printed.
  for (const value of Object.values(variables)) mask(value);
  for (const [name, value] of Object.entries(variables)) pass(target, name, value);
  console.log(`${Object.keys(variables).length} values of ${files.join(', ')}`);
} catch (error) {
  console.log(`::error::${escaped(error.message)}`);
  process.exitCode = 1;
}

/** As the runner gives it: `INPUT_` and the name. */
function input(name) {
  return (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
}

function targetFile(to) {
  const names = { env: 'GITHUB_ENV', outputs: 'GITHUB_OUTPUT' };
  if (!Object.hasOwn(names, to)) throw new Error('the input "to" is env or outputs');
  const file = env[names[to]];
  if (!file) throw new Error(`${names[to]} is not set: this is no step of a workflow`);
  return { file, isEnv: to === 'env' };
}

/** The variables that `sec exec` gives to a program, which is one that prints them. */
function read(files, childEnv) {
  const program = input('sec') === '' ? ['npx', '--yes', '--package', `sec-cli@${version}`, 'sec'] : [input('sec')];
  const options = [
    ...files.flatMap((file) => ['--file', file]),
    ...(input('only') === '' ? [] : ['--only', input('only')]),
    ...(input('prefix') === '' ? [] : ['--prefix', input('prefix')]),
  ];
  const show = 'process.stdout.write(JSON.stringify(process.env))';
  const argv = [...program, 'exec', '--pristine', ...options, '--', process.execPath, '-e', show];
  const { status, stdout, stderr, error } = spawnSync(argv[0], argv.slice(1), { env: childEnv, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error !== undefined) throw new Error(`${argv[0]} cannot be run: ${error.code}`);
  // What sec says of a failure never holds a value.
  if (status !== 0) throw new Error(stderr.trim() || `sec ended with ${status}`);
  return JSON.parse(stdout);
}

/** The variables by which AWS takes the token of this job for a role. */
async function identity(role) {
  const url = env['ACTIONS_ID_TOKEN_REQUEST_URL'];
  const bearer = env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
  if (!url || !bearer) throw new Error('a role needs the token of the job: set permissions: { id-token: write }');
  const answer = JSON.parse(await get(`${url}&audience=${encodeURIComponent(input('audience'))}`, bearer));
  if (typeof answer.value !== 'string') throw new Error('the runner gave no token');
  mask(answer.value);
  const file = join(env['RUNNER_TEMP'] ?? '.', `sec-token-${randomUUID()}`);
  writeFileSync(file, answer.value, { mode: 0o600, flag: 'wx' });
  const region = input('region');
  return { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: file, ...(region === '' ? {} : { AWS_REGION: region }) };
}

function get(url, bearer) {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((done, fail) => {
    const asked = request(url, { headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => (text += piece));
      response.on('end', () =>
        response.statusCode === 200 ? done(text) : fail(new Error(`the runner refused a token (${response.statusCode})`)),
      );
    });
    asked.on('error', () => fail(new Error('the runner could not be asked for a token')));
    asked.end();
  });
}

/** The runner looks for whole texts in each line of the log, so each line of a value is one, and so is each in base64. */
function mask(value) {
  const lines = value.split(/\r?\n/);
  const encoded = [value, `${value}\n`].map((text) => Buffer.from(text).toString('base64'));
  for (const text of new Set([value, ...lines, ...encoded, ...encoded.map((one) => one.replace(/=+$/, ''))])) {
    if (text.trim() !== '' && value.trim() !== '') console.log(`::add-mask::${escaped(text)}`);
  }
}

function pass({ file, isEnv }, name, value) {
  if (isEnv && /^(?:GITHUB_|RUNNER_|NODE_OPTIONS$)/i.test(name)) throw new Error(`${name} belongs to the runner: give it another name`);
  const end = `sec-${randomUUID()}`;
  appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`);
}

/** As a workflow command writes what would end its line. */
function escaped(text) {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Conversation, Finished, Program, Programs } from './context.ts';
import { become } from './node-become.ts';
import { hasCode, systemError } from './node-files.ts';
import { holdSignals } from './node-signals.ts';

/** How long a program that is past its deadline has to end by itself. */
const graceMs = 1000;

/** Other programs. None is run by a shell. */
export function nodePrograms(env: NodeJS.ProcessEnv, cwd: string): Programs {
  return {
    run: (program) => (program.streams === 'inherit' ? runInForeground(program, cwd) : runForBytes(program, cwd)),
    talk: (program) => talkTo(program, cwd),
    find: async (name) => onPath(name, env, cwd),
    become: async (program) => become(program, await locate(program.file, env, cwd), cwd),
  };
}

function start(program: Program, cwd: string, stdio: 'inherit' | 'pipe'): ChildProcess {
  const folder = program.cwd === undefined ? cwd : resolve(cwd, program.cwd);
  // To stay where we are needs no leave, which another user might not have.
  const move = folder === process.cwd() ? {} : { cwd: folder };
  return spawn(program.file, program.args, { env: program.env, ...move, stdio, windowsHide: true });
}

function runForBytes(program: Program, cwd: string): Promise<Finished> {
  return new Promise((done, fail) => {
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    const child = start(program, cwd, 'pipe');
    if (program.deadlineMs !== undefined) limit(child, program, program.deadlineMs, fail);
    child.stdout?.on('data', (piece: Uint8Array) => stdout.push(piece));
    child.stderr?.on('data', (piece: Uint8Array) => stderr.push(piece));
    // A program need not read what it is given: its status tells whether that was right.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(program.input ?? new Uint8Array());
    child.on('error', fail);
    child.on('close', (status, signal) => done({ status, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }));
  });
}

/** Asks the program to end at its deadline, and makes it end soon after. */
function limit(child: ChildProcess, program: Program, deadlineMs: number, fail: (error: Error) => void): void {
  let timer = setTimeout(() => {
    fail(systemError('ETIMEDOUT', program.file));
    child.kill('SIGTERM');
    timer = setTimeout(() => {
      child.kill('SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, graceMs);
  }, deadlineMs);
  for (const event of ['error', 'close']) child.on(event, () => clearTimeout(timer));
}

function talkTo(program: Program, cwd: string): Promise<Conversation> {
  const child = start(program, cwd, 'pipe');
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new TypeError('a program without pipes');
  stderr.resume();
  // One that has gone is noticed by its end.
  stdin.on('error', () => undefined);
  const pieces: AsyncIterator<unknown> = stdout[Symbol.asyncIterator]();
  // What it leaves behind, such as an agent, may keep its pipes for ever.
  const ended = new Promise<void>((done) => {
    child.on('exit', () => done());
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('spawn', () =>
      done({
        read: async () => nextPiece(await pieces.next()),
        write: (bytes) => void stdin.write(bytes),
        end: () => endTalk(child, ended),
      }),
    );
  });
}

function nextPiece({ done, value }: IteratorResult<unknown, unknown>): Uint8Array | null {
  return done !== true && value instanceof Uint8Array ? value : null;
}

async function endTalk(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.end();
  child.stdout?.destroy();
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  child.stderr?.destroy();
  clearTimeout(timer);
}

/** For an editor: what is typed goes to it, interrupts included, and we are still there to save afterwards. */
async function runInForeground(program: Program, cwd: string): Promise<Finished> {
  let child: ChildProcess | null = null;
  const ignore = (): void => undefined;
  const forward = (signal: NodeJS.Signals): void => void child?.kill(signal);
  const release = holdSignals([
    ['SIGINT', ignore],
    ['SIGQUIT', ignore],
    ['SIGTERM', forward],
    ['SIGHUP', forward],
  ]);
  try {
    child = start(program, cwd, 'inherit');
    return await ended(child);
  } finally {
    release();
  }
}

function ended(child: ChildProcess): Promise<Finished> {
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (status, signal) => done({ status, signal, stdout: new Uint8Array(), stderr: new Uint8Array() }));
  });
}

function onPath(name: string, env: NodeJS.ProcessEnv, cwd: string): string | null {
  return places(name, env, cwd).find((path) => obstacle(path) === null) ?? null;
}

/** The path that a shell would run: a name with a slash as it was given, so that a script sees it so. Where all it finds cannot be run, the error says why. */
async function locate(name: string, env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const all = places(name, env, cwd);
  const path = all.find((place) => obstacle(place) === null);
  if (path !== undefined) return name.includes('/') ? name : path;
  throw systemError(all.map(obstacle).find((code) => code !== 'ENOENT') ?? 'ENOENT', name);
}

/** A name with a slash is a path. An empty place on PATH is the working directory. */
function places(name: string, env: NodeJS.ProcessEnv, cwd: string): readonly string[] {
  if (name === '') return [];
  if (name.includes('/')) return [resolve(cwd, name)];
  return (env['PATH'] ?? '/bin:/usr/bin').split(':').map((folder) => join(resolve(cwd, folder), name));
}

/** Why a path cannot be run, as the code of an error. */
function obstacle(path: string): string | null {
  try {
    if (!statSync(path).isFile()) return 'EACCES';
    accessSync(path, constants.X_OK);
    return null;
  } catch (error) {
    return hasCode(error, 'EACCES', 'EPERM') ? 'EACCES' : 'ENOENT';
  }
}

import type { KeyWorld, Unwrapped } from './key.ts';
import { failed, remembered } from './key.ts';
import { type KeyLimits, keyLimits } from './limits.ts';
import { Turnstile } from './turnstile.ts';

/**
 * Calls to servers: so many at a time, each for as long as somebody waits for it, and no two for the same thing. A command that opens
 * many files shares all of this.
 */

/** A call that is under way or over, and how many wait for it. */
interface Shared {
  readonly result: Promise<Unwrapped>;
  readonly end: AbortController;
  waiting: number;
  isOver: boolean;
}

/**
 * Opens something by a server.
 *
 * @param name the same for what is the same: it is asked for once in a command
 * @param call gets a world whose signal says that nobody waits any more
 * @returns `unreachable` where the time of the limits is over, or the signal of `world` says that the answer is not needed
 */
export async function callOnce(name: string, world: KeyWorld, call: (world: KeyWorld) => Promise<Unwrapped>): Promise<Unwrapped> {
  const limits = await keyLimits(world);
  const shared = sharedCall(name, world, (inner) => inTurn(limits, inner, call));
  shared.waiting += 1;
  try {
    return await orGivenUp(shared.result, world.signal ?? null);
  } finally {
    shared.waiting -= 1;
    if (shared.waiting === 0) shared.end.abort();
  }
}

/** A call that was given up by all is made anew for the next who wants it. */
function sharedCall(name: string, world: KeyWorld, make: (world: KeyWorld) => Promise<Unwrapped>): Shared {
  const known = remembered(world, `call: ${name}`, () => ({ shared: newCall(world, make) }));
  if (known.shared.end.signal.aborted && !known.shared.isOver) known.shared = newCall(world, make);
  return known.shared;
}

function newCall(world: KeyWorld, make: (world: KeyWorld) => Promise<Unwrapped>): Shared {
  const end = new AbortController();
  const shared: Shared = { result: make({ ...world, signal: end.signal }), end, waiting: 0, isOver: false };
  const note = (): void => {
    shared.isOver = !end.signal.aborted;
  };
  shared.result.then(note, note);
  return shared;
}

async function orGivenUp(result: Promise<Unwrapped>, signal: AbortSignal | null): Promise<Unwrapped> {
  if (signal === null) return result;
  return Promise.race([result, aborted(AbortSignal.any([signal])).then(() => failed('unreachable', 'it was not waited for'))]);
}

/** A time in words. */
export function inSeconds(seconds: number): string {
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}

/** Resolves when a signal says so. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}

/** Says so at the end of a time, or when a call is not needed any more: for packages that would lose the signal of a time on the way. */
export function inTime(ms: number, enough: AbortSignal | null): AbortSignal {
  const end = new AbortController();
  for (const signal of [AbortSignal.timeout(ms), ...(enough === null ? [] : [enough])]) {
    if (signal.aborted) end.abort();
    signal.addEventListener('abort', () => end.abort(), { once: true });
  }
  return end.signal;
}

/** Waits for its turn, then for the answer, and asks again where a server has too much to do. */
async function inTurn(limits: KeyLimits, world: KeyWorld, call: (world: KeyWorld) => Promise<Unwrapped>): Promise<Unwrapped> {
  const turnstile = remembered(world, 'calls: turnstile', () => new Turnstile(limits.calls));
  for (let attempt = 1; ; attempt += 1) {
    const result = await turnstile.pass(() => within(limits.timeout, world, call));
    if (result.opened || result.failure.isBusy !== true || attempt === patience.attempts || world.signal?.aborted === true) return result;
    turnstile.slowDown();
    await world.network.pause(patience.firstMs * 2 ** (attempt - 1));
  }
}

/** How a server that takes no more calls for now is asked again, after an SDK has done it in its own way. */
const patience = { attempts: 5, firstMs: 500 };

async function within(seconds: number, world: KeyWorld, call: (world: KeyWorld) => Promise<Unwrapped>): Promise<Unwrapped> {
  const late = AbortSignal.timeout(seconds * 1000);
  const signal = world.signal === undefined ? late : AbortSignal.any([late, world.signal]);
  const tooLate = aborted(late).then(() =>
    failed('unreachable', `no answer within ${inSeconds(seconds)}`, 'check the network, or wait longer with: --unlock-timeout SECONDS'),
  );
  return Promise.race([call({ ...world, signal }), tooLate]);
}

import type { Context, Place } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { type Asked, keyServer, type KeyServer } from '../keys/service-server.ts';
import { startSession } from '../secret-file.ts';
import type { Declaration } from './declaration.ts';

interface KeyserviceFlags {
  readonly network: string;
  readonly address: string;
  readonly prompt?: boolean;
  readonly verbose?: boolean;
}

export function declareKeyservice(program: Declaration, context: Context): void {
  program
    .command('keyservice')
    .summary('use your keys for other machines, until it is stopped')
    .description(
      'Listens for programs that have a file of yours and no key: what a file was encrypted with is decrypted here, by your keys.',
    )
    .option('--network <kind>', 'tcp, or unix for a socket in the file system', 'tcp')
    .option('--address <address>', 'where to listen: HOST:PORT, or the path of the socket', '127.0.0.1:5000')
    .option('--prompt', 'ask before a key is used')
    .option('--verbose', 'say on standard error what was asked, and what became of it')
    .action((flags: KeyserviceFlags) => keyservice(context, flags));
}

async function keyservice(context: Context, flags: KeyserviceFlags): Promise<void> {
  const place = placeOf(flags);
  if (flags.prompt && context.terminal === null) {
    throw new SecError({
      code: 'no-terminal',
      message: 'there is no terminal to ask at',
      hint: 'run it in a terminal, or without --prompt',
    });
  }
  if (isOpen(place)) {
    context.err(`sec: whoever reaches ${flags.address} can use your keys: key services have neither passwords nor encryption`);
  }
  const stop = new AbortController();
  const say = (text: string): void => (flags.verbose ? context.err(`sec: ${text}`) : undefined);
  const server = await keyServer({
    world: () => startSession(context).keys,
    allows: flags.prompt ? oneAtATime((asked) => confirmed(context, asked, stop)) : () => Promise.resolve(true),
    log: (asked, outcome) => say(`${asked === null ? 'a request' : `${asked.does} for ${asked.label}`}: ${outcome}`),
  });
  await listen(context, { place, address: flags.address, server, stop: stop.signal, say });
  server.close();
}

/** @throws SecError `usage` */
function placeOf({ network, address }: KeyserviceFlags): Place {
  if (network === 'unix') return { path: address };
  if (network !== 'tcp') throw new SecError({ code: 'usage', message: `no network is called ${network}: there are tcp and unix` });
  const [, bracketed, plain, port = ''] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new SecError({ code: 'usage', message: `${address} is no address: it is HOST:PORT, such as 127.0.0.1:5000` });
}

/** Whether others than this machine may get there. */
function isOpen(place: Place): boolean {
  return 'host' in place && !/^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(place.host);
}

interface Listener {
  readonly place: Place;
  readonly address: string;
  readonly server: KeyServer;
  readonly stop: AbortSignal;
  readonly say: (text: string) => void;
}

/** @throws SecError `cannot-listen` */
async function listen(context: Context, { place, address, server, stop, say }: Listener): Promise<void> {
  try {
    await context.network.serve(place, { take: server.take, ready: () => say(`listening on ${address}`), stop });
  } catch (cause) {
    server.close();
    if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') throw cause;
    throw new SecError({ code: 'cannot-listen', address, reason: cause.code }, { cause });
  }
}

/** Whoever presses Ctrl-C at the question wants no more of them. */
async function confirmed(context: Context, { does, kind, label }: Asked, stop: AbortController): Promise<boolean> {
  try {
    return (
      (await context.terminal?.confirm(`A program wants to ${does} a data key by your ${kind} key ${label}. Allow it?`, false)) ?? false
    );
  } catch (error) {
    if (!(error instanceof SecError) || error.problem.code !== 'interrupted') throw error;
    stop.abort();
    return false;
  }
}

/** There is one terminal. */
function oneAtATime<T, R>(ask: (item: T) => Promise<R>): (item: T) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve();
  return (item) => {
    const answer = last.then(() => ask(item));
    last = answer.catch(() => undefined);
    return answer;
  };
}

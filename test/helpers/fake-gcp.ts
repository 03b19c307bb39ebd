import { createCipheriv, createDecipheriv, createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32c } from '../../src/keys/crc32c.ts';
import { serveGrpc } from './fake-gcp-grpc.ts';

/**
 * Cloud KMS as far as sec and sops use it, over REST and over gRPC with TLS. No program of others that does this can be had here, so it
 * is ours, by the published protocol: what it shows is that sec and the real sops say the same to it, not what Google would say.
 */
export interface FakeGcp {
  /** REST. */
  readonly url: string;
  /** gRPC, as `localhost:PORT`. */
  readonly grpc: string;
  /** Keys that are not there, or switched off. */
  readonly states: Map<string, 'gone' | 'disabled'>;
  /** Who may do what with the keys: tokens that are taken, each with its actions. */
  readonly tokens: Map<string, readonly Action[]>;
  /** Public keys of service accounts, by their mail address. They may do everything. */
  readonly accounts: Map<string, string>;
  stop(): Promise<void>;
}

export type Action = 'encrypt' | 'decrypt';

/** What is asked: bytes of a key, by whom. */
export interface KmsCall {
  readonly action: Action;
  readonly name: string;
  readonly bytes: Buffer;
  /** What the caller says is the checksum of the bytes; `null` where it says nothing. */
  readonly crc: number | null;
  readonly token: string;
}

/** A status of gRPC, which is no answer. */
export class Refusal extends Error {
  readonly status: keyof typeof httpStatuses;

  constructor(status: keyof typeof httpStatuses) {
    super(`refused: ${status}`);
    this.status = status;
  }
}

const httpStatuses = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
} as const;

/** Starts one. */
export async function startFakeGcp(): Promise<FakeGcp> {
  const rules = {
    states: new Map<string, 'gone' | 'disabled'>(),
    tokens: new Map<string, readonly Action[]>(),
    accounts: new Map<string, string>(),
  };
  const answer = (call: KmsCall): Buffer => answerTo(call, rules);
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const { status, body } = await overRest(incoming, answer);
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const grpc = await serveGrpc(answer);
  return {
    ...rules,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    grpc: grpc.address,
    stop: async () => {
      grpc.stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function answerTo(
  { action, name, bytes, crc, token }: KmsCall,
  { states, tokens, accounts }: Pick<FakeGcp, 'states' | 'tokens' | 'accounts'>,
): Buffer {
  const rights = tokens.get(token) ?? (isSigned(token, accounts) ? ['encrypt', 'decrypt'] : null);
  if (rights === null) throw new Refusal('UNAUTHENTICATED');
  if (!rights.includes(action)) throw new Refusal('PERMISSION_DENIED');
  if (states.get(name) === 'gone') throw new Refusal('NOT_FOUND');
  if (states.get(name) === 'disabled') throw new Refusal('FAILED_PRECONDITION');
  if (crc !== null && crc !== crc32c(bytes)) throw new Refusal('INVALID_ARGUMENT');
  return action === 'encrypt' ? sealed(name, bytes) : openedOf(name, bytes);
}

/** A token that a service account signed itself. */
function isSigned(token: string, accounts: FakeGcp['accounts']): boolean {
  const [head = '', body = '', signature = ''] = token.split('.');
  const claims = signature === '' ? {} : (JSON.parse(Buffer.from(body, 'base64url').toString()) as Readonly<Record<string, unknown>>);
  const key = accounts.get(String(claims['iss']));
  return (
    key !== undefined && verify('RSA-SHA256', Buffer.from(`${head}.${body}`), createPublicKey(key), Buffer.from(signature, 'base64url'))
  );
}

/** Each name has a key of its own. */
function keyOf(name: string): Buffer {
  return createHash('sha256').update(name).digest();
}

function sealed(name: string, bytes: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(name), iv);
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function openedOf(name: string, bytes: Buffer): Buffer {
  try {
    const cipher = createDecipheriv('aes-256-gcm', keyOf(name), bytes.subarray(0, 12));
    cipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]);
  } catch {
    throw new Refusal('INVALID_ARGUMENT');
  }
}

async function overRest(
  incoming: IncomingMessage,
  answer: (call: KmsCall) => Buffer,
): Promise<{ readonly status: number; readonly body: object }> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const [, name = '', verb] = /^\/v1\/(.+):(encrypt|decrypt)\?/.exec(decodeURI(incoming.url ?? '')) ?? [];
  const action = verb === 'encrypt' ? 'encrypt' : 'decrypt';
  const given = action === 'encrypt' ? 'plaintext' : 'ciphertext';
  const body = JSON.parse(Buffer.concat(pieces).toString()) as Readonly<Record<string, string | undefined>>;
  const crc = body[`${given}Crc32c`];
  const token = String(incoming.headers.authorization).replace('Bearer ', '');
  try {
    const bytes = answer({
      action,
      name,
      bytes: Buffer.from(body[given] ?? '', 'base64'),
      crc: crc === undefined ? null : Number(crc),
      token,
    });
    const gives = action === 'encrypt' ? 'ciphertext' : 'plaintext';
    const verified = action === 'encrypt' && crc !== undefined ? { verifiedPlaintextCrc32c: true } : {};
    return { status: 200, body: { name, [gives]: bytes.toString('base64'), [`${gives}Crc32c`]: String(crc32c(bytes)), ...verified } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const code = httpStatuses[error.status];
    return { status: code, body: { error: { code, message: 'said by the server', status: error.status } } };
  }
}

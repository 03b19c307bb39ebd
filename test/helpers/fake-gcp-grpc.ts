import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metadata, Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { crc32c } from '../../src/keys/crc32c.ts';
import { Refusal, type Action, type KmsCall } from './fake-gcp.ts';

/** The certificate of every server of tests on this machine, which is its own authority. */
export const loopbackCertificate = join(import.meta.dirname, '..', 'vectors', 'tls', 'loopback.crt');
export const loopbackKey = join(import.meta.dirname, '..', 'vectors', 'tls', 'loopback.key');

/** Serves the two calls of Cloud KMS over gRPC with TLS, by the field numbers of its `service.proto`. */
export async function serveGrpc(answer: (call: KmsCall) => Buffer): Promise<{ readonly address: string; stop(): void }> {
  const server = new Server();
  const method = (action: Action) => ({
    path: `/google.cloud.kms.v1.KeyManagementService/${action === 'encrypt' ? 'Encrypt' : 'Decrypt'}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  });
  const handle =
    (action: Action) =>
    (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
      try {
        done(null, messageOf(action, answer(callOf(action, call.request, call.metadata))));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        done({ code: status[error.status], details: 'said by the server', metadata: new Metadata() });
      }
    };
  server.addService({ Encrypt: method('encrypt'), Decrypt: method('decrypt') }, { Encrypt: handle('encrypt'), Decrypt: handle('decrypt') });
  const pair = { cert_chain: readFileSync(loopbackCertificate), private_key: readFileSync(loopbackKey) };
  const port = await new Promise<number>((done, fail) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [pair]), (error, given) =>
      error === null ? done(given) : fail(error),
    );
  });
  return { address: `localhost:${port}`, stop: () => server.forceShutdown() };
}

function callOf(action: Action, message: Buffer, metadata: Metadata): KmsCall {
  const fields = fieldsOf(message);
  const wrapped = fields.get(action === 'encrypt' ? 7 : 5);
  return {
    action,
    name: bytesOf(fields.get(1)).toString(),
    bytes: bytesOf(fields.get(2)),
    crc: wrapped === undefined ? null : Number(fieldsOf(bytesOf(wrapped)).get(1) ?? 0),
    token: String(metadata.get('authorization')[0]).replace('Bearer ', ''),
  };
}

function messageOf(action: Action, bytes: Buffer): Buffer {
  const crc = Buffer.concat([varint(8), varint(crc32c(bytes))]);
  return action === 'encrypt'
    ? Buffer.concat([field(2, bytes), field(4, crc), varint(5 << 3), varint(1)])
    : Buffer.concat([field(1, bytes), field(2, crc)]);
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** The last of each field: bytes, or a number. */
function fieldsOf(message: Buffer): ReadonlyMap<number, Buffer | number> {
  const fields = new Map<number, Buffer | number>();
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = number();
    const value = number();
    if ((tag & 7) === 2) {
      fields.set(tag >>> 3, message.subarray(at, at + value));
      at += value;
    } else {
      fields.set(tag >>> 3, value);
    }
  }
  return fields;
}

function bytesOf(value: Buffer | number | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

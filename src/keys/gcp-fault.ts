/** Bytes that did not arrive as they were sent, by their checksum. */
export class Damaged extends Error {
  readonly code = 'EDAMAGED';
}

/** Credentials for another cloud than the one that is to be asked. */
export class OtherCloud extends Error {
  readonly code = 'EUNIVERSE';
}

/** What there is to know of an error of the SDK, over REST or gRPC. */
export interface GcpFault {
  /** The name of the status, such as `PERMISSION_DENIED`; empty where the answer was none of Google's. */
  readonly status: string;
  /** The status of the answer over HTTP; `null` where there was none. */
  readonly http: number | null;
  /** The code of a system error, such as ECONNREFUSED. */
  readonly code: string;
  /** To look for words in, never to show. */
  readonly message: string;
}

/** The statuses of gRPC by their numbers. */
const statuses: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** Reads an error of any shape. A number is a status of gRPC below 100, and of HTTP from there on. */
export function faultIn(cause: unknown): GcpFault {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const code: unknown = 'code' in error ? error.code : '';
  const http = typeof code === 'number' && code >= 100 ? code : null;
  return {
    status: typeof code === 'number' && code < 100 ? (statuses[code] ?? '') : statusIn(error.message),
    http,
    code: typeof code === 'string' && code !== '' ? code : isEnded(error) ? 'ETIMEDOUT' : '',
    message: error.message,
  };
}

/** The body of an answer over REST, which the SDK gives as its message. */
function statusIn(message: string): string {
  const named = /"status"\s*:\s*"([A-Z_]+)"/.exec(message)?.[1] ?? '';
  return statuses.includes(named) ? named : '';
}

function isEnded(error: Error): boolean {
  return [error, error.cause].some((one) => /^(Abort|Timeout)Error$/.test(nameOf(one)));
}

function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}

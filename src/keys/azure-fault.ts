/** What there is to know of an error of the SDK. */
export interface AzureFault {
  readonly name: string;
  /** The code of a system error, such as ECONNREFUSED, or that of the vault, such as `KeyNotFound`. */
  readonly code: string;
  /** The code within that of the vault, such as `ForbiddenByRbac`; empty where there is none. */
  readonly inner: string;
  /** The status of the answer; `null` where there was none. */
  readonly status: number | null;
  /** To look for words in, never to show. */
  readonly message: string;
}

/** Reads an error of any shape. */
export function faultIn(cause: unknown): AzureFault {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const status = at(error, 'statusCode');
  return {
    name: error.name,
    code: codeOf(error),
    inner: textOf(at(at(at(at(error, 'details'), 'error'), 'innerError'), 'code')),
    status: typeof status === 'number' ? status : null,
    message: error.message,
  };
}

/** The SDK says only that it could not send, and keeps the reason of the system behind that. */
function codeOf(error: Error): string {
  const own = textOf(at(error, 'code'));
  if (own !== '' && own !== 'REQUEST_SEND_ERROR') return own;
  const below = textOf(at(error.cause, 'code'));
  return below === '' ? (/\b(EPROXY_\w+|E[A-Z]{4,}|[A-Z_]*CERT[A-Z_]*)\b/.exec(error.message)?.[1] ?? own) : below;
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

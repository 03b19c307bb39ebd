/** What there is to know of an error of the SDK. */
export interface AwsFault {
  /** The name of the exception, without a namespace. */
  readonly name: string;
  /** The code of a system error, such as ECONNREFUSED. */
  readonly code: string;
  /** The status of the answer; `null` where there was none. */
  readonly status: number | null;
  /** To look for words in, never to show. */
  readonly message: string;
}

/** Reads an error of any shape. Where AWS answers with a body that the SDK cannot read, only the status tells what it is. */
export function faultIn(cause: unknown): AwsFault {
  const record: Readonly<Record<string, unknown>> = typeof cause === 'object' && cause !== null ? { ...cause } : {};
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const metadata: unknown = record['$metadata'];
  const status = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : null;
  return {
    name: error.name.replace(/^.*[#:.]/, ''),
    code: typeof record['code'] === 'string' ? record['code'] : '',
    status: typeof status === 'number' ? status : null,
    message: error.message,
  };
}

/** Who called, by the message of a refusal: `User: ARN is not authorized to perform: …`. Empty where it does not say. */
export function callerIn({ message }: AwsFault): string {
  return /\bUser: (arn:\S+)/.exec(message)?.[1] ?? '';
}

import type { AwsConnect } from '../../src/keys/aws-ask.ts';
import type { AwsAccess, EncryptionContext } from '../../src/keys/aws-connect.ts';
import { SdkError } from '../../src/keys/sdk-error.ts';
import { nameOf } from '../../src/keys/aws-identity.ts';

/** KMS as far as we use it: what it encrypts is bound to the key and the context. */
export class FakeAws {
  /** Who called what, in which context. */
  readonly calls: string[] = [];
  readonly connections: string[] = [];
  /** Gives the exception for somebody whom AWS does not let in. */
  readonly #refuse: (who: string) => string | null;

  constructor(refuse: (who: string) => string | null = () => null) {
    this.#refuse = refuse;
  }

  readonly connect: AwsConnect = (access) => {
    const who = whoIs(access);
    this.connections.push(who);
    return Promise.resolve({
      encrypt: async (keyArn, plaintext, context) => {
        this.#call('encrypt', who, context);
        return Buffer.from(JSON.stringify([keyArn, sorted(context), Buffer.from(plaintext).toString('hex')]));
      },
      decrypt: async (keyArn, ciphertext, context) => {
        this.#call('decrypt', who, context);
        const [boundArn, boundContext, hex] = JSON.parse(Buffer.from(ciphertext).toString()) as [string, unknown, string];
        if (boundArn !== keyArn || JSON.stringify(boundContext) !== JSON.stringify(sorted(context)))
          throw exception('InvalidCiphertextException');
        return Buffer.from(hex, 'hex');
      },
    });
  };

  #call(what: string, who: string, context: EncryptionContext): void {
    this.calls.push([`${what} as ${who}`, ...[...context].map(([name, value]) => `${name}=${value}`)].join(' '));
    const refusal = this.#refuse(who);
    if (refusal !== null) throw exception(refusal);
  }
}

function whoIs({ region, identity, role }: AwsAccess): string {
  return `${nameOf(identity)}${role === '' ? '' : ` in ${role}`} at ${region}`;
}

function exception(name: string): SdkError {
  return new SdkError('key', Object.assign(new Error('said by AWS'), { name, $metadata: { httpStatusCode: 400 } }));
}

function sorted(context: EncryptionContext): readonly (readonly [string, string])[] {
  return [...context].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

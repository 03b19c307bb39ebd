/** What we use of sshpk, which comes without types. */
declare module 'sshpk' {
  export interface PrivateKey {
    readonly type: string;
    /** The numbers of the key; of ed25519: `k`, the secret, and `A`, the public one. */
    readonly part: Readonly<Record<string, { readonly data: Uint8Array } | undefined>>;
    toBuffer(format: 'pkcs8'): Uint8Array;
  }
  const sshpk: {
    /** @throws an error named `KeyParseError`, whose message says so where the passphrase was wrong */
    parsePrivateKey(key: Uint8Array | string, format: 'ssh', options: { passphrase?: string }): PrivateKey;
  };
  export default sshpk;
}

/** A place that files are published to. */
export interface Destination {
  /** As messages call it, with the name: `s3://bucket/prefix/name`. */
  labelFor(name: string): string;
  /** Whether it takes the values in the clear, rather than the encrypted file. */
  readonly takesPlain: boolean;
  /**
   * Writes the encrypted file, or the JSON of its values.
   *
   * @returns `false` where that is there already
   * @throws SecError `publish-failed`, `package-missing`
   */
  put(name: string, content: Uint8Array): Promise<boolean>;
}
